"""Changes of another floor that have calls to make, long before their turn comes."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from gateway import clock
from gateway.models.connection import Connection
from gateway.models.outbox import Lane


class BacklogState(models.TextChoices):
    RUNNING = "running", "Running"
    PAUSED = "paused", "Paused"  # by a person: nothing more is planned until they resume
    CANCELLED = "cancelled", "Cancelled"  # a worker tells the rows so, some thousand at a time


class BacklogQuerySet(models.QuerySet["Backlog"]):
    def unplanned(self) -> Self:
        return self.filter(left__gt=0)

    def running(self) -> Self:
        return self.unplanned().filter(state=BacklogState.RUNNING)


class Backlog(models.Model):
    """Rows that name this backlog each have one call to make; the drain writes their operations as it goes.

    A change of a million rows is thus saved by a statement or two, and one that is changed again before its
    turn comes is still one call.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="backlogs")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40, help_text="Whose rows they are: see gateway.outbox.backlogs.")
    lane = models.PositiveSmallIntegerField(choices=Lane.choices, default=Lane.BULK)
    batch = models.CharField(max_length=60, blank=True, help_text="import:7: what it is counted with.")
    state = models.CharField(max_length=10, choices=BacklogState.choices, default=BacklogState.RUNNING)
    left = models.PositiveBigIntegerField(
        default=0, help_text="Calls still to be planned; rows that were taken off elsewhere may still count."
    )
    dropped = models.PositiveBigIntegerField(default=0, help_text="Calls that a cancellation left unmade.")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    objects = BacklogQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["connection", "lane", "id"], name="backlog_next", condition=Q(left__gt=0)),
            models.Index(fields=["batch"], name="backlog_of_a_batch", condition=~Q(batch="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.batch}".strip()
