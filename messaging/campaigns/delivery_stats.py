"""What became of every recipient of a campaign: counts that always add up."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.db.models import Count

from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState

TONES = {
    CampaignState.DRAFT: "neutral",
    CampaignState.SCHEDULED: "info",
    CampaignState.PLANNING: "info",
    CampaignState.SENDING: "info",
    CampaignState.HELD: "warning",
    CampaignState.CANCELLED: "neutral",
}


@dataclass(frozen=True)
class DeliveryStats:
    waiting: int = 0
    accepted: int = 0
    delivered: int = 0
    failed: int = 0
    uncertain: int = 0
    skipped: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.taken + self.failed + self.uncertain + self.skipped

    @property
    def taken(self) -> int:
        """What SmartDialog has taken, delivered or not."""
        return self.accepted + self.delivered

    @property
    def meant(self) -> int:
        """Whom it was, or is, to reach."""
        return self.total - self.skipped

    @property
    def counts(self) -> dict[str, int]:
        """In the order in which they are drawn, by the words beside them."""
        return {
            "delivered": self.delivered,
            "accepted": self.accepted,
            "failed": self.failed,
            "uncertain": self.uncertain,
            "waiting": self.waiting,
            "left_out": self.skipped,
        }

    def by_state(self) -> list[tuple[RecipientState, int]]:
        """The states that somebody is in, with how many."""
        numbers = {**asdict(self), RecipientState.PLANNED: self.waiting}
        return [(state, numbers[state]) for state in RecipientState if numbers[state]]


def stats_of(campaign: Campaign) -> DeliveryStats:
    return stats_by_campaign([campaign])[campaign.pk]


def stats_by_campaign(campaigns: Iterable[Campaign]) -> dict[int, DeliveryStats]:
    """For each campaign its stats, by key; one query for all."""
    keys = [campaign.pk for campaign in campaigns]
    counts: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = Recipient.objects.filter(campaign__in=keys).order_by().values_list("campaign", "state")
    for key, state, number in rows.annotate(number=Count("pk")):
        counts[key]["waiting" if state == RecipientState.PLANNED else state] = number
    return {key: DeliveryStats(**found) for key, found in counts.items()}


@dataclass(frozen=True)
class StatusBadge:
    """Where a campaign stands in a word, and how that feels. "Sent" only if a message was taken."""

    label: str
    tone: str


def status_badge(campaign: Campaign, stats: DeliveryStats) -> StatusBadge:
    if campaign.is_paused:
        return StatusBadge("Paused", "info" if campaign.resumes_at else "warning")
    if campaign.state != CampaignState.SENT:
        return StatusBadge(campaign.get_state_display(), TONES[CampaignState(campaign.state)])
    if stats.failed and not stats.taken:
        return StatusBadge("Failed", "negative")
    if stats.failed or stats.uncertain:
        return StatusBadge("Sent, not to all", "warning")
    return StatusBadge("Sent", "positive") if stats.taken else StatusBadge("Sent to nobody", "neutral")
