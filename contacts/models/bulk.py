"""One thing done to many contacts: what, to whom, and how far it has come."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from accounts.wording.quantities import counted
from gateway import clock
from gateway.models import Connection, Lane, Service
from gateway.workers.leases import unleased

LOOKED_AT = 6  # times the grace: an action that is looked at can be undone for so long
BATCH_PREFIX = "bulk:"
INTERACTIVE_UP_TO = 10  # people: their calls go before those that many wait for


class BulkVerb(models.TextChoices):
    DELETE = "delete", "Delete"
    DEACTIVATE = "deactivate", "Opt out"
    ACTIVATE = "activate", "Remove opt-out"
    SET_PROPERTY = "set_property", "Set a property"
    MOVE = "move", "Move"
    COPY = "copy", "Copy"
    VERIFY = "verify", "Verify"
    SEND = "send", "Send to SmartDialog"


class BulkState(models.TextChoices):
    PENDING = "pending", "Begins in a moment"  # nothing has been changed: it can be undone at no cost
    ASKING = "asking", "Emptying the group"  # SmartDialog is asked to delete all; our rows go after it has
    RUNNING = "running", "Saving"  # a worker changes the rows, chunk by chunk
    SYNCING = "syncing", "Sending to SmartDialog"  # all is saved here; calls are still to be made
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"  # what was changed before that stays; note says why if no person did
    FAILED = "failed", "Failed"  # SmartDialog refused to empty the group: note has its words


WORKING = [BulkState.PENDING, BulkState.RUNNING]
STOPPABLE = [*WORKING, BulkState.SYNCING]  # a group that is being emptied has to go here as well
OVER = [BulkState.DONE, BulkState.CANCELLED, BulkState.FAILED]


def lane_for(people: int) -> Lane:
    """Which lane the calls of an action on so many take."""
    return Lane.INTERACTIVE if people <= INTERACTIVE_UP_TO else Lane.BULK


class BulkActionQuerySet(TenantQuerySet["BulkAction"]):
    customer_path = "group__customer"

    def unfinished(self) -> Self:
        return self.exclude(state__in=OVER)

    def of_batch(self, batch: str) -> Self:
        """The one whose calls are counted by it."""
        return self.filter(pk=int(batch.removeprefix(BATCH_PREFIX)))

    def due(self) -> Self:
        """Work for a worker now: begun, not paused, and held by nobody else."""
        return self.filter(unleased(), state__in=WORKING, paused=False, begins_at__lte=clock.now())


class BulkAction(models.Model):
    """`ids` None: everybody whom the list of `filter` shows. `agreed`: how many the person said yes to.

    A worker runs it under a lease (`fence`, `leased_until`) and moves `cursor`, the key of the last contact
    done, in the transaction of each chunk. Who came after `ceiling` is not touched.
    """

    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="bulk_actions")
    verb = models.CharField(max_length=20, choices=BulkVerb.choices)
    options = models.JSONField(default=dict, help_text="name and value of a property; target, a group's key.")
    filter = models.TextField(blank=True, help_text="The query string of the list.")
    ids = models.JSONField(null=True)
    whom = models.CharField(max_length=600, help_text="The same in words.")
    agreed = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=60, blank=True, help_text="Of the very people who were shown.")
    calls = models.PositiveIntegerField(default=0, help_text="As they were counted when it was agreed to.")
    is_whole_group = models.BooleanField(default=False, help_text="Deleted at SmartDialog by one call.")

    state = models.CharField(max_length=10, choices=BulkState.choices, default=BulkState.PENDING)
    paused = models.BooleanField(default=False)
    note = models.CharField(max_length=500, blank=True)
    ceiling = models.PositiveBigIntegerField(help_text="The newest contact when it was agreed to.")
    cursor = models.PositiveBigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0, help_text="Contacts changed so far.")
    left_out = models.PositiveIntegerField(default=0, help_text="Looked at, and rightly not changed.")
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each lease.")
    leased_until = models.DateTimeField(null=True)
    stalls = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How many workers in a row ended without a new cursor."
    )

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whose calls it costs."
    )
    created_at = models.DateTimeField(default=clock.now)
    begins_at = models.DateTimeField(help_text="Until then it can be undone.")
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = BulkActionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                name="bulk_unfinished",
                condition=~Q(state__in=["done", "cancelled", "failed"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verb_display()}: {self.whom}"

    @property
    def batch(self) -> str:
        return f"{BATCH_PREFIX}{self.pk}"

    @property
    def lane(self) -> Lane:
        return lane_for(self.agreed)

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def status(self) -> tuple[str, str]:
        """How it stands, for the eye and in words."""
        if self.is_undone:
            return "cancelled", "Undone"
        return (
            ("paused", "Paused")
            if self.paused and not self.is_over
            else (self.state, self.get_state_display())
        )

    @property
    def can_cancel(self) -> bool:
        """A group that SmartDialog is emptying, or has emptied, has to go here as well."""
        return not (self.is_over or self.is_pending or self.is_whole_group)

    @property
    def is_undone(self) -> bool:
        """Before it began."""
        return self.state == BulkState.CANCELLED and self.begun_at is None

    @property
    def is_verified(self) -> bool:
        return self.verb == BulkVerb.VERIFY and self.state == BulkState.DONE

    @property
    def is_pending(self) -> bool:
        return self.state == BulkState.PENDING

    @property
    def starts_by(self) -> datetime:
        """However long somebody looks at it."""
        return self.created_at + timedelta(seconds=LOOKED_AT * settings.BULK_GRACE)

    @property
    def is_saved(self) -> bool:
        """Every contact has been looked at, or never will be."""
        return self.state == BulkState.SYNCING or self.is_over

    @property
    def looked_at(self) -> int:
        return self.done + self.left_out


class BulkPart(models.Model):
    """Some contacts of a group that an action changed, for their history."""

    action = models.ForeignKey(BulkAction, on_delete=models.CASCADE, related_name="parts")
    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+", db_index=False)
    first = models.PositiveBigIntegerField(help_text="The lowest key.")
    last = models.PositiveBigIntegerField(help_text="The highest.")
    changes = models.JSONField(help_text="By key: the old value, or null where the verb says it.")

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["group", "first", "last"], name="bulk_parts_of_a_contact")]

    def __str__(self) -> str:
        return f"{self.action}, {counted(len(self.changes), 'contact')}"
