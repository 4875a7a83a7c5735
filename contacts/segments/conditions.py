"""A syntax tree as one condition on contacts, which the database answers in one query.

A condition is true or false of everybody: who has no value differs from every value. `=` and `contains` take
a value as written, in small letters, in capitals, and with initials: that is the same on every database.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import reduce
from operator import and_, or_
from typing import Any as AnyValue

from django.db.models import Case, CharField, F, FloatField, Q, Value, When
from django.db.models.expressions import Combinable, Expression
from django.db.models.functions import Cast, Coalesce, Replace, StrIndex, Substr
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
    Regex,
)
from django.utils import timezone

from accounts.models import Customer
from contacts.models.contact import consent_is
from contacts.models.property_values import PropertyValue
from contacts.segments import days, references, subjects
from contacts.segments.deeds import DEEDS
from contacts.segments.suggestions import near
from contacts.segments.syntax import All, Any, Comparison, Deed, Node, Not, Relation, SegmentError
from contacts.text.full_text_search import MatchesTerms, parse_search

NUMBER = r"^-?[0-9]{1,12}([.,][0-9]{1,3})?$"  # what a property says in numbers
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"  # and as a day
_LOOKUPS = {
    Relation.EQUALS: Exact,
    Relation.LESS: LessThan,
    Relation.AT_MOST: LessThanOrEqual,
    Relation.MORE: GreaterThan,
    Relation.AT_LEAST: GreaterThanOrEqual,
    Relation.SINCE: GreaterThanOrEqual,
    Relation.BEFORE: LessThan,
}
_NOBODY = Q(pk__in=())


@dataclass(frozen=True)
class Scope:
    """Whose contacts are asked, which day is today where who asks is, and when days begin there."""

    customer: Customer
    today: date
    zone: tzinfo

    @classmethod
    def of(cls, customer: Customer) -> "Scope":
        return cls(customer, timezone.localdate(), timezone.get_current_timezone())


def condition(node: Node, scope: Scope) -> Q:
    """Raises SegmentError where the tree names what is not there."""
    match node:
        case All(parts):
            return reduce(and_, (condition(part, scope) for part in parts))
        case Any(parts):
            return reduce(or_, (condition(part, scope) for part in parts))
        case Not(part):
            return ~condition(part, scope)
        case Deed():
            return _happened(node, scope)
        case Comparison(relation=Relation.DIFFERS):
            return ~_holds(Comparison(node.subject, Relation.EQUALS, node.value, node.place), scope)
        case Comparison(relation=Relation.FILLED):
            return ~_holds(Comparison(node.subject, Relation.EMPTY, "", node.place), scope)
        case Comparison(relation=Relation.WITHIN):
            return _within(node, scope)
        case Comparison():
            return _holds(node, scope)


def _within(node: Comparison, scope: Scope) -> Q:
    first, last = days.days_of(node.value, scope.today)
    ends = {Relation.SINCE: first, Relation.BEFORE: last + timedelta(days=1)}
    parts = (Comparison(node.subject, each, day.isoformat()) for each, day in ends.items())
    return reduce(and_, (_holds(part, scope) for part in parts))


def in_any_case(value: str) -> list[str]:
    """As written, in small letters, in capitals, and with initials; each once."""
    return list(dict.fromkeys([value, value.lower(), value.upper(), value.capitalize(), value.title()]))


def _happened(deed: Deed, scope: Scope) -> Q:
    kind = DEEDS[deed.verb]
    found = kind.condition(scope.customer, deed.name)
    if found is None:
        instead = near(deed.name, kind.names(scope.customer))
        raise SegmentError(f"No {kind.what} is called “{deed.name}”.", deed.place, instead)
    return found


def _holds(node: Comparison, scope: Scope) -> Q:
    subject = node.subject
    if subject in _OWN:
        return _OWN[subject](node, scope)
    if subject in subjects.REFERENCES:
        return references.condition(node, scope.customer)
    if subject in subjects.NUMBERS:
        return _known(subject, node, node.value)
    if subject in subjects.TIMES:
        return _known(subjects.TIMES[subject], node, _midnight(node, scope))
    name = subjects.property_of(subject)
    value = Coalesce(PropertyValue(name), Value("")) if name else F(subject)
    return _text_holds(value, node, scope)


def _text_holds(value: Combinable, node: Comparison, scope: Scope) -> Q:
    match node.relation:
        case Relation.EMPTY:
            return Q(Exact(value, Value("")))
        case Relation.EQUALS:
            return _any(Exact(value, Value(each)) for each in in_any_case(node.value))
        case Relation.CONTAINS:
            return _any(GreaterThan(StrIndex(value, Value(each)), 0) for each in in_any_case(node.value))
        case Relation.SINCE | Relation.BEFORE:
            day = days.day_of(node.value, scope.today).isoformat()
            said = Case(When(Regex(value, DAY), then=Substr(value, 1, 10)), output_field=CharField())
            return _compared(said, node, Value(day))
    number = Cast(Replace(value, Value(","), Value(".")), FloatField())
    said = Case(When(Regex(value, NUMBER), then=number), output_field=FloatField())
    return _compared(said, node, Value(float(node.value)))


def _known(column: str, node: Comparison, value: AnyValue) -> Q:
    """Of a column that says nothing where nothing is known."""
    if node.relation == Relation.EMPTY:
        return Q(**{f"{column}__isnull": True})
    return Q(**{f"{column}__isnull": False, f"{column}__{_LOOKUPS[node.relation].lookup_name}": value})


def _compared(said: Expression, node: Comparison, value: Expression) -> Q:
    """False, and not unknown, of who says nothing of the kind: "not" of it is true."""
    return Q(Coalesce(_LOOKUPS[node.relation](said, value), Value(value=False)))


def _midnight(node: Comparison, scope: Scope) -> datetime:
    return datetime.combine(days.day_of(node.value, scope.today), time.min, scope.zone)


def _any(lookups: Iterable[Expression]) -> Q:
    return reduce(or_, map(Q, lookups))


def _consent(node: Comparison, scope: Scope) -> Q:
    return consent_is(node.value, scope.customer)


def _sync(node: Comparison, scope: Scope) -> Q:
    states = {"failed": ["failed", "unsent"]}
    return Q(sync_state__in=states.get(node.value, [node.value]))


def _number_type(node: Comparison, scope: Scope) -> Q:
    return Q(phone_type=node.value)


def _anything(node: Comparison, scope: Scope) -> Q:
    terms = parse_search(node.value)
    return Q(MatchesTerms(terms, scan=True)) if terms else _NOBODY


_OWN: dict[str, Callable[[Comparison, Scope], Q]] = {
    "consent": _consent,
    "sync": _sync,
    "number type": _number_type,
    subjects.ANYTHING: _anything,
}
