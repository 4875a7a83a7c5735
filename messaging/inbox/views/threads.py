"""The inbox: threads, one conversation, the person. Each part is also a fragment for live updates."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.htmx import page_or_fragment
from accounts.models import Customer
from gateway.connections import NotConnected, for_work
from messaging.inbox import conversations, listing, replying, subscribing
from messaging.inbox.forms import ReplyForm
from messaging.inbox.listing import SHOWN, Listing
from messaging.inbox.models import Message, Thread
from messaging.inbox.replying import CannotReply

PAGE, LIST, CONVERSATION = "inbox/inbox.html", "inbox/_threads.html", "inbox/_messages.html"


@require_GET
def threads(request: HttpRequest) -> HttpResponse:
    """The list beside an empty conversation; for htmx the list alone."""
    return page_or_fragment(request, PAGE, LIST, list_of(request, request.customer))


@require_GET
def thread(request: HttpRequest, pk: int) -> HttpResponse:
    """The conversation beside its list; for htmx its messages alone."""
    return page_or_fragment(request, PAGE, CONVERSATION, opened(request, reached_thread(request, pk)))


def reached_thread(request: HttpRequest, pk: int) -> Thread:
    return get_object_or_404(
        Thread.objects.reached_by(request.user).select_related("customer", "service"), pk=pk
    )


def reached_message(request: HttpRequest, pk: int) -> Message:
    ours = Message.objects.reached_by(request.user).select_related("thread__customer", "operation")
    return get_object_or_404(ours, pk=pk)


def opened(request: HttpRequest, thread: Thread, *, form: ReplyForm | None = None) -> dict[str, Any]:
    """What the messages need; for a page also the list, the person and the composer."""
    asked = Listing.asked(request.GET)
    context = {
        "thread": thread,
        "conversation": conversations.read(thread, asked=request.GET.get("size", "")),
        "listing": asked,
        "query": asked.query(),
    }
    if request.htmx and form is None:
        return context
    context |= {"composer": composer(request, thread, form), "person_of": conversations.person_of(thread)}
    context["pane"] = "person" if request.GET.get("pane") == "person" else "conversation"
    return context if request.htmx else list_of(request, thread.customer, current=thread.pk) | context


def list_of(request: HttpRequest, customer: Customer | None, *, current: int = 0) -> dict[str, Any]:
    asked = Listing.asked(request.GET)
    before = request.GET.get("before", "")
    context = {
        "listing": asked,
        "query": asked.query(),
        "before": before,
        "current": current or _number(request.GET.get("current", "")),
        "filters": [(label, asked.query(show=show), show == asked.show) for show, label in SHOWN.items()],
    }
    if customer is None:
        return context
    page = listing.page(asked, customer, before=before)
    return (
        context
        | {"page": page, "next": page.next and asked.query(before=page.next)}
        | _reception(request, customer)
    )


def composer(request: HttpRequest, thread: Thread, form: ReplyForm | None) -> dict[str, Any]:
    """The reply box, or why there is none."""
    if not request.user.can_write:
        return {"why_not": "Your role is viewer. Ask an admin to make you a marketer to answer people."}
    try:
        service, parent = replying.way_of(thread)
        for_work(request.user)
    except (CannotReply, NotConnected) as error:
        return {"why_not": error.text, "connect": isinstance(error, NotConnected)}
    return {"form": form or ReplyForm(), "service": service, "answers": parent}


def _reception(request: HttpRequest, customer: Customer) -> dict[str, Any]:
    return {} if request.htmx else {"reception": subscribing.reception(customer)}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
