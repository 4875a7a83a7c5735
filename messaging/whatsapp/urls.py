from django.urls import path

from messaging.whatsapp.views import actions, editing, knowledge, languages, lists, opt_ins

app_name = "whatsapp"

urlpatterns = [
    path("", lists.listing, name="list"),
    path("lookups/", actions.lookups, name="lookups"),
    path("opt-ins/", opt_ins.opt_in, name="opt_in"),
    # Writing
    path("new/", editing.new, name="new"),
    path("<int:pk>/draft/", editing.edit, name="edit"),
    path("<int:pk>/versions/", editing.earlier, name="versions"),
    path("<int:pk>/translations/", languages.side_by_side, name="translations"),
    path("<int:pk>/deletion/", actions.deletion, name="deletion"),
    # Where it stands, and decisions
    path("<int:pk>/", lists.template, name="template"),
    path("<int:pk>/lookups/", actions.lookup, name="lookup"),
    path("<int:pk>/submissions/", actions.submissions, name="submissions"),
    path("<int:pk>/withdrawal/", actions.withdrawal, name="withdrawal"),
    path("<int:pk>/archiving/", actions.archiving, name="archiving"),
    path("<int:pk>/confirmation/", actions.confirmation, name="confirmation"),
    # What people know of it
    path("<int:pk>/approval/", knowledge.verdict, name="approval"),
    path("<int:pk>/description/", knowledge.describe, name="description"),
    path("<int:pk>/joining/", knowledge.join, name="joining"),
]
