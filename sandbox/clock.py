"""The platform's clock. Tests move it with POST /_clock; the call limit keeps to the real one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from sandbox import switches


def now() -> datetime:
    return later(seconds=0)


def later(*, seconds: float) -> datetime:
    return timezone.now() + timedelta(seconds=seconds + switches.get("clock_offset_seconds"))


def text(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds and `Z`, as the platform writes times; or as a switch says."""
    if zone := switches.get("times_without_zone"):
        return moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
