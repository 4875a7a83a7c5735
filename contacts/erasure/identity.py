"""Who a number is: how the trail and the outbox name what is theirs, and what they alone are called here.

A name or an email that others of the customer have, too, names nobody: to take it out of texts would take
it from them.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import starmap
from operator import or_

from django.db.models import Q

from accounts.models import AuditEvent, Customer
from contacts.erasure.registry import HOLDERS, DataSubject
from contacts.fields import Values
from contacts.models import Contact
from contacts.models.contact import ContactQuerySet
from contacts.text.names import split_name
from contacts.text.phones import spellings

MOST = 20  # names, and emails, of one person
MIN_NAME, MIN_LONE_NAME = 2, 5  # letters


def person_of(customer: Customer, phone: str) -> DataSubject:
    """As everything that is held tells it now."""
    bare = DataSubject(customer, phone)
    subjects = list(dict.fromkeys(name for holder in HOLDERS for name in holder.subjects(bare)))
    person = DataSubject(customer, phone, subjects)
    known = [values for holder in HOLDERS for values in holder.known(person)]
    others = Contact.objects.present().filter(group__customer=customer).exclude(phone__in=person.phones)
    emails, names = _emails(known)[:MOST], _names(known)[:MOST]
    taken = _taken(others, emails, names)
    return DataSubject(
        customer,
        phone,
        subjects,
        emails=tuple(each for each in emails if each not in taken),
        names=tuple(each for each in names if _both(*each) not in taken),
        lone_names=tuple(each for each in _lone_names(known)[:MOST] if not others.matching(each).exists()),
    )


def former_numbers(customer: Customer, phone: str) -> list[str]:
    """Those that contacts with this number had before, and that nobody has now; the newest first."""
    found = [phone]
    for number in found:
        ways = spellings(number)
        told = AuditEvent.objects.filter(customer=customer, after__phone__in=ways).exclude(before__phone=None)
        had = [*told.values_list("before__phone", flat=True)[:MOST], *_left_by(customer, ways)]
        found += [each for each in dict.fromkeys(had) if each not in {*found, *ways}]
    here = Contact.objects.present().filter(group__customer=customer, phone__in=found[1:])
    taken = set(here.values_list("phone", flat=True))
    return [number for number in found[1:] if number not in taken]


def numbers_now(customers: Sequence[Customer], phone: str) -> list[str]:
    """Those that contacts have who had this number before."""
    ways = spellings(phone)
    told = AuditEvent.objects.filter(customer__in=customers, before__phone__in=ways).exclude(
        after__phone=None
    )
    later = set(told.values_list("after__phone", flat=True)[:MOST])
    here = Contact.objects.present().filter(group__customer__in=customers)
    found = here.filter(Q(former_phone__in=ways) | Q(phone__in=later)).exclude(phone__in=ways)
    return sorted(set(found.order_by().values_list("phone", flat=True)[:MOST]))


def _left_by(customer: Customer, ways: Sequence[str]) -> list[str]:
    """What SmartDialog has yet to let go of."""
    leaving = Contact.objects.filter(group__customer=customer, phone__in=ways).exclude(former_phone="")
    return list(leaving.order_by().values_list("former_phone", flat=True)[:MOST])


def _emails(known: Iterable[Values]) -> list[str]:
    return list(dict.fromkeys(str(values["email"]).lower() for values in known if values.get("email")))


def _names(known: Iterable[Values]) -> list[tuple[str, str]]:
    pairs = (_pair(values) for values in known)
    return list(dict.fromkeys(pair for pair in pairs if min(map(len, pair)) >= MIN_NAME))


def _lone_names(known: Iterable[Values]) -> list[str]:
    words = (word for values in known for name in _pair(values) for word in name.split())
    return list(dict.fromkeys(word for word in words if len(word) >= MIN_LONE_NAME and word.isalpha()))


def _pair(values: Values) -> tuple[str, str]:
    """First and last name; of somebody whose whole name is in one of the two, its parts."""
    first, last = (" ".join(str(values.get(name) or "").split()) for name in ("first_name", "last_name"))
    return (first, last) if first and last else split_name(first or last)


def _taken(
    others: ContactQuerySet, emails: Sequence[str], names: Sequence[tuple[str, str]]
) -> set[str | frozenset[str]]:
    """Those that somebody else has as well; one query, since it may read through a million."""
    wanted = [Q(email__iexact=email) for email in emails]
    wanted += [
        Q(first_name__iexact=one, last_name__iexact=other)
        | Q(first_name__iexact=f"{one} {other}")
        | Q(last_name__iexact=f"{one} {other}")
        for first, last in names
        for one, other in ((first, last), (last, first))
    ]
    if not wanted:
        return set()
    found = others.filter(reduce(or_, wanted)).order_by().values_list("email", "first_name", "last_name")
    taken: set[str | frozenset[str]] = set()
    for email, *pair in found.distinct():
        taken |= {email.lower(), *starmap(_both, _pairs(*pair))}
    return taken


def _pairs(first: str, last: str) -> Iterable[tuple[str, str]]:
    """What may be somebody's two names: each field may hold them both."""
    return (first, last), split_name(first), split_name(last)


def _both(first: str, last: str) -> frozenset[str]:
    """In either order, whatever its capitals."""
    return frozenset([first.casefold(), last.casefold()])
