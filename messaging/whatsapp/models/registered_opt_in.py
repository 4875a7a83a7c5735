"""What SmartDialog's deprecated register of WhatsApp opt-ins was told."""

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import outbox
from gateway.outbox import QueuedCall


class RegisteredOptIn(models.Model):
    """Of a number, the last that the register was told for one of the customer's WhatsApp numbers."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    identity = models.CharField(max_length=50, help_text="The customer’s WhatsApp number.")
    phone = models.CharField(max_length=50)
    is_in = models.BooleanField(help_text="Opted in; else out.")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    operation = outbox.call_reference()

    objects = TenantQuerySet["RegisteredOptIn"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "phone", "identity"], name="opt_in_registered_once")
        ]

    def __str__(self) -> str:
        return f"{self.phone} {'in' if self.is_in else 'out'} for {self.identity}"

    @property
    def call(self) -> QueuedCall | None:
        """The call that tells it."""
        return outbox.call_of(self.operation)
