"""Days as a segment says them: "2026-01-31", "today", "yesterday", "30 days ago", "2 months ago"."""

import calendar
import re
from datetime import date, timedelta

_AGO = re.compile(r"([0-9]{1,4}) (day|week|month|year)s? ago")
_NAMED = {"today": "0 days ago", "yesterday": "1 day ago"}
_MONTHS = {"month": 1, "year": 12}
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def as_written(text: str) -> str:
    """As it is kept. Raises ValueError for what is no day, or one that begins in no year of every zone."""
    words = " ".join(text.casefold().split())
    if words in _NAMED or _AGO.fullmatch(words):
        return words
    day = date.fromisoformat(words)
    if not EARLIEST <= day <= LATEST:
        raise ValueError(words)
    return day.isoformat()


def day_of(written: str, today: date) -> date:
    """Which day that is; a month ago is the last of a shorter one. None is before 1900."""
    ago = _AGO.fullmatch(_NAMED.get(written, written))
    if ago is None:
        return date.fromisoformat(written)
    number, unit = int(ago[1]), ago[2]
    if unit in _MONTHS:
        return _months_before(today, number * _MONTHS[unit])
    return max(EARLIEST, today - timedelta(days=number * (7 if unit == "week" else 1)))


def _months_before(today: date, number: int) -> date:
    year, month = divmod(today.year * 12 + today.month - 1 - number, 12)
    if year < EARLIEST.year:
        return EARLIEST
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(today.day, last))
