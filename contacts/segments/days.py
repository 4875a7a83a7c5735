"""Days as a segment says them: "2026-01-31", "today", "30 days ago", "in 2 weeks"; some: "next 14 days"."""

import calendar
import re
from datetime import date

_FROM_TODAY = re.compile(
    r"(?P<ahead>in )?(?P<number>[0-9]{1,4}) (?P<unit>day|week|month|year)s?(?P<ago> ago)?"
)
_STRETCH = re.compile(r"(?P<way>next|last) (?P<time>[0-9]{1,4} (day|week|month|year)s?)")
_NAMED = {"today": "0 days ago", "yesterday": "1 day ago", "tomorrow": "in 1 day"}
_MONTHS = {"month": 1, "year": 12}
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def as_written(text: str) -> str:
    """As it is kept. Raises ValueError for what is no day, or one that begins in no year of every zone."""
    words = " ".join(text.casefold().split())
    if words in _NAMED or _from_today(words):
        return words
    day = date.fromisoformat(words)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(words)
    return day.isoformat()


def day_of(written: str, today: date) -> date:
    """Which day that is; a month ago, or in a month, is the last of a shorter one. None is before 1900,
    nor after 2999."""
    found = _from_today(_NAMED.get(written, written))
    if found is None:
        return date.fromisoformat(written)
    number = int(found["number"]) * (1 if found["ahead"] else -1)
    if found["unit"] in _MONTHS:
        return _months_from(today, number * _MONTHS[found["unit"]])
    return _days_from(today, number * (7 if found["unit"] == "week" else 1))


def stretch_as_written(text: str) -> str:
    """Several days as they are kept. Raises ValueError for what is no such."""
    words = " ".join(text.casefold().split()).removeprefix("the ")
    if not _STRETCH.fullmatch(words):
        raise ValueError(words)
    return words


def days_of(written: str, today: date) -> tuple[date, date]:
    """The first and the last of them: today is one, and comes beside as many as are said."""
    found = _STRETCH.fullmatch(written)
    assert found
    if found["way"] == "next":
        return today, day_of(f"in {found['time']}", today)
    return day_of(f"{found['time']} ago", today), today


def _from_today(words: str) -> re.Match[str] | None:
    """What looks ahead or back, and not both."""
    found = _FROM_TODAY.fullmatch(words)
    return found if found and bool(found["ahead"]) != bool(found["ago"]) else None


def _days_from(today: date, number: int) -> date:
    ordinal = today.toordinal() + number
    return date.fromordinal(min(max(ordinal, EARLIEST.toordinal()), LATEST.toordinal()))


def _months_from(today: date, number: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 + number, 12)
    if year < EARLIEST.year:
        return EARLIEST
    if year > LATEST.year:
        return LATEST
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))
