from django.urls import path

from messaging.campaigns.views import sending_hours

app_name = "sending_hours"

urlpatterns = [
    path("", sending_hours.hours_list, name="list"),
    path("edit/", sending_hours.edit, name="edit"),
    path("removal/", sending_hours.removal, name="removal"),
]
