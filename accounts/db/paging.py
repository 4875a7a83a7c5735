"""Keyset pages: as fast at the end of a million rows as at the start."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from accounts.web.params import int_param

CursorPosition = tuple[Any, int]  # a row, by the field of the order and by its key


@dataclass(frozen=True)
class Page:
    """`next` and `previous` are the cursors of the pages beside this one, empty at the ends."""

    rows: list[Any]
    next: str
    previous: str
    is_first: bool

    @property
    def is_all(self) -> bool:
        return not (self.next or self.previous)


@dataclass(frozen=True)
class SortOrder:
    """By a field, then by key; `falling`: the greatest first. No field: by key alone."""

    field: str = ""
    falling: bool = False
    is_time: bool = False
    key: str = "pk"

    @property
    def fields(self) -> list[str]:
        return [self.field, self.key] if self.field else [self.key]

    def rows(self, rows: QuerySet, *, backwards: bool) -> QuerySet:
        sign = "-" if self.falling != backwards else ""
        return rows.order_by(*[f"{sign}{field}" for field in self.fields])

    def beyond(self, place: CursorPosition, *, backwards: bool = False) -> Q:
        """The keyset condition: what comes after that row. Its first part is implied, for the index."""
        value, key = place
        side = "lt" if self.falling != backwards else "gt"
        if not self.field:
            return Q(**{f"{self.key}__{side}": key})
        after = Q(**{f"{self.field}__{side}": value}) | Q(**{self.field: value, f"{self.key}__{side}": key})
        return Q(**{f"{self.field}__{side}e": value}) & after


NEWEST_FIRST = SortOrder(falling=True)


@dataclass(frozen=True)
class PageWindow:
    """The way through an order: from a row on, forwards or back."""

    order: SortOrder
    start: CursorPosition | None = None  # not itself on the way; None: the first row is
    backwards: bool = False

    @classmethod
    def from_query(cls, order: SortOrder, *, after: str, before: str = "") -> "PageWindow":
        """By the cursors of a URL; a broken one leads to the first page."""
        if end := decode_cursor(before, order):
            return cls(order, end, backwards=True)
        return cls(order, decode_cursor(after, order))

    @property
    def direction(self) -> str:
        return "DESC" if self.order.falling != self.backwards else "ASC"

    def rows(self, rows: QuerySet) -> QuerySet:
        some = self.order.rows(rows, backwards=self.backwards)
        return some.filter(self.order.beyond(self.start, backwards=self.backwards)) if self.start else some

    def after(self, rows: QuerySet, steps: int) -> CursorPosition | None:
        """The row that comes after so many, None: the way ends before it. One query."""
        places = self.rows(rows).values_list(self.order.field or self.order.key, self.order.key)
        return next(iter(places[steps : steps + 1]), None)

    def up_to(self, rows: QuerySet, end: CursorPosition | None) -> QuerySet:
        """The rows before `end`, all where that is None."""
        some = self.rows(rows)
        return some.filter(self.order.beyond(end, backwards=not self.backwards)) if end else some

    def page(self, found: list[Any], size: int) -> Page:
        """Of the first rows on the way: one more than the page has, where there are so many."""
        more, shown = len(found) > size, found[:size]
        if self.backwards:
            shown.reverse()
        has_next, is_first = (True, not more) if self.backwards else (more, self.start is None)
        return Page(
            rows=shown,
            next=encode_cursor(shown[-1], self.order) if shown and has_next else "",
            previous=encode_cursor(shown[0], self.order) if shown and not is_first else "",
            is_first=is_first,
        )


def keyset(
    rows: QuerySet, *, size: int, before: str | None, after: str = "", order: SortOrder = NEWEST_FIRST
) -> Page:
    """One query. Of a list that falls, what comes `before` a row is its next page."""
    on, back = (before or "", after) if order.falling else (after, before or "")
    window = PageWindow.from_query(order, after=on, before=back)
    return window.page(list(window.rows(rows)[: size + 1]), size)


def encode_cursor(row: Any, order: SortOrder) -> str:
    """The row as a word in a URL: its key, and with it the value that it is ordered by."""
    key = getattr(row, order.key)
    if not order.field:
        return str(key)
    value = getattr(row, order.field)
    text = json.dumps([str(value) if isinstance(value, datetime) else value, key])
    return base64.urlsafe_b64encode(text.encode()).decode()


def decode_cursor(text: str, order: SortOrder) -> CursorPosition | None:
    if not order.field and (key := int_param(text)):
        return "", key
    try:
        cursor = json.loads(base64.urlsafe_b64decode(text[:2000]))
    except (binascii.Error, ValueError, RecursionError):
        return None
    match cursor:
        case [str() as value, int() as key] if 0 < key < 2**63 and "\0" not in value and value.isprintable():
            read = _moment(value) if order.is_time else value
            return None if read is None else (read, key)
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and 1970 <= moment.year < 3000 else None
