"""Calls as the sandbox saw them arrive, against the rate limit of a connection: a sliding window."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LIMIT = 100  # calls in any 60 s: the real one
WINDOW = 60.0  # seconds


@dataclass(frozen=True)
class Arrival:
    """A call, as the sandbox saw it come."""

    connection: str  # the subject
    operation: str
    seconds: float  # of the machine's steady clock
    at: str  # ISO 8601
    status: int


def fullest_window(arrivals: Iterable[Arrival], *, seconds: float = WINDOW) -> int:
    """The most calls that any connection made in any window of so many seconds."""
    most = 0
    for times in arrival_times(arrivals).values():
        for first, at in enumerate(times):
            most = max(most, bisect_left(times, at + seconds) - first)
    return most


def limit_utilisation(arrivals: Iterable[Arrival], *, since: float, seconds: float) -> list[float]:
    """Of each connection, the share of its calls that it made in so many seconds since that moment."""
    budget = LIMIT * seconds / WINDOW
    return [
        (bisect_left(times, since + seconds) - bisect_left(times, since)) / budget
        for times in arrival_times(arrivals).values()
    ]


def turnover_rate(arrivals: Iterable[Arrival], *, since: float) -> list[float]:
    """Of each connection, the calls a second from each of its calls since then to the LIMIT-th after it.

    Over whole turns of the window, wherever in one the measuring began: slots come free in clusters.
    """
    rates = []
    for times in arrival_times(arrivals).values():
        counted = times[bisect_left(times, since) :]
        turns = [later - earlier for earlier, later in zip(counted, counted[LIMIT:], strict=False)]
        rates.append(LIMIT * len(turns) / sum(turns))
    return rates


def arrival_times(arrivals: Iterable[Arrival]) -> dict[str, list[float]]:
    """When its calls arrived, in order."""
    times = defaultdict(list)
    for call in arrivals:
        times[call.connection].append(call.seconds)
    return {connection: sorted(moments) for connection, moments in times.items()}
