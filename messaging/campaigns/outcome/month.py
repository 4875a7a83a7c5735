"""A month of campaigns, as weeks of days in the person's own zone."""

import calendar
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import pairwise

from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Customer
from messaging.campaigns.models import Campaign, CampaignState

FIRST_YEAR, LAST_YEAR = 2000, 2100
CLOSE = timedelta(hours=1)  # campaigns nearer to each other compete for people's attention


@dataclass(frozen=True)
class CalendarDay:
    date: date
    is_of_month: bool
    campaigns: list[Campaign]

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()

    @property
    def is_to_come(self) -> bool:
        return self.date >= timezone.localdate()

    @cached_property
    def clashing(self) -> set[int]:
        """The keys of scheduled campaigns that are within an hour of each other."""
        waiting = [each for each in self.campaigns if each.state == CampaignState.SCHEDULED]
        pairs = [
            (one, other)
            for one, other in pairwise(waiting)
            if one.goes_at and other.goes_at and other.goes_at - one.goes_at < CLOSE
        ]
        return {each.pk for pair in pairs for each in pair}


def parse_month(text: str) -> date:
    """The first day of a month like 2026-12; of this one for anything else."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)
    return first if FIRST_YEAR <= first.year <= LAST_YEAR else timezone.localdate().replace(day=1)


def adjacent_months(first: date) -> tuple[date, date]:
    """The first days of the months before and after."""
    return (first - timedelta(days=1)).replace(day=1), (first + timedelta(days=31)).replace(day=1)


def weeks(customer: Customer | None, first: date) -> list[list[CalendarDay]]:
    """Whole weeks, from Monday; one query. A day holds what was sent or is to be sent on it, drafts never."""
    dates = calendar.Calendar().monthdatescalendar(first.year, first.month)
    by_date = _by_date(customer, dates[0][0], dates[-1][-1] + timedelta(days=1))
    return [[CalendarDay(each, each.month == first.month, by_date[each]) for each in week] for week in dates]


def _by_date(customer: Customer | None, start: date, end: date) -> defaultdict[date, list[Campaign]]:
    written = Campaign.objects.of_customer(customer).exclude(state=CampaignState.DRAFT)
    placed = written.annotate(at=Coalesce("send_at", "begun_at", "scheduled_at")).select_related("template")
    found: defaultdict[date, list[Campaign]] = defaultdict(list)
    for campaign in placed.filter(at__gte=_midnight(start), at__lt=_midnight(end)).order_by("at", "pk"):
        found[timezone.localdate(campaign.goes_at)].append(campaign)
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
