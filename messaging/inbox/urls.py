from django.urls import path

from messaging.inbox.views import acts, threads

app_name = "inbox"

urlpatterns = [
    path("", threads.threads, name="threads"),
    path("subscriptions/", acts.subscriptions, name="subscriptions"),
    path("<int:pk>/", threads.thread, name="thread"),
    path("<int:pk>/replies/", acts.replies, name="replies"),
    path("<int:pk>/read-marker/", acts.read_marker, name="read_marker"),
    path("<int:pk>/state/", acts.state, name="state"),
    path("messages/<int:pk>/tries/", acts.tries, name="tries"),
]
