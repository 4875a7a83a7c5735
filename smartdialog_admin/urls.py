"""Every address of the dashboard, by app."""

from django.urls import include, path

handler500 = "accounts.web.outages.server_fault"

urlpatterns = [
    path("", include("gateway.urls")),  # first, as SmartDialog calls its hooks many times a second
    path("", include("messaging.overview.urls")),
    path("", include("accounts.urls")),
    path("settings/", include("accounts.settings_urls")),
    path("settings/erasure/", include("contacts.urls.erasures")),
    path("settings/opt-out-words/", include("messaging.inbox.settings_urls")),
    path("settings/campaigns/hours/", include("messaging.campaigns.sending_hours_urls")),
    path("settings/campaigns/results/", include("messaging.campaigns.result_urls")),
    path("settings/campaigns/", include("messaging.campaigns.settings_urls")),
    path("settings/opt-outs/", include("contacts.urls.opt_outs")),
    path("contacts/", include("contacts.urls")),
    path("templates/", include("messaging.whatsapp.urls")),
    path("campaigns/", include("messaging.campaigns.urls")),
    path("l/", include("messaging.campaigns.link_urls")),
    path("inbox/", include("messaging.inbox.urls")),
]
