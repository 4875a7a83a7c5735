"""Threads by their person: by number, in any spelling of it, else by what the groups know of them."""

from typing import TYPE_CHECKING

from django.db.models import QuerySet

from accounts.models import Customer
from contacts.models import Contact
from contacts.text.full_text_search import MatchesTerms, parse_search, phone_digits

if TYPE_CHECKING:
    from messaging.inbox.models.thread import ThreadQuerySet


def with_person(
    threads: "ThreadQuerySet", customer: Customer, text: str, *, most: int | None = None
) -> "ThreadQuerySet":
    """`most`: of the people of a name, so many at most."""
    if phone_digits(text):
        return threads.filter(MatchesTerms(parse_search(text)))
    return threads.filter(address__in=phones_of(customer, text)[:most])


def phones_of(customer: Customer, text: str) -> QuerySet:
    known = Contact.objects.present().filter(group__customer=customer).matching(text)
    return known.order_by().values_list("phone", flat=True)
