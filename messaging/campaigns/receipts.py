"""What became of every recipient of a campaign: counts that always add up."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from messaging.campaigns.models import Campaign, Recipient, RecipientState


@dataclass(frozen=True)
class Receipt:
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
    def addressed(self) -> int:
        """Everybody but those left out."""
        return self.total - self.skipped


def receipt_of(campaign: Campaign) -> Receipt:
    return receipts_of([campaign])[campaign.pk]


def receipts_of(campaigns: Iterable[Campaign]) -> dict[int, Receipt]:
    """For each campaign its receipt, by key; one query for all."""
    keys = [campaign.pk for campaign in campaigns]
    counts: dict[int, dict[str, int]] = {key: {} for key in keys}
    rows = Recipient.objects.filter(campaign__in=keys).order_by().values_list("campaign", "state")
    for key, state, number in rows.annotate(number=Count("pk")):
        counts[key]["waiting" if state == RecipientState.PLANNED else state] = number
    return {key: Receipt(**found) for key, found in counts.items()}
