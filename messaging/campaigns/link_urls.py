from django.urls import path

from messaging.campaigns.views import links

app_name = "links"

urlpatterns = [path("<str:token>", links.follow, name="link")]
