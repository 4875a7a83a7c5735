"""Deliveries over time, as a curve that the page draws without a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from math import ceil

from django.core.cache import cache
from django.db.models import Subquery

from messaging.campaigns.audiences import sampling
from messaging.campaigns.models import Campaign, RecipientState
from messaging.campaigns.outcome.delivery_stats import percent

WIDTH, HEIGHT = 560, 100  # of the drawing, in its own units
KEPT_FOR = 600  # seconds
PEOPLE_SAMPLED = 2_000  # of a larger campaign; evenly, wherever their calls were


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


def kept_curve(campaign: Campaign, counts: Sequence[tuple[str, str, int]]) -> DeliveryCurve | None:
    """As it was drawn while as many were in each state, for the same reasons: then nobody has come to any."""
    seen = f"{campaign.goes_at} {counts}"
    key = f"campaigns.curve.{campaign.pk}.{sha256(seen.encode()).hexdigest()}"
    curve: DeliveryCurve | None = cache.get_or_set(key, partial(delivery_curve, campaign), KEPT_FOR)
    return curve


def delivery_curve(campaign: Campaign) -> DeliveryCurve | None:
    """None while nothing is delivered. Two queries, over a sample of what is large."""
    sample = _sample(campaign)
    delivered = sorted(at for state, at in sample if state == RecipientState.DELIVERED and at)
    if not delivered or campaign.goes_at is None:
        return None
    begins_at, ends_at = min(campaign.goes_at, delivered[0]), delivered[-1]
    moments = [max(at, begins_at) for at in delivered]
    return DeliveryCurve(
        begins_at=begins_at,
        ends_at=ends_at,
        points=_points([at - begins_at for at in moments], len(sample)),
        percent=percent(len(delivered), len(sample)),
        half_after=_when_reached(0.5, moments) - begins_at,
        most_after=_when_reached(0.9, moments) - begins_at,
    )


def _points(ages: Sequence[timedelta], total: int) -> list[tuple[float, float]]:
    """Of all, how many have it when: as many points as can be told apart."""
    span = max(ages[-1].total_seconds(), 1)
    heights = {
        round(WIDTH * (age.total_seconds() / span), 1): HEIGHT - HEIGHT * number / total
        for number, age in enumerate(ages, start=1)
    }
    return list(heights.items())


def _sample(campaign: Campaign) -> list[tuple[str, datetime | None]]:
    """State and time of those whose call was made: evenly from all of the campaign."""
    in_calls = campaign.recipients.filter(batch__lte=campaign.batches)
    left = in_calls.exclude(state=RecipientState.SKIPPED).order_by()
    pieces = sampling.evenly(*_span(campaign), people=PEOPLE_SAMPLED)
    return (
        list(left.filter(sampling.InOneOf("pk", pieces)).values_list("state", "settled_at")) if pieces else []
    )


def _span(campaign: Campaign) -> tuple[int, int]:
    """The first and the last key of its recipients, by the index of their states."""
    of_states = [campaign.recipients.filter(state=state).values("pk") for state in RecipientState]
    ends = [Subquery(rows.order_by(way)[:1]) for rows in of_states for way in ("pk", "-pk")]
    found = [key for key in Campaign.objects.filter(pk=campaign.pk).values_list(*ends).get() if key]
    return min(found, default=0), max(found, default=0)


def _when_reached(share: float, moments: Sequence[datetime]) -> datetime:
    return moments[max(ceil(share * len(moments)) - 1, 0)]
