"""Keyset pagination of a list by time: where one page ends and the next begins, as it stands in a URL."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """A row's time and key: two rows may bear the same time."""

    at: datetime
    pk: int

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None where there is none, or a broken one."""
        micros, _, pk = text.partition(".")
        if not all(part.isascii() and part.isdigit() and len(part) < 17 for part in (micros, pk)):
            return None
        try:
            return cls(_EPOCH + timedelta(microseconds=int(micros)), int(pk))
        except OverflowError:
            return None

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}.{self.pk}"

    def before(self, field: str) -> Q:
        """The rows that are older, by the field that holds their time."""
        return Q(**{f"{field}__lt": self.at}) | Q(**{field: self.at, "pk__lt": self.pk})

    def since(self, field: str) -> Q:
        """The row itself, and what is newer."""
        return Q(**{f"{field}__gt": self.at}) | Q(**{field: self.at, "pk__gte": self.pk})
