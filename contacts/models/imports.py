"""An import: a file, what its rows would do, and how far doing it has come."""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.models.import_rows import RowKind
from contacts.models.sniffed_file import SniffedFile
from gateway import clock
from gateway.models import Connection, Service
from gateway.workers.leases import MAX_STALLS, unleased


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "Choose columns"  # the file is here; its columns wait for a person
    CHECKING = "checking", "Checking"  # a worker compares its rows with the group
    CHECKED = "checked", "Waiting for you"  # every row is compared; nothing has changed yet
    SAVING = "saving", "Saving"  # a worker saves the rows here and queues their calls
    SYNCING = "syncing", "Sending to SmartDialog"  # all is saved here; calls are still to be made
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"  # the file cannot be read: refusal_words say why
    CANCELLED = "cancelled", "Cancelled"  # by a person; what was saved before that stays
    UNDOING = "undoing", "Taking back"  # a worker takes back what was saved
    UNDONE = "undone", "Undone"  # here; its calls may still be on their way


WORKING = [ImportState.CHECKING, ImportState.SAVING, ImportState.UNDOING]
RUNNING = [*WORKING, ImportState.SYNCING]
CHOOSING = [ImportState.UPLOADED, ImportState.CHECKED]  # other columns may be chosen
CANCELLABLE = [*CHOOSING, ImportState.CHECKING, ImportState.SAVING, ImportState.SYNCING]
OVER = [ImportState.DONE, ImportState.REFUSED, ImportState.CANCELLED, ImportState.UNDONE]
UNDOABLE = [ImportState.SYNCING, ImportState.DONE, ImportState.CANCELLED]  # if anything was saved
UNDO_BATCH_PREFIX = "undo:"
TAKING_BACK = [ImportState.UNDOING, ImportState.UNDONE]


class ImportQuerySet(TenantQuerySet["Import"]):
    customer_path = "group__customer"

    def unfinished(self) -> Self:
        """Those that a worker, SmartDialog or a person has yet to do something about."""
        return self.exclude(state__in=OVER)

    def stalled(self) -> Self:
        """Work that no worker holds: never begun, or its worker died. What is paused waits for a person."""
        return self.filter(unleased(), state__in=WORKING, paused=False)


class Import(SniffedFile):
    """One file on its way into a group.

    Checking, saving and taking back run under a lease (`fence`, `leased_until`) and move `cursor`, the last
    row done, in the transaction of each chunk: a killed worker's successor goes on from there.
    """

    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="imports")
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whose calls it costs."
    )
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)

    blank_clears = models.BooleanField(
        default=False, help_text="A blank cell empties what is there, instead of keeping it."
    )

    paused = models.BooleanField(default=False, help_text="By a person: no worker goes on until they resume.")
    rows_expected = models.PositiveIntegerField(
        default=0, help_text="About how many rows there are, by the ends of lines; 0: not known."
    )
    counts = models.JSONField(default=dict, help_text="Rows by kind.")
    warnings = models.PositiveIntegerField(default=0, help_text="Valid rows with cells left out.")
    cursor = models.PositiveIntegerField(default=0, help_text="The last row checked, saved or taken back.")
    saved = models.PositiveIntegerField(default=0, help_text="New and changed rows saved so far.")
    undone = models.JSONField(
        default=dict, help_text="Contacts that were deleted, restored and left_alone by taking it back."
    )
    paced_at = models.DateTimeField(
        null=True, help_text="Since when its rows are read, saved or taken back without a pause."
    )
    paced_from = models.PositiveIntegerField(default=0, help_text="How many were done by then.")
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_words = models.CharField(max_length=500, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each lease.")
    leased_until = models.DateTimeField(null=True)
    stalls = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How many workers in a row ended without a new cursor."
    )

    created_at = models.DateTimeField(default=clock.now)
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                name="import_unfinished",
                condition=Q(state__in=["checking", "saving", "syncing", "undoing"]),
            )
        ]

    @property
    def customer(self) -> Customer:
        return self.group.customer

    @property
    def batch(self) -> str:
        return f"import:{self.pk}"

    @property
    def undo_batch(self) -> str:
        return f"{UNDO_BATCH_PREFIX}{self.pk}"

    @property
    def rows_read(self) -> int:
        return sum(self.counts.values())

    @property
    def rows_done(self) -> int:
        """Of what is going on: checking, saving or taking back."""
        if self.state == ImportState.CHECKING:
            return self.rows_read
        return sum(self.undone.values()) if self.state in TAKING_BACK else self.saved

    @property
    def calls(self) -> int:
        """One for each row that changes something."""
        return self.counts.get(RowKind.NEW, 0) + self.counts.get(RowKind.CHANGED, 0)

    @property
    def left_out(self) -> int:
        """Rows that are not taken: without a certain number, or with one of an earlier row."""
        return sum(self.counts.get(kind, 0) for kind in (RowKind.UNCLEAR, RowKind.INVALID, RowKind.DUPLICATE))

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def is_paused(self) -> bool:
        return self.paused and not self.is_over

    @property
    def is_given_up(self) -> bool:
        """Paused not by a person, but as its workers came to nothing."""
        return self.paused and self.stalls > MAX_STALLS

    @property
    def status(self) -> tuple[str, str]:
        """How it stands, for the eye and in words; a paused one is not at work."""
        return ("paused", "Paused") if self.is_paused else (self.state, self.get_state_display())

    @property
    def is_dropped(self) -> bool:
        """Cancelled before anything of it was saved."""
        return self.state == ImportState.CANCELLED and not self.saved

    @property
    def can_choose_columns(self) -> bool:
        return self.state in {ImportState.UPLOADED, ImportState.CHECKED}

    @property
    def can_pause(self) -> bool:
        return self.is_running and not self.paused

    @property
    def can_cancel(self) -> bool:
        return self.state not in {*OVER, ImportState.UNDOING}

    @property
    def can_undo(self) -> bool:
        return self.state in UNDOABLE and (self.saved > 0 or self.has_opted_out) and self.has_rows

    @property
    def has_rows(self) -> bool:
        """Whether what it did is still known, row by row: see contacts.importing.retention."""
        oldest = clock.now() - timedelta(days=settings.RETENTION_DAYS["rows"])
        return self.finished_at is None or self.finished_at > oldest

    @property
    def has_opted_out(self) -> bool:
        """Whether somebody gets no messages for what this file says."""
        return bool(self.counts.get(RowKind.OPTED_OUT)) and self.opt_outs.filter(lifted_at=None).exists()
