from django.urls import path

from contacts.views import groups, imports, people, search

app_name = "contacts"

urlpatterns = [
    # Groups
    path("", groups.groups, name="groups"),
    path("search/", search.search, name="search"),
    path("<int:group>/", people.table, name="group"),
    path("<int:group>/regions/", groups.regions, name="regions"),
    # Contacts
    path("<int:group>/new/", people.new, name="new"),
    path("<int:group>/deletions/", people.deletions, name="deletions"),
    path("people/<int:pk>/", people.contact, name="contact"),
    path("people/<int:pk>/edit/", people.edit, name="edit"),
    path("people/<int:pk>/pushes/", people.pushes, name="pushes"),
    # Imports
    path("<int:group>/import/", imports.upload, name="import"),
    path("imports/<int:pk>/", imports.page, name="import_page"),
    path("imports/<int:pk>/reading/", imports.reading, name="import_reading"),
    path("imports/<int:pk>/check/", imports.check, name="import_check"),
    path("imports/<int:pk>/saving/", imports.saving, name="import_saving"),
    path("imports/<int:pk>/cancellation/", imports.cancellation, name="import_cancellation"),
    path("imports/<int:pk>/rejects.csv", imports.rejects, name="import_rejects"),
]
