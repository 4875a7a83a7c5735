"""Contacts as rows of a spreadsheet that our importer reads back without change."""

from collections.abc import Iterator
from typing import Any

from django.db import connection

from contacts.fields import ACTIVE, EXPORTED, label
from contacts.models.contact import ContactQuerySet, is_stopped

CHUNK = 2000
JSON_EACH = {"postgresql": "jsonb_each_text", "sqlite": "json_each"}


def contact_rows(contacts: ContactQuerySet) -> Iterator[list[str]]:
    """A header, then people by number, read a chunk at a time: a slow reader holds nothing open.

    Properties come last, since the first column of a name is taken for the field. Of whom nobody has said
    whether they get messages, the file says nothing, either. `contacts`: of one group.
    """
    names = property_names(contacts)
    yield [*map(label, [*EXPORTED, ACTIVE]), *names]
    for *fields, properties, active, undecided, stopped in _by_number(contacts):
        gets = "No" if stopped else "" if undecided else "Yes" if active else "No"
        values = [*fields, gets, *(properties.get(name) for name in names)]
        yield ["" if value is None else str(value) for value in values]


def property_names(contacts: ContactQuerySet) -> list[str]:
    """Of all that have a value in some of these, in the order of the alphabet. One query."""
    held, params = contacts.order_by().values("properties").query.sql_with_params()
    pairs = f"{JSON_EACH[connection.vendor]}(held.properties)"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT key FROM ({held}) AS held, {pairs} WHERE value <> ''", params)  # noqa: S608  our own names
        return sorted(name for (name,) in cursor)


def _by_number(contacts: ContactQuerySet) -> Iterator[tuple[Any, ...]]:
    last, full = "", True
    while full:
        people = contacts.filter(phone__gt=last).order_by("phone").annotate(stopped=is_stopped())
        chunk = list(people.values_list(*EXPORTED, "properties", "active", "undecided", "stopped")[:CHUNK])
        yield from chunk
        full = len(chunk) == CHUNK
        last = chunk[-1][0] if chunk else last
