"""What became of every recipient of a campaign: counts that always add up."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import timedelta

from django.conf import settings

from gateway import clock
from messaging.campaigns.models import Campaign, CampaignState, RecipientState
from messaging.campaigns.outcome import recipient_counts

TONES = {
    CampaignState.DRAFT: "neutral",
    CampaignState.AWAITING: "warning",
    CampaignState.SCHEDULED: "info",
    CampaignState.PLANNING: "info",
    CampaignState.SENDING: "info",
    CampaignState.HELD: "warning",
    CampaignState.CANCELLED: "neutral",
}
MOST_LOST = 0.1  # of all that were sent; with fewer failed or uncertain it is good news
# By whether any failed, and whether any may have been sent.
_REACHED_NOBODY = {
    (True, True): ("Failed", "negative"),
    (True, False): ("Failed", "negative"),
    (False, True): ("Uncertain", "warning"),
    (False, False): ("Sent to nobody", "neutral"),
}
NO_REPORT = "No report"


@dataclass(frozen=True)
class DeliveryStats:
    """`unknown`: SmartDialog took it, and no report came within the hours in which one was to."""

    waiting: int = 0
    accepted: int = 0
    delivered: int = 0
    failed: int = 0
    uncertain: int = 0
    skipped: int = 0
    unknown: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.taken + self.failed + self.uncertain + self.skipped

    @property
    def taken(self) -> int:
        """What SmartDialog has taken, delivered or not."""
        return self.accepted + self.delivered + self.unknown

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
            "unknown": self.unknown,
            "uncertain": self.uncertain,
            "waiting": self.waiting,
            "skipped": self.skipped,
        }

    @property
    def percent(self) -> int:
        """Delivered of those whom it was to reach; only none is 0, and only all is 100."""
        return percent(self.delivered, self.meant)

    def by_state(self) -> list[tuple[RecipientState, str, int]]:
        """The states that somebody is in, in words, with how many."""
        accepted = self.accepted + self.unknown
        numbers = {**asdict(self), RecipientState.PLANNED: self.waiting, RecipientState.ACCEPTED: accepted}
        words = {RecipientState.ACCEPTED: NO_REPORT} if self.unknown else {}
        return [
            (state, words.get(state, state.label), numbers[state])
            for state in RecipientState
            if numbers[state]
        ]


def percent(part: int, whole: int) -> int:
    """Of a whole above 0, so that only none is 0, and only all is 100."""
    share = round(100 * part / whole) if whole else 0
    return min(max(share, 1), 99) if 0 < part < whole else share


def stats_of(campaign: Campaign) -> DeliveryStats:
    return stats_by_campaign([campaign])[campaign.pk]


def stats_by_campaign(campaigns: Iterable[Campaign]) -> dict[int, DeliveryStats]:
    """For each campaign its stats, by key; one query for all."""
    found = {campaign.pk: campaign for campaign in campaigns}
    counts: dict[int, list[tuple[str, int]]] = {key: [] for key in found}
    for key, state, number in recipient_counts.by_state(found):
        counts[key].append((state, number))
    return {key: stats_from(campaign, counts[key]) for key, campaign in found.items()}


def stats_from(campaign: Campaign, counts: Iterable[tuple[str, int]]) -> DeliveryStats:
    """From how many are in each state; one may come several times."""
    numbers: Counter[str] = Counter()
    for state, number in counts:
        numbers["waiting" if state == RecipientState.PLANNED else str(state)] += number
    stats = DeliveryStats(**numbers)
    return replace(stats, accepted=0, unknown=stats.accepted) if is_silent(campaign) else stats


def is_silent(campaign: Campaign) -> bool:
    """What has no report by now will hardly get one."""
    if campaign.finished_at is None:
        return False
    since = max(campaign.finished_at, campaign.goes_at or campaign.finished_at)
    return since < clock.now() - timedelta(hours=settings.CAMPAIGN_UNKNOWN_HOURS)


@dataclass(frozen=True)
class StatusBadge:
    """Where a campaign stands in a word, and how that feels. "Sent" only if a message was taken."""

    label: str
    tone: str


def status_badge(campaign: Campaign, stats: DeliveryStats) -> StatusBadge:
    if campaign.is_paused:
        return StatusBadge("Paused", "info" if campaign.resumes_at else "warning")
    if campaign.is_waiting_for_rest:
        return StatusBadge("The rest waits", "info" if campaign.rest_due_at else "warning")
    if campaign.state != CampaignState.SENT:
        return StatusBadge(campaign.shown_state.label, TONES[campaign.shown_state])
    if not stats.taken:
        words, tone = _REACHED_NOBODY[bool(stats.failed), bool(stats.uncertain)]
        return StatusBadge(words, tone)
    words = f"Sent, {stats.percent} % delivered" if stats.delivered else "Sent"
    is_good = stats.failed + stats.uncertain <= MOST_LOST * stats.meant
    return StatusBadge(words, "positive" if is_good else "warning")
