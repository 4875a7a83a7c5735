"""Numbers that want no messages from a customer, in whatever group they are or will be."""

from django.db import models
from django.utils import timezone

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet


class Suppression(models.Model):
    """A number that asked for no messages. No import, edit or campaign overrules it."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="suppressions", db_index=False
    )
    phone = models.CharField(max_length=20, help_text="E.164.")
    reason = models.CharField(max_length=200, help_text="In words: “Answered STOP to Inbound 1”.")
    since = models.DateTimeField(default=timezone.now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [models.UniqueConstraint(fields=["customer", "phone"], name="suppression_once")]

    def __str__(self) -> str:
        return self.phone
