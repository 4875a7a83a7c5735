from django.urls import path

from contacts.views import (
    bulk,
    exports,
    group_adoption,
    groups,
    import_actions,
    imports,
    lookups,
    met,
    people,
    saved_views,
    segments,
    tables,
)

app_name = "contacts"

urlpatterns = [
    # Groups
    path("", groups.groups, name="groups"),
    path("<int:group>/", tables.table, name="group"),
    path("<int:group>/count/", tables.count, name="count"),
    path("<int:group>/standing/", tables.standing, name="standing"),
    path("<int:group>/regions/", groups.regions, name="regions"),
    path("<int:group>/columns/", saved_views.choose_columns, name="columns"),
    path("<int:group>/filters/", saved_views.save_filter, name="filters"),
    path("<int:group>/filters/<int:pk>/removal/", saved_views.forget_filter, name="filter_removal"),
    # Segments
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.new, name="segment_new"),
    path("segments/<int:pk>/", segments.segment, name="segment"),
    path("segments/<int:pk>/people/", segments.people, name="segment_people"),
    path("segments/<int:pk>/removal/", segments.removal, name="segment_removal"),
    # Contacts
    path("<int:group>/new/", people.new, name="new"),
    path("<int:group>/export/", exports.export, name="export"),
    path("people/<int:pk>/", people.contact, name="contact"),
    path("people/<int:pk>/edit/", people.edit, name="edit"),
    path("people/<int:pk>/pushes/", people.pushes, name="pushes"),
    path("people/<int:pk>/adoption/", people.adoption, name="adoption"),
    path("people/<int:pk>/decision/", people.decision, name="decision"),
    path("people/<int:pk>/opt-out/", people.opting_out, name="opting_out"),
    path("people/<int:pk>/return/", people.letting_back, name="letting_back"),
    # Numbers looked up at SmartDialog
    path("<int:group>/lookups/", lookups.lookups, name="lookups"),
    path("<int:group>/adoption/", group_adoption.group_adoption, name="group_adoption"),
    path("lookups/<int:pk>/", lookups.lookup, name="lookup"),
    path("lookups/<int:pk>/adoption/", lookups.adoption, name="lookup_adoption"),
    # Many contacts at once
    path("<int:group>/bulk/", bulk.actions, name="bulk"),
    path("bulk/<int:pk>/", bulk.action, name="bulk_action"),
    path("<int:group>/actions/", bulk.past_actions, name="past_actions"),
    path("bulk/<int:pk>/holding/", bulk.holding, name="holding"),
    path("bulk/<int:pk>/undoing/", bulk.undoing, name="undoing"),
    path("bulk/<int:pk>/pausing/", bulk.pausing, name="pausing_bulk"),
    path("bulk/<int:pk>/cancellation/", bulk.cancellation, name="bulk_cancellation"),
    # Imports
    path("<int:group>/import/", imports.upload, name="import"),
    path("<int:group>/imports/", imports.imports, name="imports"),
    path("imports/<int:pk>/", imports.page, name="import_page"),
    path("imports/<int:pk>/reading/", imports.reading, name="import_reading"),
    path("imports/<int:pk>/check/", imports.check, name="import_check"),
    path("imports/<int:pk>/mending/", import_actions.mend, name="import_mending"),
    path("imports/<int:pk>/unclear/", import_actions.decide_unclear, name="import_unclear"),
    path("imports/<int:pk>/saving/", import_actions.saving, name="import_saving"),
    path("imports/<int:pk>/pausing/", import_actions.pausing, name="import_pausing"),
    path("imports/<int:pk>/cancellation/", import_actions.cancellation, name="import_cancellation"),
    path("imports/<int:pk>/met/", met.met, name="import_met"),
    path("imports/<int:pk>/undo/", import_actions.undo, name="import_undo"),
    path("imports/<int:pk>/rejects.csv", import_actions.rejects, name="import_rejects"),
]
