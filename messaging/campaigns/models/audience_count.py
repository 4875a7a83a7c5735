"""An audience that is too large to be counted while a page loads, counted person by person."""

from typing import Self

from django.db import models

from accounts.tenancy import TenantQuerySet
from gateway.workers.leases import MAX_STALLS, unleased
from messaging.campaigns.models.campaign import Campaign


class AudienceCountQuerySet(TenantQuerySet["AudienceCount"]):
    customer_path = "campaign__customer"

    def free(self) -> Self:
        """That nobody counts now."""
        return self.filter(unleased(), finished_at=None).order_by("pk")


class AudienceCount(models.Model):
    """Of a campaign as it is at `revision`; 0: it cannot be counted as it is.

    One worker counts at a time, under a lease (`fence`, `leased_until`); its successor begins anew.
    """

    campaign = models.OneToOneField(
        Campaign, on_delete=models.CASCADE, primary_key=True, related_name="audience_count"
    )
    revision = models.PositiveIntegerField()
    of = models.PositiveIntegerField(null=True, help_text="Rows to be looked at.")
    seen = models.PositiveIntegerField(default=0)
    people = models.PositiveIntegerField(default=0)
    first = models.PositiveIntegerField(null=True, help_text="Of the people, to whom it goes first.")
    calls = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(null=True, help_text="Of an SMS.")
    left_out = models.JSONField(default=dict, help_text="People by the reason.")
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each lease.")
    leased_until = models.DateTimeField(null=True)
    stalls = models.PositiveIntegerField(
        default=0, help_text="How many workers in a row did not come to its end."
    )
    finished_at = models.DateTimeField(null=True)

    objects = AudienceCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Count of {self.campaign}"

    @property
    def is_given_up(self) -> bool:
        """Several workers ended over it: it is not the campaign that cannot be counted."""
        return self.finished_at is not None and self.stalls > MAX_STALLS

    @property
    def percent(self) -> int:
        return min(99, 100 * self.seen // self.of) if self.of else 0

    @property
    def left_out_count(self) -> int:
        return sum(self.left_out.values())

    @property
    def expected(self) -> str:
        """What the person saw; anything else is shown to them first."""
        return f"{self.revision}:{self.people}:{self.calls}:{self.parts}"
