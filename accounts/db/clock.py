"""The one place that tells the time to whatever keeps one: leases, the rate limiter, tokens, the trail.

On PostgreSQL it is the database's time, so that hosts agree however their own clocks run and are set: asked
for now and then, and told on by the monotonic clock. SQLite has one host and no time of its own: there it is
what the host's clock said once, told on in the same way for all processes, until the sweep finds that the
clock was set, and moves with it all that is held (`sweeping.sync_host_clock`).
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.db import connection as database
from django.utils import timezone

RESYNC_INTERVAL = 30.0  # seconds
MAX_ROUND_TRIP = 0.02  # seconds that a question may take for its answer to be good; the best of some is taken
SYNC_ATTEMPTS = 10


@dataclass(frozen=True)
class ClockReading:
    """What the database's clock said, and when that was on the monotonic one."""

    said: datetime
    at: float
    within: float  # seconds that it took to ask

    def now(self) -> datetime:
        return self.said + timedelta(seconds=monotonic() - self.at)


def now() -> datetime:
    return _reading().now() if database.vendor == "postgresql" else _agreed_time() or timezone.now()


def after(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


_last: ClockReading | None = None


def _reading() -> ClockReading:
    """The last one while it is young: one for all threads."""
    global _last
    if _last is None or monotonic() - _last.at > RESYNC_INTERVAL:
        _last = _ask()
    return _last


def _ask() -> ClockReading:
    best = _ask_once()
    for _ in range(SYNC_ATTEMPTS - 1):
        if best.within <= MAX_ROUND_TRIP:
            break
        best = min(best, _ask_once(), key=lambda reading: reading.within)
    return best


def _ask_once() -> ClockReading:
    """Beside the ORM, so that it is not among the queries a page is counted by."""
    database.ensure_connection()
    asked = monotonic()
    [said] = database.connection.execute("SELECT clock_timestamp()").fetchone()
    took = monotonic() - asked
    return ClockReading(said=said, at=asked + took / 2, within=took)


def _agreed_time() -> datetime | None:
    """SQLite's. Asked for each time: who goes by an older agreement would free a slot too early."""
    database.ensure_connection()
    asking = "SELECT epoch_at_boot FROM gateway_clockagreed WHERE boot = ?"
    [epoch] = database.connection.execute(asking, [boot_id()]).fetchone() or [None]
    return None if epoch is None else datetime.fromtimestamp(epoch + monotonic(), UTC)


def monotonic() -> float:
    """Seconds since the host started, which setting its clock does not touch. The same to all processes.

    With those asleep, where the system counts them.
    """
    counts_sleep = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counts_sleep is None else time.clock_gettime(counts_sleep)


@cache
def boot_id() -> str:
    """Which start of the host this is. Empty where the system does not tell: nothing is agreed on there."""
    told = Path("/proc/sys/kernel/random/boot_id")
    return told.read_text().strip() if told.exists() else ""
