"""How many, how long and when, in words."""

from datetime import datetime, timedelta

from django.utils import timezone


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 contact", "1,204 contacts"; with `many` "1 person waits", "3 people wait"."""
    return f"{number:,} {plural(number, one, many)}"


def plural(number: int, one: str, many: str = "") -> str:
    """The words alone: "contact", "contacts"; with `many` "person waits", "people wait"."""
    return one if number == 1 else many or f"{one}s"


def duration(seconds: float | timedelta) -> str:
    """As exact as a promise may be: "about 11 minutes"."""
    seconds = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    if seconds < 5:
        return "a few seconds"
    if seconds < 55:
        return f"about {max(5, round(seconds / 5) * 5)} seconds"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"about {counted(minutes, 'minute')}"
    hours, rest = divmod(round(minutes / 10) * 10, 60)
    return f"about {counted(hours, 'hour')}" + (f" {rest} minutes" if rest else "")


def span(seconds: int) -> str:
    """As it was measured, in short: "45 s", "12 min", "1 h 5 min", "27 h"."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(seconds // 60, 60)
    if hours >= 10:
        return f"{hours:,} h"
    return " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))


def clock_time(at: datetime) -> str:
    """The time, with the day when that is another: "14:52", "Tue 1 Dec 14:52"."""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localdate()
    return f"{local:%H:%M}" if is_today else f"{local:%a} {local.day} {local:%b %H:%M}"
