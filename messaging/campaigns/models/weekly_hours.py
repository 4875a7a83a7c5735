"""Hours of a week: from when until when on each weekday, but for some dates."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db import models

Open = tuple[time, time]  # from, until; until midnight is 00:00
DAYS_AHEAD = 400  # that are looked at for a day with hours


class WeeklyHours(models.Model):
    """`days`: of each weekday from Monday, `["08:00", "21:00"]` or null for a day without any."""

    zone = models.CharField(max_length=50)
    days = models.JSONField()
    closed_dates = models.JSONField(default=list)  # ISO dates

    class Meta:
        abstract = True

    @property
    def week(self) -> str:
        """ "Mon to Fri 08:00–21:00, Sat 10:00–16:00"."""
        spans = [(said, list(numbers)) for said, numbers in groupby(range(7), key=lambda day: self.days[day])]
        return ", ".join(f"{_span(numbers)} {said[0]}–{said[1]}" for said, numbers in spans if said)

    def next_open(self, moment: datetime) -> datetime | None:
        """`moment` itself if it is within the hours, else when they begin again; None if they never do."""
        zone = ZoneInfo(self.zone)
        first = moment.astimezone(zone).date()
        for day in (first + timedelta(days=number) for number in range(DAYS_AHEAD)):
            span = self._span_of(day, zone)
            if span and moment < span[1]:
                return max(moment, span[0])
        return None

    def next_closed(self, moment: datetime) -> datetime | None:
        """`moment` itself if it is outside the hours, else when they end; None if they never do."""
        at = moment.astimezone(UTC)
        for _ in range(DAYS_AHEAD):
            closes_at = self._closes_at(at)
            if closes_at is None:
                return at
            at = closes_at
        return None

    def after(self, moment: datetime, need: timedelta) -> datetime | None:
        """When so much time within the hours has gone by since then; None if it never has."""
        opens_at = self.next_open(moment)
        while opens_at:
            at, closes_at = opens_at.astimezone(UTC), self.next_closed(opens_at)
            if closes_at is None or at + need <= closes_at:
                return at + need
            need -= closes_at - at
            opens_at = self.next_open(closes_at)
        return None

    def _closes_at(self, moment: datetime) -> datetime | None:
        """The end of the hours of that day; None where it is outside of them."""
        zone = ZoneInfo(self.zone)
        span = self._span_of(moment.astimezone(zone).date(), zone)
        return span[1].astimezone(UTC) if span and span[0] <= moment < span[1] else None

    def seconds_within(self, since: datetime, until: datetime) -> int:
        """How much of that time is within the hours."""
        zone = ZoneInfo(self.zone)
        first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
        days = (first + timedelta(days=number) for number in range((last - first).days + 1))
        spans = ([at.astimezone(UTC) for at in span] for day in days if (span := self._span_of(day, zone)))
        within = (min(until, closes) - max(since, opens) for opens, closes in spans)
        return int(sum(max(0.0, each.total_seconds()) for each in within))

    def share_outside(self, since: datetime, until: datetime) -> float:
        """Of that time; of a moment all or nothing."""
        seconds = int((until.astimezone(UTC) - since.astimezone(UTC)).total_seconds())
        if seconds <= 0:
            return float(self.next_open(since) != since)
        return 1 - min(self.seconds_within(since, until) / seconds, 1)

    def of_day(self, day: date) -> Open | None:
        said = None if day.isoformat() in self.closed_dates else self.days[day.weekday()]
        return (time.fromisoformat(said[0]), time.fromisoformat(said[1])) if said else None

    def _span_of(self, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        """When they begin and end on that day."""
        hours = self.of_day(day)
        if hours is None:
            return None
        opens, closes = hours
        return _moment(day, opens, zone, is_end=False), _moment(day, closes, zone, is_end=True)


def _span(weekdays: list[int]) -> str:
    first, last = calendar.day_abbr[weekdays[0]], calendar.day_abbr[weekdays[-1]]
    return first if first == last else f"{first} to {last}"


def _moment(day: date, at: time, zone: ZoneInfo, *, is_end: bool) -> datetime:
    """Where a change of clocks skips it, the hours begin that much later; where it comes twice, the first."""
    if is_end and at == time.min:
        day += timedelta(days=1)
    return datetime.combine(day, at, zone)
