from django.urls import path

from messaging.campaigns.views import result_settings

app_name = "result_settings"

urlpatterns = [path("", result_settings.results, name="results")]
