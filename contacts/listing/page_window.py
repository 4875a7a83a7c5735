"""The orders of the table, and the way through one: from a row on, forwards or back."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from contacts.models.contact import ContactQuerySet

CursorPosition = tuple[Any, int]  # a row, by the field of the order and by its key


@dataclass(frozen=True)
class SortOrder:
    """By a field, then by key; `falling`: the greatest first. No field: by key alone."""

    field: str = ""
    falling: bool = False

    @property
    def fields(self) -> list[str]:
        return [self.field, "pk"] if self.field else ["pk"]

    def rows(self, contacts: ContactQuerySet, *, backwards: bool) -> ContactQuerySet:
        sign = "-" if self.falling != backwards else ""
        return contacts.order_by(*[f"{sign}{field}" for field in self.fields])

    def beyond(self, place: CursorPosition, *, backwards: bool) -> Q:
        """The keyset condition: what comes after that row. Its first part is implied, for the index."""
        value, pk = place
        side = "lt" if self.falling != backwards else "gt"
        if not self.field:
            return Q(**{f"pk__{side}": pk})
        after = Q(**{f"{self.field}__{side}": value}) | Q(**{self.field: value, f"pk__{side}": pk})
        return Q(**{f"{self.field}__{side}e": value}) & after


SORT_ORDERS = {
    "newest": SortOrder(falling=True),
    "changed": SortOrder("updated_at", falling=True),
    "name": SortOrder("name_key"),
    "phone": SortOrder("phone"),
}


@dataclass(frozen=True)
class PageWindow:
    order: SortOrder
    start: CursorPosition | None = None  # not itself on the way; None: the first row is
    backwards: bool = False

    @classmethod
    def from_query(cls, sort: str, query: Mapping[str, str]) -> "PageWindow":
        """As the URL says; a broken cursor leads to the first page."""
        order, backwards = SORT_ORDERS[sort], "before" in query
        start = _decoded(query.get("before" if backwards else "after", ""), order)
        return cls(order, start, backwards)

    @property
    def direction(self) -> str:
        return "DESC" if self.order.falling != self.backwards else "ASC"

    def rows(self, contacts: ContactQuerySet) -> ContactQuerySet:
        rows = self.order.rows(contacts, backwards=self.backwards)
        return rows.filter(self.order.beyond(self.start, backwards=self.backwards)) if self.start else rows

    def after(self, contacts: ContactQuerySet, steps: int) -> CursorPosition | None:
        """The row that comes after so many, None: the way ends before it. One query."""
        rows = self.rows(contacts).values_list(self.order.field or "pk", "pk")
        return next(iter(rows[steps : steps + 1]), None)

    def up_to(self, contacts: ContactQuerySet, end: CursorPosition | None) -> ContactQuerySet:
        """The rows before `end`, all where that is None."""
        rows = self.rows(contacts)
        return rows.filter(self.order.beyond(end, backwards=not self.backwards)) if end else rows


def encode_cursor(contact: Any, order: SortOrder) -> str:
    """The value of `?after=` or `?before=` for the rows on that side of the contact."""
    value = getattr(contact, order.field) if order.field else ""
    text = json.dumps([str(value) if isinstance(value, datetime) else value, contact.pk])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decoded(text: str, order: SortOrder) -> CursorPosition | None:
    try:
        cursor = json.loads(base64.urlsafe_b64decode(text[:2000]))
    except (binascii.Error, ValueError, RecursionError):
        return None
    match cursor:
        case [str() as value, int() as pk] if 0 < pk < 2**63 and "\0" not in value and value.isprintable():
            read = _moment(value) if order.field == "updated_at" else value
            return None if read is None else (read, pk)
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo and 2000 <= moment.year < 3000 else None
