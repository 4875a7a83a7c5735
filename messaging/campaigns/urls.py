from django.urls import path

from messaging.campaigns.views import (
    approval,
    autosave,
    comparison,
    compose,
    counts,
    left_out,
    people,
    people_lists,
    repeats,
    resending,
    rest,
    results,
    retrying,
    snippets,
)

app_name = "campaigns"

urlpatterns = [
    path("", results.listing, name="list"),
    path("month/", results.calendar, name="month"),
    path("comparison/", comparison.compare, name="comparison"),
    path("comparison/report/", comparison.report, name="report"),
    # Writing
    path("new/", compose.new, name="new"),
    path("autosave/", autosave.autosave, name="autosave"),
    path("<int:pk>/draft/", compose.edit, name="edit"),
    path("<int:pk>/count/", counts.count, name="count"),
    path("<int:pk>/list/", people_lists.page, name="people_list"),
    path("<int:pk>/list/reading/", people_lists.reading, name="people_list_reading"),
    path("<int:pk>/list/columns/", people_lists.columns, name="people_list_columns"),
    path("<int:pk>/list/unclear/", people_lists.decide, name="people_list_unclear"),
    path("<int:pk>/list/rejects/", people_lists.export, name="people_list_rejects"),
    path("<int:pk>/list/removal/", people_lists.remove, name="people_list_removal"),
    path("<int:pk>/left-out/", left_out.people, name="left_out"),
    path("<int:pk>/left-out/export/", left_out.export, name="left_out_export"),
    path("snippets/", snippets.listing, name="snippets"),
    path("snippets/<int:pk>/removal/", snippets.removal, name="snippet_removal"),
    # Its result, and decisions
    path("<int:pk>/", results.campaign, name="campaign"),
    path("<int:pk>/repeats/", repeats.repeats, name="repeats"),
    path("<int:pk>/people/", people.export, name="export"),
    path("<int:pk>/approval/", approval.approval_page, name="approval"),
    path("<int:pk>/cancellation/", results.cancellation, name="cancellation"),
    path("<int:pk>/second-thoughts/", results.second_thoughts, name="second_thoughts"),
    path("<int:pk>/pause/", results.pause, name="pausing"),
    path("<int:pk>/resumption/", results.resumption, name="resumption"),
    path("<int:pk>/rest/", rest.rest, name="rest"),
    path("<int:pk>/rest/omission/", rest.omission, name="rest_omission"),
    path("<int:pk>/release/", results.release, name="release"),
    path("<int:pk>/resending/", resending.resending_page, name="resending"),
    path("<int:pk>/retries/", retrying.retries, name="retries"),
]
