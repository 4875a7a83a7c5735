"""People whose own date, such as a birthday, comes round on a day. The year may be missing.

Read are 1980-05-17, 17.5.1980, 17.05.80 and 17.5. What could mean two days, such as 5/6/1980, is not read.
Who was born on 29 February has their day on the 28th in years that lack it.
"""

from calendar import isleap
from collections.abc import Sequence
from datetime import date

from django.db.models import Q, Value
from django.db.models.expressions import Expression
from django.db.models.functions import Coalesce
from django.db.models.lookups import Regex

from contacts.models.property_values import PropertyValue


def falls_on(name: str, day: date) -> Q:
    return Q(Regex(_value(name), written(day)))


def written(day: date) -> str:
    """How dates are written that come round then, as a pattern."""
    days = [(day.month, day.day)]
    if days == [(2, 28)] and not isleap(day.year):
        days.append((2, 29))
    return _whole("|".join(_any_of([number], [month]) for month, number in days))


def is_unreadable(name: str) -> Q:
    """Of who has something there that is no date."""
    return ~Q(Regex(_value(name), ANY)) & ~Q(Regex(_value(name), r"^\s*$"))


def _value(name: str) -> Expression:
    return Coalesce(PropertyValue(name), Value(""))


def _whole(pattern: str) -> str:
    return rf"^\s*({pattern})\s*$"


def _short(digits: str) -> str:
    """The zero before it may be missing."""
    return f"0?{digits[1:]}" if digits.startswith("0") else digits


def _any_of(days: Sequence[int], months: Sequence[int]) -> str:
    """As the year begins it, and as it ends it or is missing."""
    written = [[f"{each:02}" for each in numbers] for numbers in (days, months)]
    two = ["(" + "|".join(each) + ")" for each in written]
    short = ["(" + "|".join(map(_short, each)) + ")" for each in written]
    return (
        rf"[0-9]{{4}}-{two[1]}-{two[0]}([T ][0-9:.+Z]*)?"
        rf"|{short[0]}\. ?{short[1]}\.( ?[0-9]{{4}}|[0-9]{{2}})?"
    )


ANY = _whole(
    "|".join(
        [
            _any_of(range(1, 30), range(1, 13)),
            _any_of([30], [1, *range(3, 13)]),
            _any_of([31], [1, 3, 5, 7, 8, 10, 12]),
        ]
    )
)
