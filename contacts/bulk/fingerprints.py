"""A checksum of the selected keys: whether those selected by now are the very people who were shown."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, BigIntegerField, Count, ExpressionWrapper, F, Sum

from contacts.models.contact import ContactQuerySet

MAX_FINGERPRINT_LENGTH = 60
_PRIME = 2**31 - 1


@dataclass(frozen=True)
class Fingerprint:
    """How many they are, and by what they are known again. `also`: what else was asked of them."""

    people: int
    fingerprint: str
    also: dict[str, Any]


def fingerprint_of(contacts: ContactQuerySet, **also: Aggregate) -> Fingerprint:
    """One query. Its cost is that of counting them: where no answer can wait for it, a worker looks.

    One or two who are there in place of others always show; of more, all but one in two thousand million.
    """
    found = contacts.order_by().aggregate(
        people=Count("pk"), keys=Sum("pk", default=0), squares=Sum(_SQUARE, default=0), **also
    )
    people, keys, squares = (found.pop(name) for name in ("people", "keys", "squares"))
    return Fingerprint(people, f"{people}-{keys}-{squares}", found)


_SQUARE = ExpressionWrapper(F("pk") * F("pk") % _PRIME, output_field=BigIntegerField())
