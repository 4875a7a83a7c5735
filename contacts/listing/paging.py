"""Keyset (cursor) pagination of the table, in any of its orders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contacts.listing.page_window import PageWindow, encode_cursor
from contacts.listing.row_search import first_rows
from contacts.listing.table_query import TableQuery
from gateway.models import Service

PAGE = 100


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are values for `?after=` and `?before=`, empty at the ends."""

    rows: list[Any]  # contacts, or rows with the fields that were asked for
    next: str
    previous: str

    @property
    def is_all(self) -> bool:
        return not (self.next or self.previous)


def page(listing: TableQuery, group: Service, query: Mapping[str, str], *, only: Sequence[str] = ()) -> Page:
    """As fast on the last page as on the first. A broken cursor is the first page.

    One query, or with words at most four. `only`: the fields that will be looked at; without any, all.
    """
    way = PageWindow.from_query(listing.sort, query)
    some = first_rows(PAGE + 1, listing, group, way, only=only)
    more, shown = len(some) > PAGE, some[:PAGE]
    if way.backwards:
        shown.reverse()
    has_next, has_previous = (bool(way.start), more) if way.backwards else (more, bool(way.start))
    return Page(
        rows=shown,
        next=encode_cursor(shown[-1], way.order) if shown and has_next else "",
        previous=encode_cursor(shown[0], way.order) if shown and has_previous else "",
    )
