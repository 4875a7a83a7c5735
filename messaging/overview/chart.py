"""Fourteen days of messages, as bars that the page draws without a script."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from accounts.models import Customer
from gateway import clock
from messaging.campaigns.models import Recipient, RecipientState
from messaging.inbox.models import Message

DAYS = 14
HEIGHT = 100  # of the drawing, in its own units


@dataclass(frozen=True)
class DailyCounts:
    date: date
    sent: int
    delivered: int
    failed: int
    answered: int

    @property
    def total(self) -> int:
        return self.sent + self.failed


@dataclass(frozen=True)
class Bar:
    """Heights and places in the drawing's units; `sent` is what has no report yet."""

    day: DailyCounts
    x: int
    delivered: float
    sent: float
    failed: float
    answered: float

    @property
    def failed_from(self) -> float:
        return self.delivered + self.sent


@dataclass(frozen=True)
class Chart:
    bars: list[Bar]
    highest: int

    @property
    def is_empty(self) -> bool:
        return not any(bar.day.total or bar.day.answered for bar in self.bars)


def message_chart(customer: Customer) -> Chart:
    """Two queries, whatever the number of messages; days in the person's own zone."""
    days = _days(customer)
    highest = max([max(day.total, day.answered) for day in days] + [1])
    scale = HEIGHT / highest
    bars = [
        Bar(
            day=day,
            x=number * 40,
            delivered=day.delivered * scale,
            sent=(day.sent - day.delivered) * scale,
            failed=day.failed * scale,
            answered=day.answered * scale,
        )
        for number, day in enumerate(days)
    ]
    return Chart(bars=bars, highest=highest)


def _days(customer: Customer) -> list[DailyCounts]:
    today = timezone.localdate()
    dates = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    since = clock.now() - timedelta(days=DAYS)
    states = _by_day_and_state(customer, since)
    answers = _received_by_day(customer, since)
    return [
        DailyCounts(
            date=each,
            sent=sum(states[each, state] for state in (RecipientState.ACCEPTED, RecipientState.DELIVERED)),
            delivered=states[each, RecipientState.DELIVERED],
            failed=states[each, RecipientState.FAILED],
            answered=answers[each],
        )
        for each in dates
    ]


def _by_day_and_state(customer: Customer, since: datetime) -> Counter[tuple[date, str]]:
    rows = (
        Recipient.objects.of_customer(customer)
        .filter(campaign__begun_at__gte=since)
        .order_by()
        .annotate(day=TruncDate("campaign__begun_at"))
        .values_list("day", "state")
        .annotate(count=Count("pk"))
    )
    return Counter({(day, state): count for day, state, count in rows})


def _received_by_day(customer: Customer, since: datetime) -> Counter[date]:
    rows = (
        Message.objects.of_customer(customer)
        .received()
        .filter(at__gte=since, thread__last_message_at__gte=since)  # the threads have an index for it
        .order_by()
        .annotate(day=TruncDate("at"))
        .values_list("day")
        .annotate(count=Count("pk"))
    )
    return Counter(dict(rows))
