from django.contrib.auth.decorators import login_not_required
from django.urls import path

from gateway.views import hooks, live, meter, quirks, settings, signing_in

app_name = "gateway"

urlpatterns = [
    # Called by SmartDialog
    path("hooks/inbound/<str:secret>/", hooks.inbound, name="inbound"),
    path("hooks/dlr/<str:secret>/", hooks.delivery, name="delivery"),
    # Signing in with SmartDialog
    path("oauth/start/", signing_in.start, name="sign_in"),
    path("oauth/callback/", signing_in.callback, name="callback"),
    # On every page
    path("live/", live.stream, name="live"),
    path("meter/", meter.meter, name="meter"),
    path("meter/pausing/", meter.pausing, name="pausing"),
    # Settings
    path("settings/usage/", settings.usage, name="usage"),
    path("settings/operations/", settings.operations, name="operations"),
    path("settings/operations/retries/", settings.retry_failed, name="retry_failed"),
    path("settings/operations/<int:pk>/retries/", settings.retry, name="retry"),
    path("settings/services/", settings.services, name="services"),
    path("settings/services/readings/", settings.read_services, name="read_services"),
    path("settings/services/<int:pk>/subscriptions/", settings.subscribing, name="subscribing"),
    path("settings/hooks/<int:pk>/revocations/", settings.revoking, name="revoking"),
    path("settings/hooks/<int:pk>/renewals/", settings.renewing, name="renewing"),
    path("settings/hooks/events/<int:pk>/settling/", settings.settling, name="settling"),
    path("settings/smartdialog/", quirks.ways, name="quirks"),
    path("settings/smartdialog/words/", quirks.words, name="report_words"),
    path("settings/smartdialog/names/", quirks.names, name="report_names"),
    path("settings/system/", settings.system, name="system"),
    path("settings/system/moves/", settings.moving, name="moving"),
    path("healthz", login_not_required(settings.healthz), name="healthz"),
]
