"""Threads by their person: by number, in any spelling of it, else by what the groups know of them."""

from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.db.kept_queries import KeptQuery, kept, kept_some
from accounts.models import Customer
from contacts.listing.row_search import some_of
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from contacts.text.full_text_search import MatchesTerms, Term, as_tsquery, parse_search, phone_digits
from messaging.inbox.models import Thread
from messaging.inbox.models.thread import ThreadQuerySet
from messaging.inbox.team.desk import Desk

FEW = 500  # threads, or people of a name
SAMPLE, MANY_OF_SAMPLE = 4096, 100  # people


def with_person(
    threads: ThreadQuerySet, customer: Customer, text: str, *, sample: bool = False
) -> ThreadQuerySet:
    """Few are asked for one by one: to meet them, PostgreSQL walks through all threads in a list's order.

    `sample`: of a common name, the threads of some people are enough. One query beside that of the threads.
    """
    if phone_digits(text):
        of_number = threads.filter(MatchesTerms(parse_search(text)))
        keys = some_of(FEW + 1, of_number)
        return of_number if len(keys) > FEW else threads.filter(pk__in=keys)
    phones = phones_of(customer, text)
    few = list(phones[: FEW + 1])
    return threads.filter(address__in=phones if len(few) > FEW and not sample else few[:FEW])


def few_meant(desk: Desk, text: str) -> dict[str, list[Any]] | None:
    """By what threads are filtered for the same, where few are meant: their keys, or the numbers of people.
    None: more are. One query.
    """
    found: dict[str, list[Any]]
    if phone_digits(text):
        found = {"pk": _of_number(desk.customer, parse_search(text))}
    else:
        found = {"address": [phone for phone, _ in few_with(desk, parse_search(text))]}
    return found if all(len(few) <= FEW for few in found.values()) else None


def _of_number(customer: Customer, terms: list[Term]) -> list[int]:
    if connection.vendor == "sqlite":
        return some_of(FEW + 1, Thread.objects.of_customer(customer).filter(MatchesTerms(terms)))
    return [each.pk for each in _threads_by_words(customer, as_tsquery(terms))]


@kept_some(FEW + 1)
def _threads_by_words(customer: Customer, tsquery: str) -> QuerySet:
    own = Thread.objects.of_customer(customer).filter(MatchesTerms(tsquery))
    return own.order_by().values_list("pk", named=True)


def phones_of(customer: Customer, text: str) -> QuerySet:
    return known_people(Desk(customer)).matching(text).values_list("phone", flat=True)


def has_many(everybody: ContactQuerySet, word: str) -> bool:
    """Whether so many of some have it. Where most have, that is known sooner than the index gathers them."""
    some = Contact.objects.filter(pk__in=everybody.values("pk")[:SAMPLE])
    return bool(some.matching(word, scan=True).order_by().values("pk")[MANY_OF_SAMPLE : MANY_OF_SAMPLE + 1])


def people_of(everybody: ContactQuerySet, word: str, most: int) -> list[tuple[str, str]]:
    """The number and the words of so many contacts at most."""
    known = everybody.matching(word)
    if word.isdecimal():  # its ways look like more than they are: PostgreSQL would look at every contact
        known = Contact.objects.filter(pk__in=some_of(most, known))
    return list(known.values_list("phone", "search_text")[:most])


def few_with(desk: Desk, terms: list[Term]) -> list[tuple[str, str]]:
    """The number and the words of who has all that is asked for, FEW and one at most. One query."""
    if terms and connection.vendor == "sqlite":
        known = known_people(desk).filter(MatchesTerms(terms))
        return list(known.values_list("phone", "search_text")[: FEW + 1])
    return few_query(desk, terms).rows()


def few_query(desk: Desk, terms: list[Term]) -> KeptQuery[Any]:
    """The same on PostgreSQL, to be read together with others."""
    if not terms or connection.vendor == "sqlite":
        return KeptQuery()
    return _few_with.of(tuple(service.pk for service in desk.services), as_tsquery(terms))


@kept
def _few_with(groups: tuple[int, ...], tsquery: str) -> QuerySet:
    known = Contact.objects.present().filter(MatchesTerms(tsquery), group__pk__in=groups)
    return known.order_by().values_list("phone", "search_text", named=True)[: FEW + 1]


def known_people(desk: Desk) -> ContactQuerySet:
    """The groups by their keys: joined, PostgreSQL gathers all of a common name once for each service."""
    groups = [service.pk for service in desk.services]
    return Contact.objects.present().filter(group__in=groups).order_by()
