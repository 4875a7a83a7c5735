"""A number that a campaign is for, and what became of its message."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q

from accounts.tenancy import TenantQuerySet
from contacts.models import Contact
from gateway import clock
from messaging.campaigns.models.campaign import Campaign


class RecipientState(models.TextChoices):
    PLANNED = "planned", "Waiting"
    ACCEPTED = "accepted", "Accepted"  # SmartDialog has it; no delivery report yet
    DELIVERED = "delivered", "Delivered"  # a delivery report says so; no other report undoes it
    FAILED = "failed", "Failed"  # refused, or a delivery report says so: reason
    SKIPPED = "skipped", "Skipped"  # never sent: opted out, no value, cancelled: reason
    UNCERTAIN = "uncertain", "Uncertain"  # may have been sent: reason


# Asked for what they are not, the database walks along their numbers, and not over all who wait each time.
_SETTLED = [each for each in RecipientState if each != RecipientState.PLANNED]
# Of a person whom their call has not reached for certain, with no id yet: it may still be made.
OPEN_STATES = [RecipientState.PLANNED, RecipientState.UNCERTAIN, RecipientState.FAILED]


class RecipientQuerySet(TenantQuerySet["Recipient"]):
    customer_path = "campaign__customer"

    def to_come(self, stage: int) -> Self:
        """Who waits of a campaign, up to this stage of it."""
        return self.filter(state=RecipientState.PLANNED, stage__lte=stage)

    def of_calls_after(self, number: int) -> Self:
        """Who waits for a call of a higher number: so far, for one that is still to be written."""
        return self.filter(batch__gt=number).exclude(state__in=_SETTLED)

    def uncalled(self) -> Self:
        """In no call yet: without a number, or with one whose call is still to be written."""
        return self.filter(Q(batch=None) | Q(batch__gt=F("campaign__batches")))


class Settling:
    """Whoever has a state, and when and why it came to it."""

    state: str
    reason: str
    settled_at: datetime | None

    def settle(self, state: RecipientState, reason: str, at: datetime | None = None) -> None:
        """What became of its message, and when: now, or `at`. Not saved yet."""
        self.state, self.reason, self.settled_at = state, reason[:300], at or clock.now()


class Recipient(Settling, models.Model):
    """`key` is the batching key: those of equal template parameters share a call, whose number is `batch`.

    Most are given it as they are listed, and their call is written later: so far `batches` of the campaign.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="recipients", db_index=False
    )
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, related_name="+")
    phone = models.CharField(max_length=20, help_text="E.164.")
    values = models.JSONField(default=list, help_text="What fills the gaps of the text, in order.")
    key = models.CharField(max_length=32, blank=True)
    batch = models.PositiveIntegerField(null=True)
    stage = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="0 the first, 1 the rest.")
    wording = models.PositiveSmallIntegerField(
        default=0, db_default=0, null=True, help_text="Which of the texts; empty: to be chosen."
    )
    state = models.CharField(max_length=10, choices=RecipientState.choices, default=RecipientState.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    remote_id = models.CharField(max_length=100, blank=True, help_text="What delivery reports refer to.")
    settled_at = models.DateTimeField(null=True, help_text="Of the last change of state.")

    objects = RecipientQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "phone"], name="recipient_once_in_a_campaign")
        ]
        indexes = [
            models.Index(fields=["campaign", "state", "-id"], name="recipient_states"),
            models.Index(fields=["campaign", "batch"], name="recipients_of_a_call"),
            models.Index(
                fields=["campaign", "stage", "key", "id"],
                name="recipients_to_put_into_calls",
                condition=Q(batch=None, state=RecipientState.PLANNED),
            ),
            models.Index(
                fields=["remote_id", "-id"], name="recipient_newest_of_remote_id", condition=~Q(remote_id="")
            ),
            models.Index(fields=["phone", "-id"], name="recipient_by_number"),
        ]

    def __str__(self) -> str:
        return self.phone
