"""The first rows of a list on a way through it, and how many there are, when words are asked for.

A database misestimates the selectivity of a word: it walks through a million in the order of the list to find
three, or gathers half a million to show a hundred. So we scan a little way along first, where what many have
is met soon; what is rare is looked up by the GIN index of words.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.db.paging import PageWindow
from contacts.listing.table_query import TableQuery
from contacts.models import Contact
from contacts.models.contact import is_stopped
from gateway.models import Service

SCAN_FIRST = 5000  # rows of the group that are walked by at first


def first_rows(
    most: int, listing: TableQuery, group: Service, way: PageWindow, *, only: Sequence[str] = ()
) -> list[Any]:
    """At most so many of whom the listing shows, as they come on the way. One to four queries.

    `only`: rows with just these fields, and those of the order; a hundred contacts cost three times that.
    """
    if not listing.uses_word_index:
        return _read(way.rows(listing.contacts(group))[:most], way, group, only)
    end = way.after(Contact.objects.present().filter(group=group), SCAN_FIRST)
    near = _read(way.up_to(listing.contacts(group, scan=True), end)[:most], way, group, only)
    if end is None or len(near) == most:
        return near
    return _read(way.rows(Contact.objects.filter(pk__in=_keys(most, listing, group, way))), way, group, only)


def count_matches(listing: TableQuery, group: Service, most: int) -> int:
    """How many the listing shows, up to `most`; by the index of words. One query."""
    found, params = _found(listing.contacts(group).order_by().values("pk"))
    count = "SELECT count(*) FROM (SELECT 1 FROM found LIMIT %s) AS counted"
    return int(_column(f"{found} {count}", [*params, most])[0])


def some_of(most: int, contacts: QuerySet) -> list[int]:
    """The keys of so many at most, whichever the index of words comes to first. One query."""
    try:
        found, params = _found(contacts.order_by().values("pk"))
    except EmptyResultSet:  # such as of a customer without groups
        return []
    return _column(f"{found} SELECT pk FROM found LIMIT %s", [*params, most])  # noqa: S608  our own names


def _keys(most: int, listing: TableQuery, group: Service, way: PageWindow) -> list[int]:
    found, params = _found(way.rows(listing.contacts(group)).order_by().values(*way.order.fields))
    order = ", ".join(f"{field} {way.direction}" for field in way.order.fields)
    return _column(f"{found} SELECT pk FROM found ORDER BY {order} LIMIT %s", [*params, most])  # noqa: S608  our own names


def _read(rows: QuerySet, way: PageWindow, group: Service, only: Sequence[str]) -> list[Any]:
    if not only:
        return list(rows)
    rows = rows.annotate(is_stopped=is_stopped(group.customer_id)) if "is_stopped" in only else rows
    return list(rows.values_list(*dict.fromkeys([*only, *way.order.fields]), named=True))


def _found(rows: Any) -> tuple[str, tuple[Any, ...]]:
    """A materialized CTE, as an optimisation fence: PostgreSQL does not plan for the first of them only."""
    sql, params = rows.query.sql_with_params()
    kind = "MATERIALIZED" if connection.vendor == "postgresql" else ""
    return f"WITH found AS {kind} ({sql})", params


def _column(sql: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [value for (value,) in cursor.fetchall()]
