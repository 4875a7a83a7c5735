"""Every address of the dashboard, by app."""

from django.urls import include, path

urlpatterns = [
    path("", include("messaging.overview.urls")),
    path("", include("accounts.urls")),
    path("", include("gateway.urls")),
    path("settings/", include("accounts.settings_urls")),
    path("contacts/", include("contacts.urls")),
    path("templates/", include("messaging.whatsapp.urls")),
    path("campaigns/", include("messaging.campaigns.urls")),
    path("inbox/", include("messaging.inbox.urls")),
]
