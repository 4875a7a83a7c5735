from django.urls import path

from messaging.campaigns.views import rules

app_name = "campaign_rules"

urlpatterns = [
    path("", rules.rules, name="rules"),
    path("senders/", rules.add_sender, name="senders"),
    path("senders/<int:pk>/removal/", rules.remove_sender, name="sender_removal"),
]
