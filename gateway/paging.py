"""Keyset pages, newest first: as fast at the end of a million rows as at the start."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.params import int_param


@dataclass(frozen=True)
class Page:
    """`next` is the value for `?before=` of the page after this, or None at the end."""

    rows: list[Any]
    next: int | None
    is_first: bool


def keyset(rows: QuerySet, *, before: str | None, size: int) -> Page:
    """Rows by falling key, from below `before`; one query. A `before` that is no number is the first page."""
    below = int_param(before)
    rows = rows.order_by("-pk")
    found = list((rows.filter(pk__lt=below) if below else rows)[: size + 1])
    more = len(found) > size
    return Page(rows=found[:size], next=found[size - 1].pk if more else None, is_first=not below)
