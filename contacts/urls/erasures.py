from django.urls import path

from contacts.views import erasures

app_name = "erasure"

urlpatterns = [
    path("", erasures.erasures, name="people"),
    path("copies/", erasures.copies, name="copies"),
    path("<int:pk>/", erasures.erasure, name="erasure"),
    path("<int:pk>/lifting/", erasures.lifting, name="lifting"),
]
