"""Find a person, by number or by email, in every group of the customers that one reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, Value
from django.db.models.functions import Concat, Trim

from accounts.models import AuditEvent, Customer
from contacts.erasure.erasing import Section, held_sections, person_of
from contacts.models import Contact
from contacts.text.phones import InvalidPhone, to_e164

MAX_NUMBERS = 50


@dataclass(frozen=True)
class Found:
    """A number of a customer, with what is held of it."""

    customer: Customer
    sections: list[Section]


def numbers_for(customers: Sequence[Customer], text: str) -> list[str]:
    """What the text may mean: itself as a number (E.164), or those of contacts with this email or exact name.

    With each number comes the one that its contact had before.
    """
    return _with_former(customers, _numbers_for(customers, text))


def _with_former(customers: Sequence[Customer], numbers: list[str]) -> list[str]:
    renumbered = AuditEvent.objects.filter(
        customer__in=customers, verb="contact.updated", after__phone__in=numbers
    )
    former = renumbered.exclude(before__phone=None).values_list("before__phone", flat=True)
    return list(dict.fromkeys([*numbers, *former[:MAX_NUMBERS]]))


def _numbers_for(customers: Sequence[Customer], text: str) -> list[str]:
    if "@" in text:
        contacts = Contact.objects.filter(group__customer__in=customers, email__iexact=text)
        return sorted(set(contacts.order_by().values_list("phone", flat=True)[:MAX_NUMBERS]))
    try:
        return [to_e164(text, ["FI"])]
    except InvalidPhone:
        return _numbers_by_name(customers, text)


def _numbers_by_name(customers: Sequence[Customer], text: str) -> list[str]:
    """In either order, whatever its capitals."""
    wanted = " ".join(text.split())
    names = (Concat("first_name", Value(" "), "last_name"), Concat("last_name", Value(" "), "first_name"))
    contacts = Contact.objects.filter(group__customer__in=customers)
    contacts = contacts.alias(in_full=Trim(names[0]), turned=Trim(names[1]))
    named = (
        contacts.filter(Q(in_full__iexact=wanted) | Q(turned__iexact=wanted)) if wanted else contacts.none()
    )
    return sorted(set(named.order_by().values_list("phone", flat=True)[:MAX_NUMBERS]))


def find_held(customers: Sequence[Customer], phone: str) -> list[Found]:
    """Only the customers that hold something of the number."""
    found = [Found(customer, held_sections(person_of(customer, phone))) for customer in customers]
    return [each for each in found if each.sections]
