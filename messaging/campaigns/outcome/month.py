"""A month of campaigns, as weeks of days in the person's own zone."""

import calendar
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Customer
from messaging.campaigns.models import Campaign, CampaignQuerySet, CampaignState, Recurrence
from messaging.campaigns.outcome import clashes

FIRST_YEAR, LAST_YEAR = 2000, 2100
DAY = timedelta(days=1)


@dataclass(frozen=True)
class RepeatToCome:
    """One that is still to be made of a campaign that comes again."""

    at: datetime
    recurrence: Recurrence
    is_clashing: bool


@dataclass(frozen=True)
class CalendarDay:
    """`clashing`: the keys of campaigns, of all days, that are within an hour of another."""

    date: date
    is_of_month: bool
    campaigns: list[Campaign]
    repeats: list[RepeatToCome]
    clashing: set[Hashable]

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()

    @property
    def is_to_come(self) -> bool:
        return self.date >= timezone.localdate()


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
    """Whole weeks, from Monday; two queries. A day has what was sent or is to be on it, drafts never."""
    dates = calendar.Calendar().monthdatescalendar(first.year, first.month)
    start, end = midnight(dates[0][0]), midnight(dates[-1][-1] + DAY)
    # What ends or begins within an hour of the days that are shown clashes with theirs.
    campaigns = list(_campaigns(customer, start - DAY, end + DAY))
    repeats = list(_repeats(customer, end + DAY))
    marked = clashes.clashing(campaigns, repeats)
    by_date, again = _by_date(campaigns), _repeats_by_date(repeats, marked)
    return [
        [CalendarDay(each, each.month == first.month, by_date[each], again[each], marked) for each in week]
        for week in dates
    ]


def _campaigns(customer: Customer | None, start: datetime, end: datetime) -> CampaignQuerySet:
    written = Campaign.objects.of_customer(customer).exclude(state=CampaignState.DRAFT)
    placed = written.annotate(at=Coalesce("send_at", "begun_at", "scheduled_at"))
    shown = placed.filter(at__gte=start, at__lt=end).select_related("template", "customer")
    return shown.order_by("at", "pk")


def _repeats(customer: Customer | None, end: datetime) -> Iterator[tuple[datetime, Recurrence]]:
    recurrences = Recurrence.objects.of_customer(customer).filter(next_at__lt=end)
    for each in recurrences.select_related("campaign__template", "campaign__customer", "latest"):
        yield from ((moment, each) for moment in each.to_come(end))


def _by_date(campaigns: Iterable[Campaign]) -> defaultdict[date, list[Campaign]]:
    found: defaultdict[date, list[Campaign]] = defaultdict(list)
    for campaign in campaigns:
        found[timezone.localdate(campaign.goes_at)].append(campaign)
    return found


def _repeats_by_date(
    repeats: Iterable[tuple[datetime, Recurrence]], marked: set[Hashable]
) -> defaultdict[date, list[RepeatToCome]]:
    found: defaultdict[date, list[RepeatToCome]] = defaultdict(list)
    for moment, each in repeats:
        is_clashing = clashes.repeat_key(moment, each) in marked
        found[timezone.localdate(moment)].append(RepeatToCome(moment, each, is_clashing))
    return found


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
