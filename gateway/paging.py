"""Keyset pages, newest first: as fast at the end of a million rows as at the start."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Page:
    """`next` is the value for `?before=` of the page after this, or None at the end."""

    rows: list[Any]
    next: int | None
    is_first: bool


def keyset(rows: QuerySet, *, before: str | None, size: int) -> Page:
    """Rows by falling key, from below `before`; one query. A `before` that is no number is the first page."""
    from_top = not (before and before.isascii() and before.isdigit() and len(before) < 19)
    rows = rows.order_by("-pk") if from_top else rows.order_by("-pk").filter(pk__lt=int(before or 0))
    found = list(rows[: size + 1])
    more = len(found) > size
    return Page(rows=found[:size], next=found[size - 1].pk if more else None, is_first=from_top)
