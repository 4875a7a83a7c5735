"""Find a person, by number, by email or by name, in every group of the customers that one reaches."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AuditEvent, Customer
from contacts.erasure.erasing import HeldSection, held_sections
from contacts.erasure.identity import former_numbers, numbers_now, person_of
from contacts.models import Contact, ImportRow, Lookup
from contacts.text.full_text_search import case_folded
from contacts.text.names import with_any_apostrophe
from contacts.text.phones import InvalidPhone, UnclearPhone, read_number, spellings
from gateway import outbox
from gateway.models import Service

MAX_NUMBERS = 50
MAX_WORDS = 6  # of a name


@dataclass(frozen=True)
class Found:
    """A number of a customer, with what is held of it."""

    customer: Customer
    phone: str
    sections: list[HeldSection]


def numbers_for(customers: Sequence[Customer], text: str) -> list[str]:
    """What the text may mean, each in E.164: a number, and those of now of contacts who had it before.

    Or the numbers of whoever has this email or exact name, of people who were deleted as well.
    """
    if "@" in text:
        return _numbers_of(customers, "email", text)
    numbers = _read(customers, text)
    if not numbers:
        return _numbers_by_name(customers, text)
    return list(
        dict.fromkeys([*numbers, *(now for phone in numbers for now in numbers_now(customers, phone))])
    )


def find_held(customers: Sequence[Customer], phone: str) -> list[Found]:
    """Only the customers that hold something of the number, or of those before it."""
    found = [
        Found(customer, number, held_sections(person_of(customer, number)))
        for customer in customers
        for number in [phone, *former_numbers(customer, phone)]
    ]
    return [each for each in found if each.sections]


def _read(customers: Sequence[Customer], text: str) -> list[str]:
    """Within the regions of the customers’ groups, and Finland; of several readings the known ones."""
    groups = Service.objects.groups().filter(customer__in=customers)
    regions = {region for group in groups for region in group.regions}
    try:
        return [read_number(text, sorted(regions | {"FI"})).phone]
    except UnclearPhone as unclear:
        may_be = [each.phone for each in unclear.candidates]
    except InvalidPhone:
        return []
    ways = {way: phone for phone in may_be for way in spellings(phone)}
    here = Contact.objects.filter(group__customer__in=customers, phone__in=ways)
    return [ways[way] for way in here.order_by().values_list("phone", flat=True).distinct()] or may_be


def _numbers_of(customers: Sequence[Customer], field: str, text: str) -> list[str]:
    """Of contacts, of rows of files, and of those whom something else still tells of."""
    here = {f"{field}__iexact": text}
    contacts = Contact.objects.filter(group__customer__in=customers, **here)
    rows = ImportRow.objects.filter(job__group__customer__in=customers, **here).exclude(phone=None)
    return _sorted(_phones(contacts, "phone"), _phones(rows, "phone"), *_told(customers, here))


def _numbers_by_name(customers: Sequence[Customer], text: str) -> list[str]:
    """In either order, whatever its capitals and apostrophes, and wherever the last name begins."""
    words = text.replace(",", " ").split()[:MAX_WORDS]
    if not words:
        return []
    ways = [way.split() for way in with_any_apostrophe(" ".join(words))]
    turned = [[*way[at:], *way[:at]] for way in ways for at in range(len(way))]
    keys = {"name_key__in": [case_folded(" ".join(some)) for some in turned]}
    contacts = Contact.objects.filter(group__customer__in=customers, **keys)
    rows = ImportRow.objects.filter(job__group__customer__in=customers, **keys).exclude(phone=None)
    told = _told(customers, *chain.from_iterable(map(_names, ways)))
    return _sorted(_phones(contacts, "phone"), _phones(rows, "phone"), *told)


def _names(words: Sequence[str]) -> Iterator[dict[str, str]]:
    """What a contact with this name may be said to be called, wherever the last name begins."""
    for at in range(1, len(words) + 1):
        parts = " ".join(words[:at]), " ".join(words[at:])
        for first, last in (parts, parts[::-1]):
            yield {"first_name__iexact": first, "last_name__iexact": last}


def _told(customers: Sequence[Customer], *said: dict[str, str]) -> Iterator[Iterable[str | None]]:
    """Numbers of those of whom the trail, a look-up or a call says one of these."""

    def saying(*places: str) -> Q:
        return reduce(or_, (Q(**_within(place, each)) for place in places for each in said))

    told = AuditEvent.objects.filter(saying("before", "after"), customer__in=customers)
    yield from (_phones(told, "before__phone"), _phones(told, "after__phone"))
    lookups = Lookup.objects.filter(saying("found", "typed"), group__customer__in=customers)
    yield _phones(lookups, "phone")
    calls = (_within("contact", each) for each in said)
    yield outbox.values_said(customers, "contact__phone", *calls)


def _within(place: str, said: dict[str, str]) -> dict[str, str]:
    return {f"{place}__{name}": text for name, text in said.items()}


def _phones(found: QuerySet[Any], path: str) -> Iterable[str | None]:
    phones: Iterable[str | None] = found.order_by().values_list(path, flat=True).distinct()[:MAX_NUMBERS]
    return phones


def _sorted(*numbers: Iterable[str | None]) -> list[str]:
    return sorted({number for some in numbers for number in some if number})[:MAX_NUMBERS]
