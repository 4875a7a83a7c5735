"""Whether the people selected by now are the very people who were shown, with no key of theirs travelling."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, BigIntegerField, Count, ExpressionWrapper, F, Sum

from contacts.models.contact import ContactQuerySet

LONGEST = 60
_PRIME = 2**31 - 1


@dataclass(frozen=True)
class Crowd:
    """How many they are, and by what they are known again. `also`: what else was asked of them."""

    people: int
    fingerprint: str
    also: dict[str, Any]


def looked_at(contacts: ContactQuerySet, **also: Aggregate) -> Crowd:
    """One query. Its cost is that of counting them: where no answer can wait for it, a worker looks.

    One or two who are there in place of others always show; of more, all but one in two thousand million.
    """
    found = contacts.order_by().aggregate(
        people=Count("pk"), keys=Sum("pk", default=0), squares=Sum(_SQUARE, default=0), **also
    )
    people, keys, squares = (found.pop(name) for name in ("people", "keys", "squares"))
    return Crowd(people, f"{people}-{keys}-{squares}", found)


_SQUARE = ExpressionWrapper(F("pk") * F("pk") % _PRIME, output_field=BigIntegerField())
