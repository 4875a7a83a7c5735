"""A row moves from state to state by compare-and-swap: of two that move it at once, one wins."""

from typing import Any

from django.db.models import QuerySet


def move(rows: QuerySet, *before: str, to: str, **fields: Any) -> int:
    """Those that are in one of the states `before` are in another now; how many.

    Both are named where it is called: docs/states.md draws each move, and a test compares the two.
    """
    return rows.filter(state__in=before).update(state=to, **fields)
