"""The inbox: threads, one conversation, the person. Each part is also a fragment for live updates."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.htmx import page_or_fragment, wants_fragment
from accounts.http import Request
from accounts.models import Customer
from accounts.params import date_param, int_param
from contacts.models import OptOutRequest
from contacts.views.consent import consent_context
from gateway.connections import NotConnected, for_user
from gateway.models import Service
from messaging.inbox import conversations, drafts, inbound_setup, routes, snippets, thread_list
from messaging.inbox.addresses import can_be_answered
from messaging.inbox.forms import ReplyForm
from messaging.inbox.models import Message, Thread
from messaging.inbox.person import Correspondent
from messaging.inbox.routes import CannotReply
from messaging.inbox.sending_forms import sendable_templates
from messaging.inbox.snippets import Filled
from messaging.inbox.thread_list import FILTERS, ThreadQuery

PAGE, LIST = "inbox/inbox.html", "inbox/_threads.html"
LATEST, EARLIER, LATER = "inbox/_messages.html", "inbox/_load_earlier.html", "inbox/_load_later.html"


@require_GET
def threads(request: Request) -> HttpResponse:
    """The list beside an empty conversation; for htmx the list alone."""
    return page_or_fragment(request, PAGE, LIST, thread_list_context(request, request.customer))


@require_GET
def thread(request: Request, pk: int) -> HttpResponse:
    """The conversation beside its list; for htmx its latest messages, or those before or after some."""
    found = get_thread_or_404(request, pk)
    context = conversation_context(request, found)
    if not wants_fragment(request):
        context = (
            thread_list_context(request, found.customer, current=pk)
            | context
            | sidebar_context(request, found)
        )
    fragment = LATER if "after" in request.GET else LATEST if context["conversation"].is_latest else EARLIER
    return page_or_fragment(request, PAGE, fragment, context)


def get_thread_or_404(request: Request, pk: int) -> Thread:
    return get_object_or_404(
        Thread.objects.visible_to(request.user).select_related("customer", "service"), pk=pk
    )


def get_message_or_404(request: Request, pk: int) -> Message:
    ours = Message.objects.visible_to(request.user).select_related("thread__customer", "operation")
    return get_object_or_404(ours, pk=pk)


def conversation_context(request: Request, thread: Thread) -> dict[str, Any]:
    """What the messages need; six queries."""
    listing = ThreadQuery.from_query(request.GET)
    stretch = {name: request.GET.get(name, "") for name in ("before", "since", "after")}
    conversation = conversations.load(thread, **stretch, day=date_param(request.GET.get("day")))
    new_from = int_param(request.GET.get("new")) or conversations.first_unread(thread)
    return {
        "thread": thread,
        "conversation": conversation,
        "listing": listing,
        "query": listing.query(),
        "earlier_query": listing.query(before=conversation.first),
        "later_query": listing.query(after=conversation.last),
        "since_query": listing.query(since=conversation.since, new=str(new_from or "")),
        "new_from": new_from,
    }


def sidebar_context(
    request: Request, thread: Thread, *, form: ReplyForm | None = None, **consent_forms: Any
) -> dict[str, Any]:
    """The person, what they said of messages, the reply box, and which pane a phone shows."""
    correspondent = Correspondent.of(thread)
    return consent_context(thread.customer, thread.address, **consent_forms) | {
        "composer": composer_context(request, thread, form, correspondent),
        "correspondent": correspondent,
        "groups": _groups_to_join(request, thread, correspondent),
        "can_opt_out": request.user.can_write and can_be_answered(thread.address),
        "person_query": ThreadQuery.from_query(request.GET).query(pane="person"),
        "pane": "person" if consent_forms or request.GET.get("pane") == "person" else "conversation",
    }


def _groups_to_join(request: Request, thread: Thread, person: Correspondent) -> list[Service]:
    """Those that they are not in yet, for who may add them. One query."""
    if not (request.user.can_write and can_be_answered(thread.address)):
        return []
    groups = Service.objects.of_customer(thread.customer).groups().offered()
    return list(groups.exclude(pk__in=[contact.group_id for contact in person.contacts]))


def thread_list_context(request: Request, customer: Customer | None, *, current: int = 0) -> dict[str, Any]:
    listing = ThreadQuery.from_query(request.GET)
    before = request.GET.get("before", "")
    context = {
        "listing": listing,
        "query": listing.query(),
        "before": before,
        "list_query": listing.query(before=before, current=str(current or "")),
        "current": current or int_param(request.GET.get("current")),
        "filters": [
            (label, listing.query(show=show), show == listing.show) for show, label in FILTERS.items()
        ],
    }
    if customer is None:
        return context
    page = thread_list.thread_page(listing, customer, before=before)
    context |= {"page": page, "next": page.next and listing.query(before=page.next)}
    return context | ({} if wants_fragment(request) else _standing_context(customer))


def _standing_context(customer: Customer) -> dict[str, Any]:
    """What stands above the list: whether messages arrive, and what waits for a decision."""
    return {
        "inbound_status": inbound_setup.inbound_status(customer),
        "undecided": OptOutRequest.objects.of_customer(customer).as_said().undecided().count(),
    }


def composer_context(
    request: Request, thread: Thread, form: ReplyForm | None, correspondent: Correspondent
) -> dict[str, Any]:
    """The reply box, or why there is none."""
    if not request.user.can_write:
        return {"why_not": "Your role is viewer. Ask an admin to make you a marketer to answer people."}
    try:
        route = routes.reply_route(thread)
        connection = for_user(request.user)
    except (CannotReply, NotConnected) as error:
        is_connected = not isinstance(error, NotConnected)
        return {
            "why_not": error.text,
            "connect": not is_connected,
            "draft": drafts.kept(thread, of=request.user),
            "can_send_template": is_connected and _has_templates(thread),
        }
    filled = snippets.offered(thread.customer, correspondent.contacts, to=request.user)
    return {
        "form": form or ReplyForm(initial={"content": _begun(request, thread, filled)}),
        "snippets": filled,
        "route": route,
        "connection": connection,
        "can_send_template": _has_templates(thread),
    }


def _begun(request: Request, thread: Thread, filled: list[Filled]) -> str:
    """The draft, and after it the snippet that was chosen without a script."""
    chosen = int_param(request.GET.get("snippet"))
    words = [each.text for each in filled if each.snippet.pk == chosen]
    return " ".join(filter(None, [drafts.kept(thread, of=request.user), *words]))


def _has_templates(thread: Thread) -> bool:
    return can_be_answered(thread.address) and sendable_templates(thread.customer).exists()
