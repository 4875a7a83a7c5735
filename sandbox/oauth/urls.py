from django.urls import path

from sandbox.oauth import views
from sandbox.oauth.authorize import authorize

urlpatterns = [
    path("oauth2/v2.0/authorize", authorize, name="authorize"),
    path("oauth2/v2.0/token", views.token, name="token"),
    path("discovery/v2.0/keys", views.keys, name="keys"),
    path("v2.0/.well-known/openid-configuration", views.configuration, name="openid-configuration"),
]
