"""An import: a file, what its rows would do, and how far doing it has come."""

from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.reach import ReachQuerySet
from contacts.importing.columns import label
from contacts.importing.comparing import Kind
from gateway.models import Connection, Service


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "Choose columns"  # the file is here; its columns wait for a person
    CHECKING = "checking", "Checking"  # a worker compares its rows with the group
    CHECKED = "checked", "Waiting for you"  # every row is compared; nothing has changed yet
    SAVING = "saving", "Saving"  # a worker saves the rows here and queues their calls
    SYNCING = "syncing", "Sending to SmartDialog"  # all is saved here; calls are still to be made
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"  # the file cannot be read: refusal_words say why
    CANCELLED = "cancelled", "Cancelled"  # by a person; what was saved before that stays


WORKING = [ImportState.CHECKING, ImportState.SAVING]
RUNNING = [*WORKING, ImportState.SYNCING]
OVER = [ImportState.DONE, ImportState.REFUSED, ImportState.CANCELLED]


class ImportQuerySet(ReachQuerySet):
    customer_path = "group__customer"

    def unfinished(self) -> "ImportQuerySet":
        """Those that a worker, SmartDialog or a person has yet to do something about."""
        return self.exclude(state__in=OVER)

    def stalled(self) -> "ImportQuerySet":
        """Work that no worker holds: never begun, or its worker died."""
        free = Q(leased_until=None) | Q(leased_until__lte=timezone.now())
        return self.filter(free, state__in=WORKING)


class Import(models.Model):
    """One file on its way into a group.

    Checking and saving run under a lease (`fence`, `leased_until`) and move `cursor`, the last row
    done, in the transaction of each chunk: a killed worker's successor goes on from there.
    """

    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="imports")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Whose calls it costs."
    )
    original_name = models.CharField(max_length=200)
    stored_name = models.CharField(
        max_length=60, help_text="In UPLOADS_DIR; never what the person's file is called."
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)

    encoding = models.CharField(max_length=20, blank=True, help_text="Empty for a workbook.")
    delimiter = models.CharField(max_length=1, blank=True)
    header = models.JSONField(default=list)
    samples = models.JSONField(default=list, help_text="The first rows, for choosing columns.")
    mapping = models.JSONField(default=list, help_text="A target for each column.")
    regions = models.JSONField(default=list, help_text="For national numbers, in order.")

    counts = models.JSONField(default=dict, help_text="Rows by kind.")
    warnings = models.PositiveIntegerField(default=0, help_text="Valid rows with cells left out.")
    cursor = models.PositiveIntegerField(default=0, help_text="The last row checked, or saved.")
    saved = models.PositiveIntegerField(default=0, help_text="New and changed rows saved so far.")
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal_words = models.CharField(max_length=500, blank=True)
    fence = models.PositiveIntegerField(default=0, help_text="Grows with each lease.")
    leased_until = models.DateTimeField(null=True)

    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["state"],
                name="import_unfinished",
                condition=Q(state__in=["checking", "saving", "syncing"]),
            )
        ]

    def __str__(self) -> str:
        return self.original_name

    @property
    def batch(self) -> str:
        return f"import:{self.pk}"

    @property
    def path(self) -> Path:
        return Path(settings.UPLOADS_DIR) / self.stored_name

    @property
    def rows_read(self) -> int:
        return sum(self.counts.values())

    @property
    def calls(self) -> int:
        """One for each row that changes something."""
        return self.counts.get(Kind.NEW, 0) + self.counts.get(Kind.CHANGED, 0)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def can_choose_columns(self) -> bool:
        return self.state in {ImportState.UPLOADED, ImportState.CHECKED}

    def headings(self) -> list[str]:
        """What each column is taken for."""
        return [label(target) for target in self.mapping]


class ImportRowQuerySet(ReachQuerySet):
    customer_path = "job__group__customer"

    def with_warnings(self) -> "ImportRowQuerySet":
        """Rows that are taken, with some cells left out."""
        return self.exclude(problems=[]).exclude(kind=Kind.INVALID)


class ImportRow(models.Model):
    """A row of the file: what it says, what is wrong with it, and what it does to the group."""

    job = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in Kind])
    phone = models.CharField(  # noqa: DJ001  null, since a number is unique in a file and "" would be one
        max_length=20, null=True, help_text="Null for a row without a number of its own: invalid or repeated."
    )
    values = models.JSONField(default=dict, help_text="By target; only what is filled.")
    raw = models.JSONField(default=list, help_text="The cells as they were, for rows with problems.")
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=dict, help_text="[old, new] by target.")

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["line"]
        constraints = [
            models.UniqueConstraint(fields=["job", "line"], name="import_row_once"),
            models.UniqueConstraint(fields=["job", "phone"], name="import_number_once"),
        ]
        indexes = [
            models.Index(fields=["job", "kind", "line"], name="import_rows_of_a_kind"),
            models.Index(fields=["phone"], name="import_rows_of_a_number"),
        ]

    def __str__(self) -> str:
        return f"row {self.line}"
