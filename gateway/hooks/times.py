"""Times as SmartDialog writes them: believed only where they can be."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from gateway import clock

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # what is before is no time: .NET says 0001-01-01 for none
LATEST = timedelta(days=1)  # ahead of now
MAX_SKEW = timedelta(minutes=10)  # by which two clocks may differ
LIKELY_ZONES = ("Europe/Helsinki", "Europe/Stockholm", "Europe/London")
LONGEST = 50  # characters of a time; what has more is none, and would be remembered
MOST_HOURS = 14  # a zone is ahead of UTC


def read_time(value: Any, *, zone: str = "", now: datetime | None = None) -> datetime | None:
    """ISO 8601; in the zone, or UTC, where it names none. None: it is none, or cannot be believed.

    `now`: for who reads many at once, as it costs more to ask for than all else.
    """
    at = _written(value, zone) if isinstance(value, str) and len(value) <= LONGEST else None
    return at if at and at <= (now or clock.now()) + LATEST else None


def zone_of(value: str, *, arrived: datetime) -> str:
    """In which zone a time without one was written that, as UTC, is whole hours ahead of its arrival.

    Of zones that agree the dashboard's own, else the likeliest. "": nothing is to be concluded.
    """
    at = None if value.endswith("Z") else read_time(value)
    if at is None or datetime.fromisoformat(value.strip()).tzinfo:
        return ""
    hours = round((at - arrived) / timedelta(hours=1))
    if not 1 <= hours <= MOST_HOURS or abs(at - arrived - timedelta(hours=hours)) > MAX_SKEW:
        return ""
    offset = timedelta(hours=hours)
    likely = (name for name in (settings.TIME_ZONE, *LIKELY_ZONES) if _offset(name, arrived) == offset)
    return next(likely, f"Etc/GMT-{hours}")  # POSIX counts to the west


@lru_cache(maxsize=1000)
def _written(text: str, zone: str) -> datetime | None:
    """Of many reports, those of the same second come again and again."""
    try:
        at = datetime.fromisoformat(text.strip())
        at = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone) if zone else UTC)
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at >= EARLIEST else None


def _offset(zone: str, at: datetime) -> timedelta | None:
    return at.astimezone(ZoneInfo(zone)).utcoffset()
