"""Whom a campaign passes over, or lets wait: for the hour where they are, and for what they got before."""

from django.db import models

from accounts.wording.quantities import counted


class OutsideHours(models.TextChoices):
    WAIT = "wait", "They get it when the hours begin"
    LEAVE_OUT = "leave_out", "They are skipped"


class TooSoon(models.TextChoices):
    LEAVE_OUT = "leave_out", "They are skipped"
    WAIT = "wait", "They get it at that time of a later day"


class Limits(models.Model):
    """What a person chooses of one campaign, beside the rules of the customer."""

    own_time = models.BooleanField(
        default=False, db_default=False, help_text="send_at is a time of the day where each person is."
    )
    outside_hours = models.CharField(
        max_length=10, choices=OutsideHours.choices, default=OutsideHours.WAIT, db_default=OutsideHours.WAIT
    )
    rest_days = models.PositiveSmallIntegerField(
        null=True, help_text="Not to whom marketing reached in so many days before."
    )
    too_soon = models.CharField(
        max_length=10, choices=TooSoon.choices, default=TooSoon.LEAVE_OUT, db_default=TooSoon.LEAVE_OUT
    )
    date_property = models.CharField(
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text="Only to those whose date in this property comes round on on_day.",
    )
    on_day = models.DateField(null=True)

    class Meta:
        abstract = True

    @property
    def chosen_limits(self) -> list[str]:
        """As who approves reads them."""
        found = []
        if self.rest_days:
            found.append(
                f"Not to whom marketing reached in the {counted(self.rest_days, 'day')} before. "
                f"{TooSoon(self.too_soon).label}."
            )
        if self.outside_hours == OutsideHours.LEAVE_OUT:
            found.append("People outside the sending hours are skipped.")
        return found


LIMITS = ["own_time", "outside_hours", "rest_days", "too_soon"]  # as a person chooses them
