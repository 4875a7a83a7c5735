"""A campaign that goes to some of its people first, and of several texts finds the one for the rest."""

from datetime import datetime, timedelta
from typing import Any

from django.db import models

FEWEST, MOST = 1, 90  # percent of the people who may be first
MOST_TEXTS = 4
EMPTY_LIST = models.Value([], models.JSONField())


class WinnerBy(models.TextChoices):
    """How the text of the rest is found."""

    HAND = "hand", "A person chooses"
    CLICKS = "clicks", "Most clicks"
    ANSWERS = "answers", "Most answers"


class Stages(models.Model):
    """What a person chose, and how far it has come. Without a `first_share` everybody gets it at once."""

    more_texts = models.JSONField(
        default=list, db_default=EMPTY_LIST, help_text="Beside its own, what others say that are tried."
    )
    first_share = models.PositiveSmallIntegerField(null=True, help_text="Percent of the people; empty: all.")
    wait_minutes = models.PositiveIntegerField(
        null=True, help_text="Before the rest; empty: until a person says so."
    )
    winner_by = models.CharField(
        max_length=10, choices=WinnerBy.choices, default=WinnerBy.HAND, db_default=WinnerBy.HAND
    )
    first_if_unclear = models.BooleanField(
        default=False,
        db_default=False,
        help_text="The rest gets the first text where none is clearly better.",
    )

    first_done_at = models.DateTimeField(null=True, help_text="When every call to the first had ended.")
    rest_due_at = models.DateTimeField(null=True, help_text="When the wait ends; empty: a person decides.")
    rest_begun_at = models.DateTimeField(null=True, help_text="When the rest was let go.")
    winner = models.PositiveSmallIntegerField(null=True, help_text="The number of the text of the rest.")

    class Meta:
        abstract = True

    @property
    def has_stages(self) -> bool:
        """Also where texts are tried on all: who cannot get each of them waits."""
        return self.first_share is not None or self.tries_texts

    @property
    def tries_texts(self) -> bool:
        return bool(self.more_texts)

    @property
    def is_before_rest(self) -> bool:
        """Whether only the first may get it yet."""
        return self.has_stages and self.rest_begun_at is None

    @property
    def wait(self) -> timedelta | None:
        return None if self.wait_minutes is None else timedelta(minutes=self.wait_minutes)

    @property
    def is_for_a_person(self) -> bool:
        """Whether the rest surely waits until somebody decides."""
        is_chosen = self.tries_texts and self.winner_by == WinnerBy.HAND and not self.first_if_unclear
        return self.wait is None or is_chosen

    def wait_ends_at(self, done_at: datetime) -> datetime | None:
        return None if self.wait is None else done_at + self.wait

    def number_of_first(self, people: int) -> int:
        """Of so many people; at least one to a text."""
        if self.first_share is None:
            return people
        return min(people, max(1 + len(self.more_texts), -(-people * self.first_share // 100)))


STAGES_CHOSEN = ["more_texts", "first_share", "wait_minutes", "winner_by", "first_if_unclear"]
# As before it began.
NOT_BEGUN: dict[str, Any] = dict.fromkeys(["first_done_at", "rest_due_at", "rest_begun_at", "winner"])
