"""So many at once, and so many of each."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager


class Seats:
    def __init__(self, *, total: int, each: int) -> None:
        self._total, self._each = total, each
        self._taken: Counter[Hashable] = Counter()

    @contextmanager
    def one_for(self, who: Hashable) -> Iterator[bool]:
        """Whether there was one; it is given back at the end."""
        has_seat = self._taken[who] < self._each and self._taken.total() < self._total
        self._taken[who] += has_seat
        try:
            yield has_seat
        finally:
            self._taken[who] -= has_seat
            self._taken += Counter()  # forgets those who have none
