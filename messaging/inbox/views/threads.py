"""The inbox: threads, one conversation, the person. Each part is also a fragment for live updates."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.htmx import page_or_fragment, wants_fragment
from accounts.http import Request
from accounts.models import Customer
from accounts.params import date_param, int_param
from contacts.models import OptOutRequest
from contacts.views.consent import consent_context
from gateway import live
from gateway.connections import NotConnected, for_user
from gateway.models import Service
from messaging.inbox import (
    conversations,
    drafts,
    filters,
    inbound_setup,
    notes,
    presence,
    routes,
    snippets,
    teamwork,
    thread_list,
)
from messaging.inbox.addresses import can_be_answered
from messaging.inbox.forms import NoteForm, ReplyForm, SnoozeForm
from messaging.inbox.models import Label, Message, Thread
from messaging.inbox.person import Correspondent
from messaging.inbox.routes import CannotReply
from messaging.inbox.search.operators import FilterChoices, left_over, read
from messaging.inbox.search.results import search
from messaging.inbox.sending_forms import sendable_templates
from messaging.inbox.snippets import Filled
from messaging.inbox.thread_list import ThreadQuery, ThreadRow, reads_of
from messaging.whatsapp import opt_ins

PAGE, LIST, RESULTS = "inbox/inbox.html", "inbox/_threads.html", "inbox/_results.html"
OPEN, OPEN_ID = "inbox/_open.html", "open"  # conversation and person
WORK, WORK_ID = "inbox/_work.html", "work"
LATEST, EARLIER, LATER = "inbox/_messages.html", "inbox/_load_earlier.html", "inbox/_load_later.html"


@require_GET
def threads(request: Request) -> HttpResponse:
    """The list beside an empty conversation; for htmx one of the two alone."""
    if wants_fragment(request) and request.htmx.target == OPEN_ID:
        return render(request, OPEN)
    context = thread_list_context(request, request.customer)
    return page_or_fragment(request, PAGE, RESULTS if context["listing"].text else LIST, context)


@require_GET
def thread(request: Request, pk: int) -> HttpResponse:
    """The conversation beside its list; for htmx its latest messages, those `?before=` some, or a part."""
    return thread_response(request, get_thread_or_404(request, pk))


def thread_response(
    request: Request, found: Thread, *, status: int = 200, note_form: NoteForm | None = None
) -> HttpResponse:
    """The part that htmx asks for by its target, or the page."""
    context = conversation_context(request, found)
    target = request.htmx.target if wants_fragment(request) else ""
    if target == WORK_ID:
        return render(request, WORK, context | work_context(request, found, note_form))
    if target == OPEN_ID or not wants_fragment(request):
        context |= sidebar_context(request, found) | work_context(request, found, note_form)
    if target == OPEN_ID:
        return render(request, OPEN, context)
    if not wants_fragment(request):
        context |= thread_list_context(request, found.customer, current=found.pk)
    fragment = LATER if "after" in request.GET else LATEST if context["conversation"].is_latest else EARLIER
    return page_or_fragment(request, PAGE, fragment, context, status=status)


def work_context(request: Request, thread: Thread, form: NoteForm | None = None) -> dict[str, Any]:
    """What the team does with the thread: whose it is, its labels, notes, who is writing. Five queries."""
    return {
        "team": teamwork.team_of(thread.customer) if request.user.can_write else [],
        "labels": thread.labels.all(),
        "other_labels": Label.objects.of_customer(thread.customer).exclude(threads=thread),
        "notes": notes.of_thread(thread),
        "note_form": form or NoteForm(),
        "writing": [each.user for each in presence.writing_in([thread.pk]) if each.user != request.user],
        "snooze_choices": SnoozeForm.CHOICES.items(),
    }


def get_thread_or_404(request: Request, pk: int) -> Thread:
    return get_object_or_404(
        Thread.objects.visible_to(request.user).select_related("customer", "service", "assignee"), pk=pk
    )


def get_message_or_404(request: Request, pk: int) -> Message:
    ours = Message.objects.visible_to(request.user).select_related("thread__customer", "operation")
    return get_object_or_404(ours, pk=pk)


def conversation_context(request: Request, thread: Thread) -> dict[str, Any]:
    """What the messages need; seven queries."""
    listing = ThreadQuery.from_query(request.GET)
    stretch = {name: request.GET.get(name, "") for name in ("before", "since", "after")}
    stretch["before"] = stretch["before"] or conversations.around(thread, int_param(request.GET.get("hit")))
    conversation = conversations.load(thread, **stretch, day=date_param(request.GET.get("day")))
    read = reads_of(request.user, [thread]).get(thread.pk, 0)
    new_from = int_param(request.GET.get("new")) or conversations.first_unread(thread, read)
    return {
        "thread": thread,
        "conversation": conversation,
        "listing": listing,
        "query": listing.query(),
        "earlier_query": listing.query(before=conversation.first),
        "later_query": listing.query(after=conversation.last),
        "since_query": listing.query(since=conversation.since, new=str(new_from or "")),
        "new_from": new_from,
        "is_unread": ThreadRow(thread, "", read).is_unread or notes.is_news(thread, to=request.user),
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
        "opt_in_register": opt_ins.register_of(thread.customer, thread.address),
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
    listing, choices = _asked_for(request, customer)
    before = request.GET.get("before", "")
    context = {
        "listing": listing,
        "typed": listing.text,
        "query": listing.query(),
        "row_query": listing.query(before=before),
        "before": before,
        "list_query": listing.query(before=before, current=str(current or "")),
        "current": current or int_param(request.GET.get("current")),
        "live_since": live.position(),
    }
    if customer is None:
        return context
    if listing.text:
        results = search(customer, listing.text, within=listing, before=int_param(before))
        context |= {"results": results, "next": results.next and listing.query(before=str(results.next))}
    else:
        page = thread_list.thread_page(listing, customer, request.user, before=before)
        context |= {"page": page, "next": page.next and listing.query(before=page.next)}
    return context | ({} if choices is None else _standing_context(request, customer, listing, choices))


def _asked_for(request: Request, customer: Customer | None) -> tuple[ThreadQuery, FilterChoices | None]:
    """The list, and what it can be narrowed to where that is shown or was typed."""
    listing = ThreadQuery.from_query(request.GET)
    if customer is None or (wants_fragment(request) and not left_over(listing.text)):
        return listing, None
    choices = FilterChoices.of(customer)
    return read(listing, choices), None if wants_fragment(request) else choices


def _standing_context(
    request: Request, customer: Customer, listing: ThreadQuery, choices: FilterChoices
) -> dict[str, Any]:
    """What stands above the list: filters, whether messages arrive, and what waits for a decision."""
    return filters.filter_context(listing, customer, request.user, choices) | {
        "team": teamwork.team_of(customer),
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
    begun = {"content": _begun(request, thread, filled), "seen": conversations.newest_key(thread)}
    return {
        "form": form or ReplyForm(initial=begun),
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
