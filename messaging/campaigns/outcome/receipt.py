"""What was agreed to beside the recipients' own rows: where the two differ, the page says by how much."""

from dataclasses import dataclass

from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import DeliveryStats


@dataclass(frozen=True)
class Receipt:
    """`agreed` when it was scheduled; `meant` to get it by the rows; `unaccounted`: in no row, not even as
    skipped since: there should be none.
    """

    agreed: int
    meant: int
    unaccounted: int

    @property
    def difference(self) -> str:
        """ "3 more", "1 fewer"; "" where as many get it as was agreed to."""
        more = self.meant - self.agreed
        return f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else ""


def receipt_of(campaign: Campaign, stats: DeliveryStats) -> Receipt | None:
    """None before all of its people are listed, and where each occurrence has people of its own."""
    if campaign.people is None or campaign.listed_at is None or campaign.on_day:
        return None
    return Receipt(campaign.people, stats.meant, _unaccounted(campaign, campaign.people, stats))


def _unaccounted(campaign: Campaign, agreed: int, stats: DeliveryStats) -> int:
    """Who was to get nothing from the first accounts for nobody. Of a repeat others were counted, before."""
    if campaign.occurrence_of_id:
        return 0
    skipped_since = max(stats.skipped - (campaign.agreed_left_out or 0), 0)
    return max(agreed - stats.meant - skipped_since, 0)
