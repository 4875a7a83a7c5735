"""How far sending has come, and when it will be over at the pace that is seen."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import clock, outbox
from gateway.models import Lane
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.outcome.delivery_stats import DeliveryStats


@dataclass(frozen=True)
class Pace:
    """Of people; `seconds` until all are sent to, None while nothing can be said of it.

    `next_at`: when it goes on, while all that waits is for a later hour or day.
    """

    done: int
    total: int
    seconds: float | None
    next_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        return None if self.seconds is None else clock.now() + timedelta(seconds=self.seconds)

    @property
    def a_minute(self) -> int:
        """People; 0 where it takes less than a minute more."""
        return (
            round(60 * (self.total - self.done) / self.seconds) if self.seconds and self.seconds > 60 else 0
        )


def pace_of(campaign: Campaign, stats: DeliveryStats) -> Pace:
    next_at = outbox.waits_until(campaign.batch) if campaign.is_under_way else None
    return Pace(stats.meant - stats.waiting, stats.meant, None if next_at else _seconds(campaign), next_at)


def _seconds(campaign: Campaign) -> float | None:
    if not campaign.is_under_way or campaign.is_paused:
        return None
    connection = campaign.connection
    if connection is None or not connection.is_active:
        return None
    to_come = 0
    if campaign.state == CampaignState.PLANNING:
        earlier = campaign.planned_before()
        to_come = campaign.calls_to_come + sum(each.calls_to_come for each in earlier)
    return outbox.seconds_left(connection, campaign.batch, lane=Lane.CAMPAIGN, to_come=to_come)
