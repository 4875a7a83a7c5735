"""The rate limiter: a sliding window of 60 s per connection, by the moment calls arrive."""

import bisect
import math
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from sandbox.models import LedgerCall

WINDOW_NS = 60 * 1_000_000_000


@dataclass(frozen=True)
class Verdict:
    calls_in_window: int
    retry_after: int | None
    """Seconds until there is room again; None when the call may pass."""


class SlidingWindow:
    """Arrivals by connection. Refused calls count in the window shown, not against the limit."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self._arrived: defaultdict[str, list[int]] = defaultdict(list)
        self._admitted: defaultdict[str, list[int]] = defaultdict(list)

    def arrive(self, connection: str, together: str = "", *, at_ns: int, limit: int) -> Verdict:
        """`together`: whose calls count against the same limit; the connection's own where it is empty."""
        with self._lock:
            arrived, admitted = self._arrived[connection], self._admitted[together or connection]
            drop_expired(arrived, at_ns - WINDOW_NS)
            drop_expired(admitted, at_ns - WINDOW_NS)
            bisect.insort(arrived, at_ns)
            if len(admitted) < limit:
                bisect.insort(admitted, at_ns)
                return Verdict(len(arrived), None)
            frees_at = admitted[len(admitted) - limit] + WINDOW_NS if limit else at_ns + WINDOW_NS
            return Verdict(len(arrived), max(1, math.ceil((frees_at - at_ns) / 1_000_000_000)))

    def restore(self) -> None:
        """Remember the last minute from the ledger, as after a restart."""
        recent = LedgerCall.objects.filter(
            arrived_at__gte=timezone.now() - timedelta(seconds=60),
            arrived_ns__lte=time.monotonic_ns(),
            window__gt=0,
        )
        for connection, at_ns, decision in recent.values_list("connection", "arrived_ns", "decision"):
            bisect.insort(self._arrived[connection], at_ns)
            if decision != "limited":
                bisect.insort(self._admitted[connection], at_ns)


window = SlidingWindow()


def drop_expired(times: list[int], limit_ns: int) -> None:
    """The window is open at its far end: a call 60 s ago is outside it."""
    del times[: bisect.bisect_right(times, limit_ns)]
