"""Deliveries over time, as a curve that the page draws without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from django.db.models import Count, Max, Min, Q, QuerySet
from django.db.models.functions import TruncDay, TruncHour, TruncMinute, TruncSecond

from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.campaigns.outcome.delivery_stats import percent

WIDTH, HEIGHT = 560, 100  # of the drawing, in its own units
CALLS_SAMPLED = 200  # of a larger campaign some of its calls, evenly, tell of all
_IS_DELIVERED = Q(state=RecipientState.DELIVERED)
# The longest time that is counted in such steps.
_STEPS = [
    (timedelta(minutes=3), TruncSecond),
    (timedelta(hours=3), TruncMinute),
    (timedelta(days=7), TruncHour),
]


@dataclass(frozen=True)
class DeliveryCurve:
    """`points`: (x, y) in the drawing's units, y from above; `percent`: of all that left, at the end."""

    begins_at: datetime
    ends_at: datetime
    points: Sequence[tuple[float, float]]
    percent: int
    half_after: timedelta
    most_after: timedelta  # nine of ten of those who have it

    @property
    def drawn(self) -> str:
        """The area below the curve, as SVG has it."""
        corners = [(0.0, float(HEIGHT)), *self.points, (float(WIDTH), float(HEIGHT))]
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def delivery_curve(campaign: Campaign) -> DeliveryCurve | None:
    """None while nothing is delivered. Two queries, over a sample of what is large."""
    sample = _sample(campaign)
    first, last = Min("settled_at", filter=_IS_DELIVERED), Max("settled_at", filter=_IS_DELIVERED)
    known = sample.aggregate(total=Count("pk"), first=first, last=last)
    if known["first"] is None or campaign.goes_at is None:
        return None
    begins_at = min(campaign.goes_at, known["first"])
    counts = _counts(sample, known["last"] - begins_at)
    moments = [max(at, begins_at) for at, _ in counts]
    reached = list(accumulate(number for _, number in counts))
    return DeliveryCurve(
        begins_at=begins_at,
        ends_at=known["last"],
        points=_points([at - begins_at for at in moments], reached, known["total"]),
        percent=percent(reached[-1], known["total"]),
        half_after=_when_reached(0.5, moments, reached) - begins_at,
        most_after=_when_reached(0.9, moments, reached) - begins_at,
    )


def _points(ages: Sequence[timedelta], reached: Sequence[int], total: int) -> list[tuple[float, float]]:
    span = max(ages[-1].total_seconds(), 1)
    return [
        (WIDTH * (age.total_seconds() / span), HEIGHT - HEIGHT * number / total)
        for age, number in zip(ages, reached, strict=True)
    ]


def _sample(campaign: Campaign) -> QuerySet[Recipient]:
    every = max(1, campaign.batches // CALLS_SAMPLED)
    numbers = range(1, campaign.batches + 1, every)
    return campaign.recipients.filter(batch__in=numbers).exclude(state=RecipientState.SKIPPED).order_by()


def _counts(sample: QuerySet[Recipient], span: timedelta) -> list[tuple[datetime, int]]:
    step = next((step for longest, step in _STEPS if span <= longest), TruncDay)
    delivered = sample.filter(_IS_DELIVERED).annotate(at=step("settled_at")).values_list("at")
    return list(delivered.annotate(number=Count("pk")).order_by("at"))


def _when_reached(share: float, moments: Sequence[datetime], reached: Sequence[int]) -> datetime:
    return next(at for at, number in zip(moments, reached, strict=True) if number >= share * reached[-1])
