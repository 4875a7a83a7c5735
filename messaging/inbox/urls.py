from django.urls import path

from messaging.inbox.views import (
    actions,
    attachments,
    discussions,
    drafts,
    notifications,
    opt_out_requests,
    reply_settings,
    response_times,
    rules,
    saved_views,
    team,
    teams,
    threads,
    writing,
)

app_name = "inbox"

urlpatterns = [
    path("", threads.threads, name="threads"),
    path("subscriptions/", actions.subscriptions, name="subscriptions"),
    path("opt-out-requests/", opt_out_requests.requests, name="opt_out_requests"),
    path("opt-out-requests/<int:pk>/decision/", opt_out_requests.decision, name="opt_out_decision"),
    # The list
    path("bulk/", team.bulk, name="bulk"),
    path("views/", saved_views.save, name="views"),
    path("views/<int:pk>/removal/", saved_views.remove, name="view_removal"),
    # How long people wait
    path("response-times/", response_times.response_times, name="response_times"),
    path("response-times/file/", response_times.response_times_file, name="response_times_file"),
    # What one is told of
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/news/", notifications.news, name="news"),
    path("notifications/address/", notifications.address_confirmation, name="address_confirmation"),
    # Rules
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", rules.new, name="new_rule"),
    path("rules/hours/", rules.office_hours, name="office_hours"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/state/", rules.state, name="rule_state"),
    path("rules/<int:pk>/place/", rules.place, name="rule_place"),
    path("rules/<int:pk>/removal/", rules.removal, name="rule_removal"),
    path("rules/runs/<int:pk>/undoing/", rules.undoing, name="rule_undoing"),
    # Teams
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.new, name="new_team"),
    path("teams/<int:pk>/", teams.team, name="team"),
    path("teams/<int:pk>/removal/", teams.removal, name="team_removal"),
    # A thread
    path("new/", writing.first_message, name="first_message"),
    path("new/draft/", drafts.first_draft, name="first_draft"),
    path("settings/", reply_settings.replies, name="reply_settings"),
    path("<int:pk>/", threads.thread, name="thread"),
    path("<int:pk>/template/", writing.template_reply, name="template_reply"),
    path("<int:pk>/template/draft/", drafts.template_draft, name="template_draft"),
    path("<int:pk>/replies/", actions.replies, name="replies"),
    path("<int:pk>/draft/", drafts.draft, name="draft"),
    path("<int:pk>/read-marker/", actions.read_marker, name="read_marker"),
    path("<int:pk>/state/", actions.state, name="state"),
    path("<int:pk>/assignment/", team.assignment, name="assignment"),
    path("<int:pk>/labels/", team.labels, name="labels"),
    path("<int:pk>/snoozing/", team.snoozing, name="snoozing"),
    path("<int:pk>/notes/", team.thread_notes, name="notes"),
    path("<int:pk>/unread-marker/", team.unread_marker, name="unread_marker"),
    path("<int:pk>/writing/", team.writing, name="writing"),
    path("<int:pk>/discussion/", discussions.discussion, name="discussion"),
    path("<int:pk>/opting-out/", actions.opting_out, name="opting_out"),
    path("<int:pk>/letting-back/", actions.letting_back, name="letting_back"),
    path("messages/<int:pk>/tries/", actions.tries, name="tries"),
    path("messages/<int:pk>/attachments/<int:number>/", attachments.attachment, name="attachment"),
    path("messages/<int:pk>/takeover/", actions.takeover, name="takeover"),
    path("messages/<int:pk>/cancellation/", actions.cancellation, name="cancellation"),
    path("messages/<int:pk>/dismissal/", actions.dismissal, name="dismissal"),
]
