"""What the rows of the inbox cost without us: bare Django pages of the same threads and messages."""

from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import include, path

from messaging.inbox.models import Message, Thread

THREAD = """
<li><input type="checkbox" name="thread" value="{{ row.pk }}">
<a href="{% url "inbox:thread" row.pk %}">{{ row.address }}</a> {{ row.last_message_at|date:"j M Y H:i" }}
<p>{% if row.last_direction == "out" %}You: {% endif %}{{ row.last_text }}</p>
{{ row.get_state_display }} {{ row.unanswered_since|date:"j M Y H:i" }} {{ row.assignee.name }}
{% for label in row.labels.all %}<b>{{ label.name }}</b>{% endfor %}</li>
"""
MESSAGE = """
<li><a href="{% url "inbox:thread" row.thread_id %}">{{ row.thread.address }}</a>
{{ row.at|date:"j M Y H:i" }} {{ row.get_direction_display }} {{ row.get_state_display }}
{{ row.created_by.name }} <p>{{ row.content }}</p></li>
"""


def _page(row: str) -> str:
    return f"<!doctype html><title>Inbox</title><ul>{{% for row in rows %}}{row}{{% endfor %}}</ul>"


THREADS, MESSAGES = (Engine().from_string(_page(row)) for row in (THREAD, MESSAGE))


def bare_threads(request: HttpRequest) -> HttpResponse:
    rows = Thread.objects.filter(pk__in=_keys(request)).order_by("-last_message_at")
    rows = rows.select_related("assignee").prefetch_related("labels")
    return HttpResponse(THREADS.render(Context({"rows": rows})))


def bare_messages(request: HttpRequest) -> HttpResponse:
    rows = Message.objects.filter(pk__in=_keys(request)).select_related("thread", "created_by")
    return HttpResponse(MESSAGES.render(Context({"rows": rows.order_by("-pk")})))


def _keys(request: HttpRequest) -> list[int]:
    return [int(key) for key in request.GET["keys"].split(",") if key]


urlpatterns = [
    path("bare/threads/", bare_threads),
    path("bare/messages/", bare_messages),
    path("", include("smartdialog_admin.urls")),
]
