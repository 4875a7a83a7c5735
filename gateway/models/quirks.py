"""How SmartDialog treats a customer, where its documents do not say."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from accounts.models import Customer
from gateway import clock

MAX_CONTENT = 1000  # characters, as the contract has it


class Quirks(models.Model):
    """Found by its answers, or said by an admin: see gateway.smartdialog.quirks."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="quirks")
    recipients_limit = models.PositiveIntegerField(
        null=True, help_text="Most recipients of a call; null: what the settings say."
    )
    recipients_taken = models.PositiveIntegerField(
        default=0, help_text="Of the largest call that was ever taken."
    )
    content_limit = models.PositiveIntegerField(null=True, help_text="Longest text taken, in characters.")
    send_lead = models.PositiveIntegerField(
        default=0, help_text="Seconds by which a SendDateTime has to be ahead."
    )
    forgets_request_ids = models.BooleanField(
        default=False, help_text="Seen: two messages for one RequestId. Nothing is sent again by itself."
    )
    is_silent = models.BooleanField(
        default=False, help_text="Seen: it answers a change that it took without a word."
    )
    takes_unicode_policy = models.BooleanField(
        default=False, db_default=False, help_text="It takes UnicodeCharacterHandlingPolicy of an SMS."
    )
    keeps_opt_ins = models.BooleanField(
        default=False, db_default=False, help_text="It has the deprecated register of WhatsApp opt-ins."
    )
    zone = models.CharField(
        max_length=50, blank=True, help_text="Of times that come without one; empty: UTC."
    )
    report_names = models.JSONField(
        default=dict, help_text="What delivery reports call our six values: names by ours."
    )
    report_words = models.JSONField(
        default=dict, help_text="Statuses by the words of delivery reports, in small letters."
    )
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "quirks"

    def __str__(self) -> str:
        return f"SmartDialog towards {self.customer}"

    @property
    def batch_size(self) -> int:
        """Recipients of a call."""
        most: int = settings.SMARTDIALOG_BATCH_SIZE
        return min(most, self.recipients_limit or most)

    @property
    def longest_content(self) -> int:
        return min(MAX_CONTENT, self.content_limit or MAX_CONTENT)

    @property
    def lead(self) -> timedelta:
        return timedelta(seconds=self.send_lead)
