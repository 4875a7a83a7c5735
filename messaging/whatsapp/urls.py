from django.urls import path

from messaging.whatsapp.views import acts, editing, lists

app_name = "whatsapp"

urlpatterns = [
    path("", lists.listing, name="list"),
    path("lookups/", acts.lookups, name="lookups"),
    # Writing
    path("new/", editing.new, name="new"),
    path("<int:pk>/draft/", editing.edit, name="edit"),
    path("<int:pk>/deletion/", acts.deletion, name="deletion"),
    # Where it stands, and decisions
    path("<int:pk>/", lists.template, name="template"),
    path("<int:pk>/lookups/", acts.lookup, name="lookup"),
    path("<int:pk>/submissions/", acts.submissions, name="submissions"),
    path("<int:pk>/withdrawal/", acts.withdrawal, name="withdrawal"),
    path("<int:pk>/confirmation/", acts.confirmation, name="confirmation"),
    path("<int:pk>/rejection/", acts.rejection, name="rejection"),
]
