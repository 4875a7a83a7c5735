from django.urls import path

from contacts.views import consent, opt_out_lists, opt_outs

app_name = "opt_outs"

urlpatterns = [
    path("", opt_outs.opt_out_page, name="list"),
    path("count/", opt_outs.count, name="count"),
    path("new/", opt_outs.new, name="new"),
    path("import/", opt_out_lists.import_list, name="import"),
    path("lists/", opt_out_lists.lists, name="lists"),
    path("lists/<int:pk>/undo/", opt_out_lists.undo, name="list_undo"),
    path("export/", opt_outs.export, name="export"),
    path("<int:pk>/", consent.number, name="number"),
    path("<int:pk>/removal/", consent.removal, name="removal"),
    path("<int:pk>/renewal/", consent.renewal, name="renewal"),
]
