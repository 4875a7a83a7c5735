"""A campaign that is sent again and again: by the week or by the month, at a time of the day in a zone."""

import calendar
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from messaging.campaigns.models.campaign import Campaign

LAST = -1  # of the weeks of a month
DAYS_AHEAD = 800  # that are looked at


class Rhythm(models.TextChoices):
    WEEK = "week", "Each week"
    MONTH_DAY = "month_day", "Each month, on a day"
    MONTH_WEEKDAY = "month_weekday", "Each month, on a weekday"
    BIRTHDAY = "birthday", "Each year, on a day of each person’s own"


class RecurrenceQuerySet(TenantQuerySet["Recurrence"]):
    def due(self, until: datetime) -> "RecurrenceQuerySet":
        """Whose next campaign is to be made, the earliest first."""
        return self.filter(next_at__lte=until).order_by("next_at", "pk")


class Recurrence(models.Model):
    """`next_at` is the checkpoint: the time of the campaign to be made next; null: none follows."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="recurrences", db_index=False
    )
    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, related_name="recurrence", help_text="That is copied."
    )
    latest = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, related_name="+", help_text="That was made last."
    )
    approved = models.ForeignKey(
        Campaign,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="Of those made, the one that a second person approved, for all that are alike.",
    )
    rhythm = models.CharField(max_length=20, choices=Rhythm.choices)
    weekday = models.PositiveSmallIntegerField(null=True, help_text="From Monday, 0.")
    week = models.SmallIntegerField(null=True, help_text="Of the month: 1 to 4, or LAST.")
    day = models.PositiveSmallIntegerField(null=True, help_text="The last of a shorter month.")
    date_property = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Whose day of the year it is sent on.",
    )
    agreed_revision = models.PositiveIntegerField(
        null=True, help_text="Of a draft that somebody has let come, though it was never sent itself."
    )
    time = models.TimeField()
    zone = models.CharField(max_length=50)
    ends_on = models.DateField(null=True, help_text="The last day that it may be sent on.")
    next_at = models.DateTimeField(null=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RecurrenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["next_at"], name="recurrence_to_be_made", condition=models.Q(next_at__isnull=False)
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def is_agreed(self) -> bool:
        """To what it repeats, as that is now."""
        return self.campaign.is_agreed or self.campaign.revision == self.agreed_revision

    @property
    def words(self) -> str:
        """ "Each Monday at 09:00 Helsinki"."""
        city = self.zone.rpartition("/")[2].replace("_", " ")
        if self.rhythm == Rhythm.BIRTHDAY:
            return f"Each year on the day in {self.date_property}, at {self.time:%H:%M} {city}"
        return f"Each {self._days_in_words()} at {self.time:%H:%M} {city}"

    def occurrences(self, after: datetime) -> Iterator[datetime]:
        """Later than `after`, in order. A time that a change of clocks skips comes that much later."""
        zone = ZoneInfo(self.zone)
        first = after.astimezone(zone).date()
        for day in (first + timedelta(days=number) for number in range(DAYS_AHEAD)):
            if self.ends_on and day > self.ends_on:
                return
            moment = datetime.combine(day, self.time, zone)
            if self._is_on(day) and moment > after:
                yield moment

    def to_come(self, until: datetime) -> Iterator[datetime]:
        """Those that are still to be made, before that time."""
        if self.next_at and self.next_at < until:
            yield self.next_at
            yield from takewhile(lambda moment: moment < until, self.occurrences(self.next_at))

    def _is_on(self, day: date) -> bool:
        if self.rhythm == Rhythm.BIRTHDAY:
            return True
        days = calendar.monthrange(day.year, day.month)[1]
        if self.rhythm == Rhythm.MONTH_DAY:
            return day.day == min(self.day or days, days)
        if day.weekday() != self.weekday:
            return False
        if self.rhythm == Rhythm.WEEK:
            return True
        return day.day + 7 > days if self.week == LAST else (day.day - 1) // 7 + 1 == self.week

    def _days_in_words(self) -> str:
        if self.rhythm == Rhythm.MONTH_DAY:
            return f"month on day {self.day}"
        name = calendar.day_name[self.weekday or 0]
        if self.rhythm == Rhythm.WEEK:
            return name
        return f"{WEEKS[self.week or LAST].lower()} {name} of the month"


WEEKS = {1: "First", 2: "Second", 3: "Third", 4: "Fourth", LAST: "Last"}
