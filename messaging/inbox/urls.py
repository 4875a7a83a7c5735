from django.urls import path

from messaging.inbox.views import (
    actions,
    attachments,
    opt_out_requests,
    reply_settings,
    threads,
    writing,
)

app_name = "inbox"

urlpatterns = [
    path("", threads.threads, name="threads"),
    path("subscriptions/", actions.subscriptions, name="subscriptions"),
    path("opt-out-requests/", opt_out_requests.requests, name="opt_out_requests"),
    path("opt-out-requests/<int:pk>/decision/", opt_out_requests.decision, name="opt_out_decision"),
    path("new/", writing.first_message, name="first_message"),
    path("settings/", reply_settings.replies, name="reply_settings"),
    path("<int:pk>/", threads.thread, name="thread"),
    path("<int:pk>/template/", writing.template_reply, name="template_reply"),
    path("<int:pk>/replies/", actions.replies, name="replies"),
    path("<int:pk>/draft/", actions.draft, name="draft"),
    path("<int:pk>/read-marker/", actions.read_marker, name="read_marker"),
    path("<int:pk>/state/", actions.state, name="state"),
    path("<int:pk>/opting-out/", actions.opting_out, name="opting_out"),
    path("<int:pk>/letting-back/", actions.letting_back, name="letting_back"),
    path("messages/<int:pk>/tries/", actions.tries, name="tries"),
    path("messages/<int:pk>/attachments/<int:number>/", attachments.attachment, name="attachment"),
    path("messages/<int:pk>/takeover/", actions.takeover, name="takeover"),
    path("messages/<int:pk>/cancellation/", actions.cancellation, name="cancellation"),
    path("messages/<int:pk>/dismissal/", actions.dismissal, name="dismissal"),
]
