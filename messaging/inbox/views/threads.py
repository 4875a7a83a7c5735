"""The inbox: threads, one conversation, the person. Each part is also a fragment for live updates."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.db.kept_queries import kept
from accounts.web.htmx import page_or_fragment, wants_fragment
from accounts.web.http import Request
from accounts.web.params import date_param, int_param
from contacts.views.consent import consent_context
from gateway.models import Service
from messaging.inbox.forms import NoteForm, ReplyForm, SnoozeForm
from messaging.inbox.incoming.addresses import can_be_answered
from messaging.inbox.models import Message, Thread
from messaging.inbox.team import notes, presence
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads import conversations, filters
from messaging.inbox.threads.conversations import Conversation, is_unread
from messaging.inbox.threads.filter_chips import render_chips
from messaging.inbox.threads.person import Correspondent
from messaging.inbox.threads.places import InboxPlace
from messaging.inbox.threads.thread_list import ThreadQuery, labels_on
from messaging.inbox.threads.user_state import Own
from messaging.inbox.views.composer import composer_context
from messaging.inbox.views.list_pane import PageStart, list_page_context, thread_list_context
from messaging.whatsapp.sending import opt_ins

PAGE, LIST, RESULTS = "inbox/inbox.html", "inbox/_threads.html", "inbox/_results.html"
OPEN, OPEN_ID = "inbox/_open.html", "open"  # conversation and person
CHIPS_ID = "filter-chips"
LOOK, LOOK_ID = "inbox/_look.html", "look"  # all parts of a conversation that may have changed
WORK, WORK_ID = "inbox/_work_response.html", "work"
LATEST, EARLIER, LATER = "inbox/_messages.html", "inbox/_load_earlier.html", "inbox/_load_later.html"


@require_GET
def threads(request: Request) -> HttpResponse:
    """The list beside an empty conversation; for htmx one of the two alone, or the numbers of the filters."""
    if wants_fragment(request) and request.htmx.target == OPEN_ID:
        return render(request, OPEN)
    if wants_fragment(request) and request.htmx.target == CHIPS_ID and request.customer:
        listing = ThreadQuery.from_query(request.GET)
        counted = filters.counted_filters(listing, request.customer, request.user)
        return HttpResponse(render_chips(counted["filters"]))
    context = list_page_context(request)
    return page_or_fragment(request, PAGE, RESULTS if context["listing"].text else LIST, context)


@require_GET
def thread(request: Request, pk: int) -> HttpResponse:
    """The conversation beside its list; for htmx its latest messages, those `?before=` some, or a part."""
    return thread_response(request, get_thread_or_404(request, pk))


def thread_response(
    request: Request, found: Thread, *, status: int = 200, note_form: NoteForm | None = None
) -> HttpResponse:
    """The part that htmx asks for by its target, or the page.

    What changes while a page is read comes after the position that it says.
    """
    desk = Desk(found.customer)
    start = None if wants_fragment(request) else PageStart.of(desk, request)
    target = request.htmx.target if wants_fragment(request) else ""
    context = conversation_context(request, found, desk)
    if target == WORK_ID:
        return render(request, WORK, context | work_context(request, context, note_form))
    if target in {OPEN_ID, LOOK_ID} or not wants_fragment(request):
        context |= sidebar_context(request, context) | work_context(request, context, note_form)
    if target == LOOK_ID:
        return render(request, LOOK, context | {"shown_stamp": request.GET.get("stamp")})
    if target == OPEN_ID:
        return render(request, OPEN, context)
    if start:
        context |= thread_list_context(request, desk, start, current=found.pk)
    fragment = LATER if "after" in request.GET else LATEST if context["conversation"].is_latest else EARLIER
    return page_or_fragment(request, PAGE, fragment, context, status=status)


def work_context(request: Request, shown: dict[str, Any], form: NoteForm | None = None) -> dict[str, Any]:
    """What the team does with the first thread: whose it is, its labels. Of all with the person: notes, who
    is writing. Three queries, and those of the desk; two more where a note is looked for.

    `shown`: what `conversation_context` gave.
    """
    threads, desk = shown["conversation"].threads, shown["desk"]
    place, before = InboxPlace.from_query(request.GET), request.GET.get("notes", "")
    before = before or notes.around(threads, int_param(request.GET.get("note")))
    page = notes.about(threads, before=before)
    labels = labels_on(threads[0].pk, desk)
    return {
        "labels": labels,
        "other_labels": [label for label in desk.labels if label not in labels],
        "notes": page,
        "notes_before": "" if page.is_first else before,
        "earlier_notes_query": place.query(notes=page.next),
        "note_form": form or NoteForm(),
        "writing": presence.others_in(threads, request.user),
        "snooze_choices": SnoozeForm.CHOICES.items(),
    }


def get_thread_or_404(request: Request, pk: int) -> Thread:
    reached = tuple(customer.pk for customer in request.user.customers.all())
    for found in _thread_of(int_param(str(pk)), reached):
        return found
    raise Http404


@kept
def _thread_of(pk: int, customers: tuple[int, ...]) -> QuerySet[Thread]:
    found = Thread.objects.filter(pk=pk, customer__pk__in=customers).order_by()
    return found.select_related("customer", "service", "assignee", "team")


def get_message_or_404(request: Request, pk: int) -> Message:
    ours = Message.objects.visible_to(request.user).select_related("thread__customer", "operation")
    return get_object_or_404(ours, pk=pk)


def conversation_context(request: Request, thread: Thread, desk: Desk | None = None) -> dict[str, Any]:
    """What the messages need, and the desk; seven queries."""
    stretch = {name: request.GET.get(name, "") for name in ("before", "since", "after")}
    stretch["before"] = stretch["before"] or conversations.around(thread, int_param(request.GET.get("hit")))
    conversation = conversations.load(thread, **stretch, day=date_param(request.GET.get("day")))
    return shown_context(request, thread, conversation, desk)


def shown_context(
    request: Request, thread: Thread, conversation: Conversation, desk: Desk | None = None
) -> dict[str, Any]:
    """`is_older`: the page shows a stretch before the latest one."""
    place = InboxPlace.from_query(request.GET)
    own = Own.of(conversation.threads, request.user)
    new_from = int_param(request.GET.get("new")) or conversations.first_unread(own.reads, conversation)
    since_query = place.query(since=request.GET.get("since") or conversation.since, new=str(new_from or ""))
    is_older = "older" in request.GET or not conversation.is_latest
    return {
        "thread": thread,
        "desk": desk or Desk(thread.customer),
        "conversation": conversation,
        "listing": place.listing,
        "place": place,
        "query": place.query(),
        "earlier_query": place.query(before=conversation.first),
        "later_query": place.query(after=conversation.last),
        "since_query": since_query,
        "is_older": is_older,
        "reply_query": place.query(older="1") if is_older else since_query,
        "new_from": new_from,
        "is_unread": own.is_named or any(is_unread(each, own.reads) for each in conversation.threads),
        "own": own,
        "read_up_to": own.reads.get(thread.pk, 0),
    }


def sidebar_context(
    request: Request,
    shown: dict[str, Any],
    *,
    form: ReplyForm | None = None,
    **consent_forms: Any,
) -> dict[str, Any]:
    """The person, what they said of messages, the reply box, and which pane a phone shows.

    `shown`: what `conversation_context` gave.
    """
    thread, conversation = shown["thread"], shown["conversation"]
    correspondent = Correspondent.of(thread, conversation.for_them, services=shown["desk"].services)
    return consent_context(conversation.consent, **consent_forms) | {
        "composer": composer_context(request, shown, form, correspondent),
        "correspondent": correspondent,
        "groups": _groups_to_join(request, shown["desk"], correspondent),
        "opt_in_register": opt_ins.register_of(thread.customer, thread.address),
        "can_opt_out": request.user.can_write and can_be_answered(thread.address),
        "person_query": shown["place"].query(pane="person"),
        "pane": "person" if consent_forms or request.GET.get("pane") == "person" else "conversation",
    }


def _groups_to_join(request: Request, desk: Desk, person: Correspondent) -> list[Service]:
    """Those that they are not in yet, for who may add them."""
    if not (request.user.can_write and can_be_answered(person.thread.address)):
        return []
    joined = {contact.group_id for contact in person.contacts}
    return [group for group in desk.groups if group.pk not in joined]
