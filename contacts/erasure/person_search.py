"""Find a person, by number or by email, in every group of the customers that one reaches."""

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Customer
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
    """What the text may mean: itself as a number (E.164), or those of the contacts with this email."""
    if "@" in text:
        contacts = Contact.objects.filter(group__customer__in=customers, email__iexact=text)
        return sorted(set(contacts.order_by().values_list("phone", flat=True)[:MAX_NUMBERS]))
    try:
        return [to_e164(text, ["FI"])]
    except InvalidPhone:
        return []


def find_held(customers: Sequence[Customer], phone: str) -> list[Found]:
    """Only the customers that hold something of the number."""
    found = [Found(customer, held_sections(person_of(customer, phone))) for customer in customers]
    return [each for each in found if each.sections]
