"""What open pages are told of, and which processes are alive."""

from django.db import models

from accounts.models import Customer
from gateway import clock


class LiveUpdate(models.Model):
    """Something open pages of a customer should look at again. Kept for minutes."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=60)
    row = models.BigIntegerField(null=True, help_text="The key of what changed, where pages are sent that.")
    at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        db_table = "gateway_change"

    def __str__(self) -> str:
        return self.topic


class Heartbeat(models.Model):
    """When a background process last showed that it works."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
