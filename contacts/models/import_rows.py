"""The rows of an import: what each says, what is wrong with it, and what it does to the group."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.tenancy import TenantQuerySet
from contacts.fields import (
    CONSENT_TARGETS,
    LAST_NAME_FIRST,
    NAMES,
    PROHIBITION,
    PROPERTY_PREFIX,
    WHOLE_NAMES,
    Values,
)
from contacts.models.field_columns import RowColumns
from contacts.text.full_text_search import MatchesTerms, parse_search
from contacts.text.phones import NumberType

_ROW = re.compile(r"(?:row\s*)?([1-9][0-9,]*)", re.IGNORECASE)


class RowKind(StrEnum):
    NEW = "new"  # nobody in the group has this number
    CHANGED = "changed"  # somebody has, and some field differs
    UNCHANGED = "unchanged"  # nothing to do, and no call
    DUPLICATE = "duplicate"  # an earlier row of the file has this number, in whatever spelling
    UNCLEAR = "unclear"  # what it says can be read in two ways: a person decides before it is saved
    INVALID = "invalid"  # no number that a message could be sent to
    OPTED_OUT = "opted_out"  # of whom a file never makes somebody active
    HIDDEN = "hidden"  # the sheet does not show it: left out, unless such rows are taken


SAVED_KINDS: Sequence[RowKind] = (RowKind.NEW, RowKind.CHANGED)
# [old, new] by target; an old of "" means that nothing was there.
Changes = dict[str, list[str | int]]


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


class ImportRow(RowColumns):
    """A row of the file: what it says, what is wrong with it, and what it does to the group.

    Of the fields of a contact, null says nothing: what is there stays. An empty text, a birth year of 0 or a
    property of null empties what is there.
    """

    pk = models.CompositePrimaryKey("job_id", "line")
    job = models.ForeignKey(
        "contacts.Import", on_delete=models.CASCADE, related_name="rows", db_index=False, db_constraint=False
    )
    line = models.PositiveIntegerField(help_text="The row number that a spreadsheet shows.")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in RowKind])

    phone = models.CharField(max_length=20, null=True, help_text="Null for an invalid or unclear row.")
    phone_type = models.CharField(
        max_length=8, default=NumberType.MOBILE.value, db_default=NumberType.MOBILE.value
    )
    properties = models.JSONField(default=dict)
    name_key = models.CharField(max_length=201, blank=True, help_text="Of a new contact.")
    search_text = models.TextField(blank=True, help_text="Of a new contact.")
    cell_words = models.TextField(
        null=True, help_text="Of a row with problems: where a search looks, instead of in search_text."
    )

    problems = models.JSONField(default=list)
    warned = models.BooleanField(default=False, help_text="Taken, with some cells left out.")
    unclear = models.BooleanField(
        default=False, db_default=False, help_text="Can be read in two ways, which its problems name."
    )
    barred = models.BooleanField(
        default=False,
        help_text="Left out whatever the group says: of an erased person, or one who gets no messages.",
    )
    barred_too = models.JSONField(
        null=True, help_text="Other numbers of somebody who gets no messages; null where there is none."
    )
    hidden = models.BooleanField(default=False, help_text="By the sheet, and left out for that.")
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
        filled: Values = {name: value for name in NAMES if (value := getattr(self, name))}
        properties = self.properties.items()
        return filled | {f"{PROPERTY_PREFIX}{name}": value for name, value in properties if value is not None}

    @property
    def is_of_erased(self) -> bool:
        """Of an erased person nothing is kept but that there was a row."""
        return self.barred and not self.phone

    def cells(self, mapping: Sequence[str]) -> list[str]:
        """As they were in the file, or as they are understood where nothing was wrong with them."""
        return list(self.raw) or [str(self.said(target)) for target in mapping]

    def said(self, target: str) -> str | int:
        """What a column of this target is understood as."""
        if target in CONSENT_TARGETS:  # who is not barred agreed in each such column
            return "" if self.barred else {PROHIBITION: "No"}.get(target, "Yes")
        if target not in WHOLE_NAMES:
            return self.values.get(target, "")
        parts = [str(self.values[name]) for name in ("first_name", "last_name") if name in self.values]
        return ", ".join(parts[::-1]) if target == LAST_NAME_FIRST else " ".join(parts)

    @property
    def changes(self) -> Changes:
        """[old, new] by target, of a changed row; "" for what is not there."""
        if self.kind != RowKind.CHANGED or not self.before:
            return {}
        fields = [name for name in NAMES if name in self.before]
        changes: Changes = {field: [self.before[field] or "", getattr(self, field) or ""] for field in fields}
        if (was := self.before.get("properties")) is not None:
            for name, value in self.properties.items():
                if was.get(name, "") != (value or ""):
                    changes[f"{PROPERTY_PREFIX}{name}"] = [was.get(name, ""), value or ""]
        return changes
