"""How many recipients of a campaign are in each state, for each reason: kept by the database itself."""

from typing import Any

from django.db import models
from django.db.models import Q, Sum

from accounts.tenancy import TenantQuerySet
from messaging.campaigns.models.campaign import Campaign
from messaging.campaigns.models.recipient import RecipientState


class RecipientCountQuerySet(TenantQuerySet["RecipientCount"]):
    customer_path = "campaign__customer"

    def totals(self, *columns: str) -> models.QuerySet["RecipientCount", tuple[Any, ...]]:
        """These columns and the sum of all rows that agree in them, the largest that is not 0 first."""
        found = self.values_list(*columns).annotate(total=Sum("number")).exclude(total=0)
        return found.order_by("-total", *columns)


class RecipientCount(models.Model):
    """Rows are added to find the number: a change of recipients adds its own, so that none waits for another.

    Triggers write them, see outcome/recipient_counts.py. A sweep makes one of many.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+", db_constraint=False)
    state = models.CharField(max_length=10, choices=RecipientState.choices)
    reason = models.CharField(max_length=300, blank=True)
    number = models.BigIntegerField()
    is_sum = models.BooleanField(default=False, db_default=False, help_text="Of rows that a sweep added up.")

    objects = RecipientCountQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["campaign"], name="recipient_counts_to_add_up", condition=Q(is_sum=False)),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.number:+}"
