from django.urls import path

from messaging.overview import views
from messaging.overview.search.views import search

urlpatterns = [path("", views.overview, name="overview"), path("search/", search, name="search")]
