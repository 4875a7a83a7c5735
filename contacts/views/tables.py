"""The table of a group."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from accounts.web.params import int_param
from contacts.listing import (
    SORTS,
    STATES,
    Page,
    TableQuery,
    as_segment,
    columns,
    counting,
    page,
    saved_views,
    table_texts,
)
from contacts.listing.columns import Column
from contacts.listing.counting import Count
from contacts.listing.paging import PAGE
from contacts.models import BulkAction, Contact, SyncState
from contacts.models.bulk import BulkActionQuerySet
from contacts.models.property_values import names_in
from contacts.segments.drafts import TEXT, SegmentDraft
from contacts.text.phones import InvalidPhone, to_e164
from contacts.text.regions import spoken
from contacts.views.groups import reached_group
from gateway.models import Service

PERSON = ("created_by__name", "created_by__username")
ROWS_EVERY, COUNTS_EVERY = 2, 10  # seconds between looks at what is on its way
LATEST_IMPORTS = 50  # whose columns and people are offered as filters


@require_GET
def table(request: Request, group: int) -> HttpResponse:
    context = table_context(request, reached_group(request, group))
    return page_or_fragment(request, "contacts/group.html", "contacts/_table.html", context)


@require_GET
def count(request: Request, group: int) -> HttpResponse:
    """How many match, and are in each state, for a page that was quicker than to count them."""
    chosen, listing = reached_group(request, group), TableQuery.from_query(request.GET)
    counts = counting.exact_of_group(chosen)
    known = counts[listing.state] if listing.is_state else None
    matching = known or counting.exact_count(listing, chosen)
    counts |= {listing.state: matching} if listing.is_state else {}
    context = {"matching": matching, "total": counts[""], **_by_state(counts)}
    return render(request, "contacts/_count.html", context)


@require_GET
def standing(request: Request, group: int) -> HttpResponse:
    """How those `?of=` a page's rows that were on their way stand now, and how many are in each state."""
    chosen = reached_group(request, group)
    shown = [int_param(each) for each in request.GET.get("of", "").split(",")[:PAGE]]
    contacts = list(Contact.objects.filter(group=chosen, pk__in=shown).only(*columns.needed_fields([])))
    counts = counting.of_group(chosen)
    settled = [each for each in contacts if each.sync_state != SyncState.WAITING]
    context = {
        "group": chosen,
        "status_updates": columns.status_updates(settled),
        **_by_state(counts),
        **_on_their_way(contacts, counts),
    }
    return render(request, "contacts/_status_updates.html", context)


def table_context(request: Request, group: Service, *, current: int | None = None) -> dict[str, Any]:
    """What the page of a group shows beside its heading; `current` is the contact whose sheet is open."""
    listing, problem = _asked(request, group)
    counts = counting.of_group(group)
    preferences = saved_views.preferences_of(request.user, group.customer)
    shown = page(listing, group, request.GET, only=columns.needed_fields(preferences.columns))
    imports = group.imports.exclude(confirmed_at=None).order_by("-pk")
    latest = list(imports.values_list("mapping", "created_by", *PERSON)[:LATEST_IMPORTS])
    names = names_in(shown.rows, [mapping for mapping, *_ in latest])
    matching = _matching(listing, group, shown, counts)
    if listing.is_state and counts[listing.state] is None:
        counts[listing.state] = matching
    importers = {pk: name or username for _, pk, name, username in latest if pk}
    return {
        "group": group,
        "regions": spoken(group.regions),
        "listing": listing,
        "page": shown,
        "total": counts[""],
        "matching": matching,
        "is_quick": matching.is_more or any(count is None or count.is_more for count in counts.values()),
        "bulk_actions": _going_on(group) if counts[counting.BULK_ACTIONS] else [],
        "unknown_phone": "" if shown.rows else _whole_number(listing.text, group),
        **_on_their_way(shown.rows, counts),
        "deleting_words": table_texts.being_deleted(counts[counting.DELETING] or Count()),
        **_ways(listing, counts),
        "property_names": names,
        "importers": importers,
        "filters": _filters(listing, group, importers),
        "saved": preferences.filters,
        "segments": preferences.segments,
        "as_segment": "" if listing.is_unfiltered else as_segment.text_of(listing, group),
        "problem": problem,
        "choices": saved_views.choices(names, preferences.columns),
        **_rows(request, listing, columns.shown_columns(preferences.columns), shown, current),
    }


def _ways(listing: TableQuery, counts: dict[str, Count | None]) -> dict[str, Any]:
    """What the same table can be narrowed to, and sorted by: with words, address and whether it is."""
    return {
        "states": [
            (state, words, listing.url(state=state), counts[state], state == listing.state)
            for state, words in STATES.items()
            if _has_chip(state, listing.state)
        ],
        "sorts": [(words, listing.url(sort=sort), sort == listing.sort) for sort, words in SORTS.items()],
    }


def _asked(request: Request, group: Service) -> tuple[TableQuery, str]:
    """What the address asks for, its condition in the one spelling; or why that cannot be read."""
    listing = TableQuery.from_query(request.GET)
    if not listing.where:
        return listing, ""
    draft = SegmentDraft(group.customer, TEXT, text=listing.where)
    if draft.error:
        return listing, draft.error.text
    return replace(listing, where=draft.canonical), ""


def _by_state(counts: dict[str, Count | None], chosen: str = "") -> dict[str, Any]:
    return {"counts": [(state, counts[state]) for state in STATES if _has_chip(state, chosen)]}


def _has_chip(state: str, chosen: str) -> bool:
    return state != "inactive" or state == chosen


def _on_their_way(contacts: Iterable[Contact], counts: dict[str, Count | None]) -> dict[str, Any]:
    """Which rows to look at again, and after how many seconds; None when nothing shown will change."""
    waiting = [each.pk for each in contacts if each.sync_state == SyncState.WAITING]
    if waiting:
        return {"waiting": waiting, "looks_every": ROWS_EVERY}
    return {"waiting": [], "looks_every": COUNTS_EVERY if counts["waiting"] else None}


def _rows(
    request: Request, listing: TableQuery, chosen: list[Column], shown: Page, current: int | None
) -> dict[str, Any]:
    here = _here(request, listing)
    can_select = request.user.can_write
    return {
        "here": here,
        "by_name": listing.url(sort="name"),
        "heads": [_Head(column, listing) for column in chosen],
        "rows": columns.render_rows(shown.rows, chosen, here=here, can_select=can_select, current=current),
    }


def _going_on(group: Service) -> BulkActionQuerySet:
    return BulkAction.objects.filter(group=group).unfinished()


def list_url(request: Request, group: Service) -> str:
    """The page of the list that this address belongs to."""
    return reverse("contacts:group", args=[group.pk]) + _here(request, TableQuery.from_query(request.GET))


@dataclass(frozen=True)
class _Head:
    """A column's heading, which asks for its order where it has one."""

    column: Column
    listing: TableQuery

    @property
    def url(self) -> str:
        return self.listing.url(sort=self.column.sort) if self.column.sort else ""

    @property
    def is_sorted(self) -> bool:
        return bool(self.column.sort) and self.column.sort == self.listing.sort

    @property
    def direction(self) -> str:
        return "ascending" if self.column.sort == "phone" else "descending"


def _here(request: Request, listing: TableQuery) -> str:
    """This very page of the list, for a link that comes back to it; "" for the first of the plain list."""
    query = "&".join(
        [
            *filter(None, [listing.query()]),
            *(f"{side}={request.GET[side]}" for side in ("after", "before") if _is_cursor(request, side)),
        ]
    )
    return f"?{query}" if query else ""


def _is_cursor(request: Request, side: str) -> bool:
    text = request.GET.get(side, "").rstrip("=")
    return (
        bool(text)
        and len(text) < 2000
        and text.isascii()
        and text.replace("-", "").replace("_", "").isalnum()
    )


def _whole_number(text: str, group: Service) -> str:
    """In E.164, when the search is a phone number and all of it, and nobody in the group has it; else ""."""
    try:
        phone = to_e164(text, group.regions) if text else ""
    except InvalidPhone:
        return ""
    return "" if Contact.objects.present().filter(group=group, phone=phone).exists() else phone


def _matching(listing: TableQuery, group: Service, shown: Page, counts: dict[str, Count | None]) -> Count:
    """How many the listing has on all its pages; one query where nothing else tells.

    Those with words are counted after the page is there, which takes longer than to show it.
    """
    if shown.is_all:
        return Count(len(shown.rows))
    if listing.is_dear:
        return Count(len(shown.rows), is_more=True)
    if listing.is_state and (count := counts[listing.state]):
        return count
    return counting.capped_counts({"": listing.contacts(group)})[""]


def _filters(listing: TableQuery, group: Service, importers: dict[int, str]) -> list[tuple[str, str]]:
    """Each filter beyond the search and the state: in words, and the list without it."""
    job = group.imports.filter(pk=listing.job).first() if listing.job else None
    words = table_texts.filters(
        listing,
        importer=importers.get(listing.importer or 0, "somebody else"),
        job=job.original_name if job else "another import",
    )
    return [(each, listing.url(**without)) for each, without in words]
