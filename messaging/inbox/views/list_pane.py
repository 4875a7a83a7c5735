"""What the left pane shows: the list of threads, or what a search found, and what stands above it."""

from dataclasses import replace
from typing import Any

from accounts.htmx import wants_fragment
from accounts.http import Request
from accounts.models import Customer
from accounts.params import int_param
from gateway import live
from messaging.inbox import filters, first_messages, inbound_setup, teamwork, thread_list
from messaging.inbox.places import InboxPlace
from messaging.inbox.search.operators import FilterChoices, left_over, read
from messaging.inbox.search.results import SearchResults, search
from messaging.inbox.thread_list import ThreadQuery
from messaging.inbox.thread_rows import render_hits, render_notes, render_rows


def thread_list_context(
    request: Request, customer: Customer | None, *, current: int = 0, since: int | None = None
) -> dict[str, Any]:
    """`since`: how far changes had come before anything else of the page was read."""
    listing, choices = _asked_for(request, customer)
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
    if customer is None:
        return context
    if listing.text:
        whole, before = request.GET.get("whole", ""), int_param(place.page)
        results = search(customer, listing.text, within=listing, before=before, whole=whole)
        context |= _found_context(request, customer, results, place, opened)
    else:
        page = thread_list.thread_page(listing, customer, request.user, before=place.page)
        rows = render_rows(page.rows, query=place.query(), current=opened)
        context |= {"page": page, "rows": rows, "next": page.next and place.query(page=page.next)}
    return context | ({} if choices is None else _standing_context(request, customer, listing, choices))


def _place_in(request: Request, listing: ThreadQuery) -> InboxPlace:
    """`listing`: what was typed in the search, read."""
    return replace(InboxPlace.from_query(request.GET), listing=listing)


def _found_context(
    request: Request, customer: Customer, results: SearchResults, place: InboxPlace, current: int
) -> dict[str, Any]:
    """With whom one can write to first, where the words name nobody who has a thread."""
    query = place.query()
    found = {
        "people": render_rows(results.people, query=query, current=current),
        "notes": render_notes(results.notes, query=query),
        "hits": render_hits(results.hits, query=query),
    }
    may_write = request.user.can_write and not (place.page or results.people)
    return {
        "results": results,
        "found": found,
        "strangers": first_messages.strangers(customer, place.listing.text) if may_write else [],
        "all_people": results.more_people and place.listing.query(whole="people"),
        "all_notes": results.more_notes and place.listing.query(whole="notes"),
        "next": results.next and place.query(page=str(results.next)),
    }


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
        "team": teamwork.whole_team(customer),
        "inbound_status": inbound_setup.inbound_status(customer, choices.offered),
    }
