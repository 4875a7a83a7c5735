"""How many people of an audience a day of their own brings a campaign on, before it is made."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from messaging.campaigns.audiences import days_of_year
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import Recurrence
from messaging.campaigns.models.recurrence import Rhythm


def count(recurrence: Recurrence, moments: Iterable[datetime]) -> list[tuple[datetime, int | None]]:
    """How many may be messaged and have their day then; None where everybody gets it. Raises SegmentError."""
    if recurrence.rhythm != Rhythm.BIRTHDAY:
        return [(moment, None) for moment in moments]
    reach, zone = Reach.of(recurrence.campaign), ZoneInfo(recurrence.zone)
    days = [(moment, (recurrence.date_property, moment.astimezone(zone).date())) for moment in moments]
    return [(moment, _people(replace(reach, day=day))) for moment, day in days]


def unreadable(recurrence: Recurrence) -> int:
    """Of how many the date cannot be read. Raises SegmentError."""
    if recurrence.rhythm != Rhythm.BIRTHDAY:
        return 0
    is_unclear = days_of_year.is_unreadable(recurrence.date_property)
    found = Reach.of(recurrence.campaign).messageable
    return sum(each.filter(is_unclear).values("phone").distinct().count() for each in found)


def _people(reach: Reach) -> int:
    return sum(each.values("phone").distinct().count() for each in reach.messageable)
