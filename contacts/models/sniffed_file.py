"""A file that is read for its rows: how it is read, as it was found out, and as a person has said."""

from typing import TYPE_CHECKING

from django.db import models

from accounts.models import Customer
from contacts.fields import label


class SniffedFile(models.Model):
    """Each field of its reading is called as in contacts.importing.files.reading.Reading."""

    if TYPE_CHECKING:  # of its own, or of the group that it goes to

        @property
        def customer(self) -> Customer: ...

    original_name = models.CharField(max_length=200)
    stored_name = models.CharField(
        max_length=60, help_text="In the store of uploads; never what the person's file is called."
    )
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    digest = models.CharField(
        max_length=64,
        blank=True,
        default="",
        db_default="",
        help_text="SHA-256 of what was kept; empty where a former version kept it.",
    )

    encoding = models.CharField(max_length=20, blank=True, help_text="Empty for a workbook.")
    delimiter = models.CharField(max_length=1, blank=True)
    quotes = models.CharField(
        max_length=5, blank=True, help_text="Plain: quotation marks hold no cell together."
    )
    sheet = models.CharField(max_length=200, blank=True, help_text="Of a workbook: the one that is read.")
    sheets = models.JSONField(default=list, help_text="All that the workbook shows.")
    hidden = models.CharField(
        max_length=5, default="leave", help_text="Leave or take the rows that the sheet hides."
    )
    header_row = models.PositiveIntegerField(
        null=True, help_text="Which row names the columns; 0: none does; null: the first with content."
    )
    questions = models.JSONField(
        default=list, help_text="What cannot be known of the file; until it is checked."
    )
    answered = models.JSONField(default=list, help_text="What of its reading a person has chosen.")
    header = models.JSONField(default=list)
    samples = models.JSONField(default=list, help_text="The first rows, for choosing columns.")
    mapping = models.JSONField(default=list, help_text="A target for each column.")
    mends = models.JSONField(
        default=dict, help_text="Texts by column by row, in place of the file’s; until it is confirmed."
    )
    regions = models.JSONField(default=list, help_text="For national numbers, in order.")
    unclear_region = models.CharField(
        max_length=2,
        blank=True,
        default="",
        db_default="",
        help_text="Which reading is taken of all unclear numbers.",
    )
    blank_consent = models.CharField(
        max_length=3,
        blank=True,
        default="",
        db_default="",
        choices=[("yes", "Gets messages"), ("no", "Gets none")],
        help_text="What empty cells say of columns that tell who gets messages.",
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.original_name

    def headings(self) -> list[str]:
        """What each column is taken for."""
        return [label(target) for target in self.mapping]
