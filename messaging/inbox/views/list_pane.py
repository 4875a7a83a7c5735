"""What the left pane shows: the list of threads, or what a search found, and what stands above it."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from accounts.db.kept_queries import KeptQuery
from accounts.web.htmx import wants_fragment
from accounts.web.http import Request
from accounts.web.params import int_param
from accounts.web.read_ahead import read_with_frame
from gateway.context_processors import METER
from gateway.live_updates import live
from gateway.models import HookSubscription
from gateway.rate_limit import call_meter
from messaging.inbox.context_processors import INBOX, frame_query
from messaging.inbox.incoming import inbound_setup
from messaging.inbox.models import SavedInboxView
from messaging.inbox.models.thread import teams_of
from messaging.inbox.replies import first_messages
from messaging.inbox.search.operators import FilterChoices, left_over, read
from messaging.inbox.search.results import SearchResults, search
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads import filters, thread_list
from messaging.inbox.threads.filter_chips import render_chips
from messaging.inbox.threads.places import InboxPlace
from messaging.inbox.threads.thread_list import ThreadQuery
from messaging.inbox.threads.thread_rows import render_hits, render_rows


@dataclass(frozen=True)
class PageStart:
    """What a whole page asks for before anything else of it is read. `since`: how far changes have come;
    `views`: the person's own; `hooks`: the customer's subscriptions.
    """

    since: int
    views: list[SavedInboxView]
    hooks: list[HookSubscription]

    @classmethod
    def of(cls, desk: Desk, request: Request) -> "PageStart":
        """With the desk. One query."""
        customer = desk.customer
        newest, views, hooks = desk.read(
            live.newest.of(),
            filters.own_views.of(request.user, customer),
            inbound_setup.subscriptions.of(customer),
        )
        return cls(live.position_in(newest), views, hooks)


def list_page_context(request: Request) -> dict[str, Any]:
    """Of the whole page, or of the list alone for htmx; empty where the person reaches no customer."""
    desk = Desk(request.customer) if request.customer else None
    start = None if desk is None or wants_fragment(request) else PageStart.of(desk, request)
    return thread_list_context(request, desk, start)


def thread_list_context(
    request: Request, desk: Desk | None, start: PageStart | None, *, current: int = 0
) -> dict[str, Any]:
    """`desk`: of the customer, if there is one. `start`: of a whole page."""
    listing = _asked_for(request, desk)
    place, opened = _place_in(request, listing), current or int_param(request.GET.get("current"))
    context: dict[str, Any] = {
        "inbox_url": reverse("inbox:threads"),
        "listing": listing,
        "typed": listing.text,
        "query": place.query(),
        "first_page": listing.query(),
        "later_page": place.page,
        "list_query": place.query(current=str(current or "")),
        "live_since": start.since if start else 0,
    }
    if desk is None:
        return context
    context["desk"] = desk
    if listing.text:
        whole, before = request.GET.get("whole", ""), int_param(place.page)
        results = search(desk, listing.text, within=listing, before=before, whole=whole)
        context |= _found_context(request, desk, results, place, opened)
    else:
        page = thread_list.thread_page(listing, desk, request.user, before=place.page)
        rows = render_rows(page.rows, query=place.query(), current=opened)
        context |= {"page": page, "rows": rows, "next": page.next and place.query(page=page.next)}
    if start is None:
        return context
    return context | _standing_context(request, desk, listing, start)


def _place_in(request: Request, listing: ThreadQuery) -> InboxPlace:
    """`listing`: what was typed in the search, read."""
    return replace(InboxPlace.from_query(request.GET), listing=listing)


def _found_context(
    request: Request, desk: Desk, results: SearchResults, place: InboxPlace, current: int
) -> dict[str, Any]:
    """With whom one can write to first, where the words name nobody who has a thread."""
    query = place.query()
    found = {
        "people": render_rows(results.people, query=query, current=current),
        "notes": render_hits(results.notes, query=query),
        "hits": render_hits(results.hits, query=query),
    }
    may_write = request.user.can_write and not (place.page or results.people)
    text, names_nobody = place.listing.text, results.names_nobody
    strangers = first_messages.strangers(desk, text, names_nobody=names_nobody) if may_write else []
    return {
        "results": results,
        "found": found,
        "strangers": strangers,
        "all_people": results.more_people and place.listing.query(whole="people"),
        "all_notes": results.more_notes and place.listing.query(whole="notes"),
        "next": results.next and place.query(page=str(results.next)),
    }


def _asked_for(request: Request, desk: Desk | None) -> ThreadQuery:
    """The list, and what is typed among the words to narrow it."""
    listing = ThreadQuery.from_query(request.GET)
    return read(listing, FilterChoices.of(desk)) if desk and left_over(listing.text) else listing


def _standing_context(request: Request, desk: Desk, listing: ThreadQuery, start: PageStart) -> dict[str, Any]:
    """What stands above the list: filters, whether messages arrive, and what waits for a decision. One query
    with those of the frame, and one where there are teams.
    """
    offered = [service for service in desk.two_way if service.is_offered]
    choices, user = FilterChoices.of(desk), request.user
    teams = teams_of(user.pk) if choices.teams else ()
    numbers = filters.counts_query(start.views, desk.customer, user, teams)
    [[counted]] = read_with_frame(request, _of_the_frame(request), numbers)
    context = filters.filter_context(listing, user, choices, start.views, counted)
    return context | {
        "chips": render_chips(context["filters"]),
        "inbound_status": inbound_setup.status_by(start.hooks, offered),
    }


def _of_the_frame(request: Request) -> dict[str, KeptQuery[Any]]:
    frame = {METER: call_meter.usage_query(request.user)}
    if request.customer:
        frame[INBOX] = frame_query(request.customer, request.user)
    return frame
