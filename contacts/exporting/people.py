"""Contacts as rows of a spreadsheet that our importer reads back without change."""

from collections.abc import Iterator

from contacts.importing.columns import ACTIVE_HEADER, FIELDS, PROPERTY, label
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet

CHUNK = 2000


def rows(contacts: ContactQuerySet) -> Iterator[list[str]]:
    """A header, then people by number, read a chunk at a time: a slow reader holds nothing open.

    `contacts`: of one group.
    """
    targets = [*FIELDS, *(f"{PROPERTY}{name}" for name in property_names(contacts))]
    yield [*map(label, targets), ACTIVE_HEADER]
    for contact in _by_number(contacts):
        values = contact.values()
        yield [*(str(values.get(target, "")) for target in targets), "Yes" if contact.active else "No"]


def property_names(contacts: ContactQuerySet) -> list[str]:
    """Of all that have a value in some of these, in the order of the alphabet."""
    names: set[str] = set()
    filled = contacts.order_by().exclude(properties={}).values_list("properties", flat=True)
    for properties in filled.iterator(chunk_size=CHUNK):
        names.update(name for name, value in properties.items() if value != "")
    return sorted(names)


def _by_number(contacts: ContactQuerySet) -> Iterator[Contact]:
    last, full = "", True
    while full:
        chunk = list(contacts.filter(phone__gt=last).order_by("phone")[:CHUNK])
        yield from chunk
        full = len(chunk) == CHUNK
        last = chunk[-1].phone if chunk else last
