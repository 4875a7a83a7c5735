"""What was agreed to beside the recipients' own rows: where the two differ, the page says by how much."""

from dataclasses import dataclass

from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import DeliveryStats


@dataclass(frozen=True)
class Receipt:
    """`agreed` when it was scheduled; `meant` to get it and `left_out` by the rows."""

    agreed: int
    meant: int
    left_out: int

    @property
    def difference(self) -> str:
        """ "3 more", "1 fewer"; "" where as many get it as was agreed to."""
        more = self.meant - self.agreed
        return f"{abs(more):,} {'more' if more > 0 else 'fewer'}" if more else ""

    @property
    def unaccounted(self) -> int:
        """Who was agreed to and is in no row, not even as left out: there should be none."""
        return max(0, self.agreed - self.meant - self.left_out)


def receipt_of(campaign: Campaign, stats: DeliveryStats) -> Receipt | None:
    """None before all of its people are listed."""
    if campaign.people is None or campaign.listed_at is None:
        return None
    return Receipt(campaign.people, stats.meant, stats.skipped)
