from django.urls import path

from messaging.overview import views

urlpatterns = [path("", views.overview, name="overview")]
