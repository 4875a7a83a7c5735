"""What the columns of a file were chosen to be, so that the next file of its shape begins with that."""

from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from gateway import clock


class FileShape(models.Model):
    """A header that a customer's people have imported once, and how they read it."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    signature = models.CharField(max_length=64, help_text="SHA-256 of the names of the columns, in order.")
    mapping = models.JSONField(help_text="A target for each column.")
    regions = models.JSONField(help_text="For national numbers, in order.")
    answers = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="What was asked of its reading.",
    )
    used_at = models.DateTimeField(default=clock.now)

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "signature"], name="file_shape_once")]

    def __str__(self) -> str:
        return self.signature
