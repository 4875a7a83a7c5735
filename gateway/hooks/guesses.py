"""Who guesses secrets of hooks waits, each time longer, and nobody else does."""

import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

LEAST, MOST = 0.1, 5.0  # seconds to wait for the answer to a guess
FORGOTTEN = 60.0  # seconds after the last guess
REMEMBERED = 10_000  # addresses


class GuessLimiter:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guesses: dict[str, tuple[int, float]] = {}  # how many, and when the last; the latest at the end

    def delay(self, address: str) -> float:
        """Seconds that the answer to one more guess from there waits."""
        whose, now = network_of(address), self._clock()
        count, last = self._guesses.pop(whose, (0, now))
        count = 1 if now - last > FORGOTTEN else count + 1
        self._guesses[whose] = count, now
        if len(self._guesses) > REMEMBERED:
            del self._guesses[next(iter(self._guesses))]
        return min(MOST, LEAST * count)


def network_of(address: str) -> str:
    """Of IPv6 the half that one caller has for themselves."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    return parsed.exploded[:19] if isinstance(parsed, IPv6Address) else address
