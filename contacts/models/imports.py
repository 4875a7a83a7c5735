"""An import: a file, what its rows would do, and how far doing it has come."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.tenancy import TenantQuerySet
from contacts.importing.column_mapping import FIELDS, PROPERTY_PREFIX, label
from contacts.importing.comparing import Changes, RowKind
from contacts.text.full_text_search import MatchesTerms, parse_search
from contacts.text.values import Values
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
    UNDOING = "undoing", "Taking back"  # a worker takes back what was saved
    UNDONE = "undone", "Taken back"  # here; its calls may still be on their way


WORKING = [ImportState.CHECKING, ImportState.SAVING, ImportState.UNDOING]
RUNNING = [*WORKING, ImportState.SYNCING]
OVER = [ImportState.DONE, ImportState.REFUSED, ImportState.CANCELLED, ImportState.UNDONE]
UNDOABLE = [ImportState.SYNCING, ImportState.DONE, ImportState.CANCELLED]  # if anything was saved
TAKING_BACK = [ImportState.UNDOING, ImportState.UNDONE]

_ROW = re.compile(r"(?:row\s*)?([1-9][0-9,]*)", re.IGNORECASE)


class ImportQuerySet(TenantQuerySet["Import"]):
    customer_path = "group__customer"

    def unfinished(self) -> Self:
        """Those that a worker, SmartDialog or a person has yet to do something about."""
        return self.exclude(state__in=OVER)

    def stalled(self) -> Self:
        """Work that no worker holds: never begun, or its worker died. What is paused waits for a person."""
        free = Q(leased_until=None) | Q(leased_until__lte=timezone.now())
        return self.filter(free, state__in=WORKING, paused=False)


class Import(models.Model):
    """One file on its way into a group.

    Checking, saving and taking back run under a lease (`fence`, `leased_until`) and move `cursor`, the last
    row done, in the transaction of each chunk: a killed worker's successor goes on from there.
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
    mends = models.JSONField(
        default=dict, help_text="Texts by column by row, in place of the file’s; until it is confirmed."
    )
    regions = models.JSONField(default=list, help_text="For national numbers, in order.")

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

    created_at = models.DateTimeField(default=timezone.now)
    checked_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

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

    def __str__(self) -> str:
        return self.original_name

    @property
    def batch(self) -> str:
        return f"import:{self.pk}"

    @property
    def undo_batch(self) -> str:
        return f"undo:{self.pk}"

    @property
    def path(self) -> Path:
        return Path(settings.UPLOADS_DIR) / self.stored_name

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
        """Rows that cannot be taken: without a number, or with one of an earlier row."""
        return self.counts.get(RowKind.INVALID, 0) + self.counts.get(RowKind.DUPLICATE, 0)

    @property
    def is_running(self) -> bool:
        return self.state in RUNNING

    @property
    def is_over(self) -> bool:
        return self.state in OVER

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
        return self.state in UNDOABLE and self.saved > 0

    def headings(self) -> list[str]:
        """What each column is taken for."""
        return [label(target) for target in self.mapping]


class ImportRowQuerySet(TenantQuerySet["ImportRow"]):
    customer_path = "job__group__customer"

    def with_warnings(self) -> Self:
        """Rows that are taken, with some cells left out."""
        return self.filter(warned=True)

    def matching(self, text: str) -> Self:
        """Every word of `text` begins a word of the row, or it is the row's number: "1,204", "row 1204".

        It looks into each row on the way. That is quick enough for a million, and an index of words would
        slow every import down.
        """
        terms = parse_search(text)
        found = MatchesTerms(terms, Coalesce("cell_words", "search_text"), scan=True)
        return self.filter(Q(found) | Q(line=_row_in(text))) if terms else self


def _row_in(text: str) -> int:
    """The number of a row, 0 where it is none: no row has that."""
    number = _ROW.fullmatch(text.strip())
    digits = number[1].replace(",", "") if number else ""
    return int(digits) if 0 < len(digits) < 10 else 0


class ImportRow(models.Model):
    """A row of the file: what it says, what is wrong with it, and what it does to the group.

    Of the fields of a contact, null says nothing: what is there stays. An empty text, a birth year of 0 or a
    property of null empties what is there.
    """

    pk = models.CompositePrimaryKey("job_id", "line")
    job = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in RowKind])

    phone = models.CharField(max_length=20, null=True, help_text="Null for an invalid row.")
    first_name = models.CharField(max_length=100, null=True)
    last_name = models.CharField(max_length=100, null=True)
    email = models.CharField(max_length=254, null=True)
    gender = models.CharField(max_length=6, null=True)
    birth_year = models.PositiveSmallIntegerField(null=True)
    street_address = models.CharField(max_length=200, null=True)
    zip_code = models.CharField(max_length=20, null=True)
    city = models.CharField(max_length=100, null=True)
    country_code = models.CharField(max_length=3, null=True)
    properties = models.JSONField(default=dict)
    name_key = models.CharField(max_length=201, blank=True, help_text="Of a new contact.")
    search_text = models.TextField(blank=True, help_text="Of a new contact.")
    cell_words = models.TextField(
        null=True, help_text="Of a row with problems: where a search looks, instead of in search_text."
    )

    problems = models.JSONField(default=list)
    warned = models.BooleanField(default=False, help_text="Taken, with some cells left out.")
    barred = models.BooleanField(
        default=False,
        help_text="Left out whatever the group says: of an erased person, or one who gets no messages.",
    )
    raw = models.JSONField(
        default=list, help_text="The cells as they were, of a row with problems or left out."
    )
    before = models.JSONField(
        null=True,
        help_text="What is overwritten: the contact's revision and sync_state, and each field that changes.",
    )
    left_alone = models.BooleanField(
        default=False, help_text="Not taken back, since somebody changed the contact after the import."
    )

    objects = ImportRowQuerySet.as_manager()

    class Meta:
        ordering = ["line"]
        indexes = [
            models.Index(fields=["phone", "job"], name="import_rows_of_a_number"),
            models.Index(fields=["job", "kind", "line"], name="import_rows_of_a_kind"),
            models.Index(fields=["job", "line"], name="import_rows_warned", condition=Q(warned=True)),
            models.Index(fields=["job", "line"], name="import_rows_left_alone", condition=Q(left_alone=True)),
        ]

    def __str__(self) -> str:
        return f"row {self.line}"

    @property
    def values(self) -> Values:
        """What is filled, by import target."""
        filled: Values = {field: value for field in FIELDS if (value := getattr(self, field))}
        properties = self.properties.items()
        return filled | {f"{PROPERTY_PREFIX}{name}": value for name, value in properties if value is not None}

    @property
    def is_of_erased(self) -> bool:
        """Of an erased person nothing is kept but that there was a row."""
        return self.barred and not self.phone

    def cells(self, mapping: Sequence[str]) -> list[str]:
        """As they were in the file, or as they are understood where nothing was wrong with them."""
        return list(self.raw) or [str(self.values.get(target, "")) for target in mapping]

    @property
    def changes(self) -> Changes:
        """[old, new] by target, of a changed row; "" for what is not there."""
        if self.kind != RowKind.CHANGED or not self.before:
            return {}
        fields = [field for field in FIELDS if field in self.before]
        changes: Changes = {field: [self.before[field] or "", getattr(self, field) or ""] for field in fields}
        if (was := self.before.get("properties")) is not None:
            for name, value in self.properties.items():
                if was.get(name, "") != (value or ""):
                    changes[f"{PROPERTY_PREFIX}{name}"] = [was.get(name, ""), value or ""]
        return changes
