"""What the rows of the inbox cost without us: bare Django pages of the same threads and messages.

Either to anybody who asks, of each kind apart; or to somebody who is signed in, in one page, on a site as
`django-admin startproject` sets it up: its middleware, its sessions, its context processors, and around the
rows who one is, a form to sign out, and messages.
"""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine, RequestContext
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


ABOUT = """
<form method="post" action="{% url "accounts:sign_out" %}">
{% csrf_token %}{{ user }} <button>Sign out</button></form>
{% for message in messages %}<p>{{ message }}</p>{% endfor %}
"""
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
SESSIONS, BACKEND = "django.contrib.sessions.backends.db", "django.contrib.auth.backends.ModelBackend"
PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]


HEAD = "<!doctype html><title>Inbox</title>"


def _listed(row: str, rows: str) -> str:
    return f"<ul>{{% for row in {rows} %}}{row}{{% endfor %}}</ul>"


THREADS, MESSAGES = (Engine().from_string(HEAD + _listed(row, "rows")) for row in (THREAD, MESSAGE))
SIGNED_IN = Engine(context_processors=PROCESSORS).from_string(
    HEAD + ABOUT + _listed(THREAD, "threads") + _listed(MESSAGE, "said")
)


def bare_threads(request: HttpRequest) -> HttpResponse:
    return HttpResponse(THREADS.render(Context({"rows": _threads(request)})))


def bare_messages(request: HttpRequest) -> HttpResponse:
    return HttpResponse(MESSAGES.render(Context({"rows": _messages(request)})))


@login_required
def bare_signed_in(request: HttpRequest) -> HttpResponse:
    kinds = {"threads": ("threads", _threads), "messages": ("said", _messages)}
    rows = {name: read(request, kind) for kind, (name, read) in kinds.items() if kind in request.GET}
    return HttpResponse(SIGNED_IN.render(RequestContext(request, rows)))


def _threads(request: HttpRequest, keys: str = "keys") -> QuerySet[Thread]:
    rows = Thread.objects.filter(pk__in=_keys(request, keys)).order_by("-last_message_at")
    return rows.select_related("assignee").prefetch_related("labels")


def _messages(request: HttpRequest, keys: str = "keys") -> QuerySet[Message]:
    rows = Message.objects.filter(pk__in=_keys(request, keys)).select_related("thread", "created_by")
    return rows.order_by("-pk")


def _keys(request: HttpRequest, name: str) -> list[int]:
    return [int(key) for key in request.GET[name].split(",") if key]


urlpatterns = [
    path("bare/threads/", bare_threads),
    path("bare/messages/", bare_messages),
    path("bare/", bare_signed_in),
    path("", include("smartdialog_admin.urls")),
]
