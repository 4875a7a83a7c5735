from django.urls import include, path
from django.views.generic import RedirectView
from django.views.static import serve

from sandbox.oauth.clients import POLICY
from sandbox.settings import PACKAGE

urlpatterns = [
    path("api-integrations/v1/", include("sandbox.api.urls")),
    path(f"arenafi.onmicrosoft.com/{POLICY}/", include("sandbox.oauth.urls")),
    path("", include("sandbox.control.urls")),
    path("_static/<path:path>", serve, {"document_root": PACKAGE / "static" / "sandbox"}),
    path("", RedirectView.as_view(url="/_control/")),
]
