"""A conversation: everything between one person's number and one service."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from gateway.models import Service


class ThreadState(models.TextChoices):
    OPEN = "open", "Open"
    CLOSED = "closed", "Closed"  # by a person; the next message opens it again


class ThreadQuerySet(TenantQuerySet["Thread"]):
    def open(self) -> Self:
        return self.filter(state=ThreadState.OPEN)

    def closed(self) -> Self:
        return self.filter(state=ThreadState.CLOSED)

    def waiting(self) -> Self:
        """Open, with something in them that nobody has read."""
        return self.open().filter(unread__gt=0)


class Thread(models.Model):
    """`our_address` is where the person last wrote to: an answer goes out from there."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="threads", db_index=False)
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, related_name="threads", help_text="The two-way one."
    )
    address = models.CharField(max_length=50, help_text="The person: E.164, or as it came.")
    our_address = models.CharField(max_length=50, blank=True)
    state = models.CharField(max_length=10, choices=ThreadState.choices, default=ThreadState.OPEN)
    unread = models.PositiveIntegerField(default=0)
    last_message_at = models.DateTimeField()
    last_text = models.CharField(max_length=200, blank=True)
    last_direction = models.CharField(max_length=3, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        ordering = ["-last_message_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["customer", "service", "address"], name="thread_once")]
        indexes = [
            models.Index(fields=["customer", "-last_message_at", "-id"], name="threads_latest"),
            models.Index(
                fields=["customer", "state", "-last_message_at", "-id"], name="threads_latest_by_state"
            ),
            models.Index(fields=["customer"], name="threads_unread", condition=Q(state="open", unread__gt=0)),
            models.Index(fields=["address"], name="threads_of_a_number"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_open(self) -> bool:
        return self.state == ThreadState.OPEN
