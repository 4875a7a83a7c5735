"""What the left pane shows: the list of threads, or what a search found, and what stands above it."""

from dataclasses import replace
from typing import Any

from accounts.web.htmx import wants_fragment
from accounts.web.http import Request
from accounts.web.params import int_param
from gateway.live_updates import live
from messaging.inbox.incoming import inbound_setup
from messaging.inbox.replies import first_messages
from messaging.inbox.search.operators import FilterChoices, left_over, read
from messaging.inbox.search.results import SearchResults, search
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads import filters, thread_list
from messaging.inbox.threads.places import InboxPlace
from messaging.inbox.threads.thread_list import ThreadQuery
from messaging.inbox.threads.thread_rows import render_hits, render_notes, render_rows


def thread_list_context(
    request: Request, desk: Desk | None, *, current: int = 0, since: int | None = None
) -> dict[str, Any]:
    """`desk`: of the customer, if there is one. `since`: how far changes had come before anything else of the
    page was read.
    """
    listing, choices = _asked_for(request, desk)
    place, opened = _place_in(request, listing), current or int_param(request.GET.get("current"))
    context: dict[str, Any] = {
        "listing": listing,
        "typed": listing.text,
        "query": place.query(),
        "first_page": listing.query(),
        "later_page": place.page,
        "list_query": place.query(current=str(current or "")),
        "live_since": live.position() if since is None else since,
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
    return context | ({} if choices is None else _standing_context(request, desk, listing, choices))


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
        "notes": render_notes(results.notes, query=query),
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


def _asked_for(request: Request, desk: Desk | None) -> tuple[ThreadQuery, FilterChoices | None]:
    """The list, and what it can be narrowed to where that is shown or was typed."""
    listing = ThreadQuery.from_query(request.GET)
    if desk is None or (wants_fragment(request) and not left_over(listing.text)):
        return listing, None
    choices = FilterChoices.of(desk)
    return read(listing, choices), None if wants_fragment(request) else choices


def _standing_context(
    request: Request, desk: Desk, listing: ThreadQuery, choices: FilterChoices
) -> dict[str, Any]:
    """What stands above the list: filters, whether messages arrive, and what waits for a decision."""
    offered = [service for service in desk.two_way if service.is_offered]
    return filters.filter_context(listing, desk.customer, request.user, choices) | {
        "inbound_status": inbound_setup.inbound_status(desk.customer, offered),
    }
