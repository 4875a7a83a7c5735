"""When open pages are told anew of what changes with every change, such as counts: soon, and now and then.

It is counted once a process for all who look, however many they are and however much changes.
"""

import time
from collections.abc import Iterable

from gateway.live_updates import live
from gateway.live_updates.change_reader import Change

SOON = 0.5  # seconds after a change, so that those that come with it are counted with it
REST = 4.0  # seconds between two counts

Place = tuple[int, str]  # customer and topic


class Tallies:
    """`_due`: when each is to be counted; `_counted`: when it last was.

    Streams that begin note what they missed from threads of their own.
    """

    def __init__(self) -> None:
        self._due: dict[Place, float] = {}
        self._counted: dict[Place, float] = {}

    def note(self, changes: Iterable[Change]) -> None:
        """They may change what was counted."""
        now = time.monotonic()
        for customer, changed in {change[1:3] for change in changes}:
            for topic in live.TALLIES.names():
                if changed in live.TALLIES[topic].of:
                    place = customer, topic
                    rested = self._counted.get(place, now - REST) + REST
                    self._due.setdefault(place, max(now + SOON, rested))

    def due(self) -> list[Place]:
        now = time.monotonic()
        return [place for place, at in list(self._due.items()) if at <= now]

    def counted(self, place: Place) -> None:
        """What changes while it is counted is counted again."""
        self._counted[place] = time.monotonic()
        self._due.pop(place, None)
