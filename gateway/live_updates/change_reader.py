"""Read each change that open pages hear of once, as it is committed.

A change is numbered before it is committed, so one may come behind others with higher numbers: a number that
is missing among them is looked for again.
"""

import time
from typing import Any

from django.db.models import Q, QuerySet

from gateway.models import LiveUpdate

AT_ONCE = 2000  # changes that one look takes in
LATE_NUMBERS = 200  # before the first look, that may still be committed
LATE = 60.0  # seconds from a number to its commit, at most

Change = tuple[int, int, str, int | None]  # number, customer, topic, row


class ChangeReader:
    """`_missing`: numbers under the newest, and since when they are known to be missing."""

    def __init__(self) -> None:
        self._newest: int | None = None
        self._missing: dict[int, float] = {}

    def read(self) -> list[Change] | None:
        """What was committed since the last that was taken; what was there at first is news to nobody.

        None: more than a look takes in; what is committed after this is read again.
        """
        if self._newest is None:
            self._begin()
            return []
        is_new = Q(pk__gt=self._newest) | Q(pk__in=list(self._missing))
        found = list(values(LiveUpdate.objects.filter(is_new).order_by("pk"))[: AT_ONCE + 1])
        if len(found) > AT_ONCE:
            self._begin()
            return None
        return found

    def take(self, changes: list[Change]) -> None:
        """They have been told, and are read no more."""
        came = {number for number, *_ in changes}
        before, self._newest = self._newest or 0, max(self._newest or 0, *came, 0)
        self._miss(before + 1 if before else self._newest - LATE_NUMBERS, self._newest, came)
        late = time.monotonic() - LATE
        self._missing = {
            number: since for number, since in self._missing.items() if number not in came and since > late
        }

    def _begin(self) -> None:
        latest = LiveUpdate.objects.order_by("-pk").values_list("pk", flat=True)
        there = set(latest[: LATE_NUMBERS + 1])
        self._newest = max(there, default=0)
        self._miss(self._newest - LATE_NUMBERS, self._newest, there)

    def _miss(self, first: int, end: int, there: set[int]) -> None:
        numbers = range(max(first, end - AT_ONCE, 1), end)
        self._missing |= dict.fromkeys(set(numbers) - there, time.monotonic())


def values(updates: QuerySet[LiveUpdate]) -> Any:
    return updates.values_list("pk", "customer_id", "topic", "row")
