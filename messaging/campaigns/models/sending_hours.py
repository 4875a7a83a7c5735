"""When marketing may reach people of a customer: by weekday, for everybody or for those of one country."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from contacts.text.regions import region_names
from messaging.campaigns.models.weekly_hours import WeeklyHours


class SendingHours(WeeklyHours):
    """Outside them messages wait, or are skipped."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="sending_hours", db_index=False
    )
    country = models.CharField(max_length=2, blank=True, help_text="Alpha-2; empty for all others.")
    closed_dates = models.JSONField(default=list, help_text="Days without sending, as ISO dates.")
    covers_all = models.BooleanField(
        default=False, help_text="They hold for service messages, too, and not only for marketing."
    )

    objects = TenantQuerySet["SendingHours"].as_manager()

    class Meta:
        ordering = ["country"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "country"], name="sending_hours_once_for_a_country")
        ]

    def __str__(self) -> str:
        return f"Sending hours {self.country}".strip()

    @property
    def place(self) -> str:
        return region_names().get(self.country, self.country) if self.country else "Everybody else"
