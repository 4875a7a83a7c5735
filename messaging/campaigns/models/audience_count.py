"""An audience that is too large to be counted while a page loads, counted person by person."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Q

from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.campaigns.models.campaign import Campaign

LEFT_ALONE = timedelta(minutes=1)  # by a worker that was killed


class AudienceCountQuerySet(TenantQuerySet["AudienceCount"]):
    customer_path = "campaign__customer"

    def free(self) -> Self:
        """That nobody counts now."""
        left_alone = Q(touched_at__lt=clock.now() - LEFT_ALONE)
        return self.filter(Q(touched_at=None) | left_alone, finished_at=None).order_by("pk")


class AudienceCount(models.Model):
    """Of a campaign as it is at `revision`; 0: it cannot be counted as it is.

    `touched_at` is a lease, which the count itself keeps.
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
    touched_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = AudienceCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Count of {self.campaign}"

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
