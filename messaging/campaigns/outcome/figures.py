"""What a campaign came to, in a few numbers with their share of those whom it was to reach."""

from dataclasses import dataclass

from messaging.campaigns.models import RecipientState
from messaging.campaigns.outcome import reached_people, responses
from messaging.campaigns.outcome.delivery_stats import DeliveryStats, percent
from messaging.campaigns.outcome.responses import Responses


@dataclass(frozen=True)
class Figure:
    """`state`: the filter that shows who they are."""

    label: str
    number: int
    note: str
    state: str
    tone: str


def figures(stats: DeliveryStats, responded: Responses, *, confirms: bool) -> list[Figure]:
    """`confirms`: delivery reports reach us. None before anybody is to get it."""
    if not stats.meant:
        return []
    delivered = f"{stats.percent} % of {stats.meant:,}" if confirms else "Reports do not reach us"
    answered, opted_out, clicked = responded.answered, responded.opted_out, responded.clicked
    found = [
        Figure("Delivered", stats.delivered, delivered, RecipientState.DELIVERED, "positive"),
        Figure("Failed", stats.failed, _share(stats.failed, stats), RecipientState.FAILED, "negative"),
        Figure("Answered", answered, _lately(answered, stats), reached_people.ANSWERED, "info"),
        Figure("Opted out", opted_out, _lately(opted_out, stats), reached_people.OPTED_OUT, "warning"),
    ]
    if clicked is not None:
        found.insert(2, Figure("Clicked", clicked, _share(clicked, stats), reached_people.CLICKED, "info"))
    return found


def _share(number: int, stats: DeliveryStats) -> str:
    return f"{percent(number, stats.meant)} %"


def _lately(number: int, stats: DeliveryStats) -> str:
    return f"{_share(number, stats)}, within {responses.DAYS} days"
