"""A wall-clock time in a zone: at a DST change nonexistent or ambiguous (`fold`, PEP 495), or in the past."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from accounts.errors import UserError

GONE_BY = "This time has gone by. Choose a later one, or send now."
MOST_YEARS = 5  # ahead; what is near the end of all dates has no time in every zone


class TimeProblem(UserError):
    """`text` says to the person what is wrong and what to choose."""


class NonexistentTime(TimeProblem):
    pass


class AmbiguousTime(TimeProblem):
    """Nobody has said yet which of the `choices` is meant."""


class PastTime(TimeProblem):
    pass


class DistantTime(TimeProblem):
    pass


def resolve(wall: datetime, zone: str, *, fold: int | None = None, now: datetime) -> datetime:
    """The moment in UTC that a naive wall-clock time means in a zone; raises a TimeProblem.

    `fold`: 0 or 1 chooses the first or the second of two, once the person was asked.
    """
    if wall.year < now.year - 1:
        raise PastTime(GONE_BY)
    if wall.year > now.year + MOST_YEARS:
        raise DistantTime(f"Choose a day within the next {MOST_YEARS} years.")
    first, second = _readings(wall, zone)
    if first.utcoffset() != second.utcoffset():
        if not _exists(first):
            raise NonexistentTime(_skipped_words(first, second))
        if fold not in (0, 1):
            raise AmbiguousTime(_twice_words(wall))
    found = (second if fold == 1 else first).astimezone(UTC)
    if found < now:
        raise PastTime(GONE_BY)
    return found


def fold_choices(wall: datetime, zone: str) -> list[tuple[str, str]]:
    """Folds of a time that happens twice, with how to tell them apart; none for any other time."""
    first, second = _readings(wall, zone)
    if first.utcoffset() == second.utcoffset() or not _exists(first):
        return []
    return [("0", _told_apart(first)), ("1", _told_apart(second))]


def is_ambiguous(local: datetime) -> bool:
    """Whether the zone's clocks show this time twice on that day."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


def utc_offset(local: datetime) -> str:
    """ "UTC+2"."""
    return f"UTC{(local.utcoffset() or timedelta()) / timedelta(hours=1):+g}"


def _readings(wall: datetime, zone: str) -> tuple[datetime, datetime]:
    """Differ only when the clocks change at this time."""
    local = wall.replace(tzinfo=ZoneInfo(zone))
    return local.replace(fold=0), local.replace(fold=1)


def _exists(local: datetime) -> bool:
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


def _skipped_words(first: datetime, second: datetime) -> str:
    """Read with the offset before the change it is after the gap; with the one after, before it."""
    after = first.astimezone(UTC).astimezone(first.tzinfo)
    before = second.astimezone(UTC).astimezone(second.tzinfo)
    return (
        f"There is no {first:%H:%M} on this day: the clocks go forward. "
        f"Choose {before:%H:%M} or {after:%H:%M} instead."
    )


def _twice_words(wall: datetime) -> str:
    return f"{wall:%H:%M} happens twice on this day, because the clocks go back. Choose which one you mean."


def _told_apart(local: datetime) -> str:
    order = "second" if local.fold else "first"
    return f"The {order} {local:%H:%M} ({utc_offset(local)})"


def format_send_time(moment: datetime, zone: str, place: str = "") -> str:
    """Tue 1 Dec 14:00 Helsinki; the year where it is another one, the offset where it is twice that hour.

    `place`: said instead of the zone's.
    """
    zone = zone or timezone.get_current_timezone_name()
    local = moment.astimezone(ZoneInfo(zone))
    year = "" if local.year == timezone.localtime().year else f" {local.year}"
    city = place or zone.rpartition("/")[2].replace("_", " ")
    which = f" ({utc_offset(local)})" if not place and is_ambiguous(local) else ""
    return f"{local:%a} {local.day} {local:%b}{year} {local:%H:%M} {city}{which}"
