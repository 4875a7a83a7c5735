"""A condition on contacts that a customer's people keep by a name, for the table, exports and campaigns."""

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import clock

MAX_SEGMENT_NAME = 60


class Segment(models.Model):
    """Of all groups of the customer, and for all its people. `revision` is for optimistic locking."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="segments", db_index=False)
    name = models.CharField(max_length=MAX_SEGMENT_NAME)
    text = models.CharField(max_length=1000, help_text="See contacts.segments.parser.")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    revision = models.PositiveIntegerField(default=1)

    objects = TenantQuerySet["Segment"].as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="segment_name_of_a_customer")
        ]

    def __str__(self) -> str:
        return self.name
