"""WhatsApp templates, as we wrote them and as far as SmartDialog tells what became of them."""

from datetime import timedelta
from typing import Any, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from messaging.whatsapp import variables

OPENING = "{{"  # of a variable
MAX_NAME_LENGTH = 100  # as the contract has it


class TemplateState(models.TextChoices):
    """SmartDialog lists approved templates and says nothing of the others: absence is not a refusal."""

    DRAFT = "draft", "Draft"
    SUBMITTING = "submitting", "On its way"  # the call waits for its turn, or is being made
    SUBMITTED = "submitted", "In review"  # SmartDialog took it; it is not listed yet
    APPROVED = "approved", "Approved"  # SmartDialog lists it: it can be sent
    FAILED = "failed", "Refused"  # SmartDialog did not take it: error_text says why
    UNKNOWN = "unknown", "Uncertain"  # it may have been taken; it is looked up before it is tried again
    REJECTED = "rejected", "Rejected"  # a person said so: SmartDialog does not
    UNLISTED = "unlisted", "No longer listed"  # it was approved, and SmartDialog lists it no more


EDITABLE = [TemplateState.DRAFT, TemplateState.FAILED]
LOOKED_UP = [TemplateState.SUBMITTED, TemplateState.UNKNOWN]
# What a listing may turn to approved: a person may have been wrong, and a listing may overtake an answer.
MAY_BE_LISTED = [*LOOKED_UP, TemplateState.SUBMITTING, TemplateState.REJECTED]


class TemplateQuerySet(TenantQuerySet["Template"]):
    def approved(self) -> Self:
        return self.filter(state=TemplateState.APPROVED)

    def sendable(self) -> Self:
        """Those whose variables a campaign can fill: the body's, not the buttons'."""
        return self.approved().exclude(buttons__icontains=OPENING)

    def in_review(self) -> Self:
        """Those that a look-up may find approved."""
        return self.filter(state__in=LOOKED_UP)

    def needing_a_person(self) -> Self:
        return self.filter(state__in=[TemplateState.FAILED, TemplateState.UNKNOWN])


class Template(models.Model):
    """A message that WhatsApp lets us send first, once it is approved.

    `uuid` is the form's idempotency key: sent twice, it is one template. `revision`, for optimistic locking,
    grows with every change by a person, so that a page that is out of date changes nothing.
    """

    uuid = models.UUIDField(default=uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="whatsapp_templates", db_index=False
    )
    display_name = models.CharField(max_length=MAX_NAME_LENGTH, blank=True)
    body = models.TextField(blank=True)
    category = models.CharField(max_length=40, blank=True, help_text="Empty for one made elsewhere.")
    language = models.CharField(max_length=2, blank=True, help_text="Empty for one made elsewhere.")
    buttons = models.JSONField(default=list, help_text='[{"type", "label", "data"}], of one type.')
    attachment_url = models.CharField(max_length=2000, blank=True, help_text="Of an example.")
    identity = models.CharField(max_length=50, blank=True, help_text="The WhatsApp number that sends it.")

    state = models.CharField(max_length=10, choices=TemplateState.choices, default=TemplateState.DRAFT)
    error_text = models.CharField(max_length=500, blank=True, help_text="For the person who mends it.")
    remote_id = models.CharField(max_length=512, blank=True, help_text="What a message names it by.")
    revision = models.PositiveIntegerField(default=1)

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    looked_up_at = models.DateTimeField(
        null=True, help_text="When SmartDialog's list was last read and did not have it."
    )
    approved_at = models.DateTimeField(null=True, help_text="When SmartDialog first listed it.")

    objects = TemplateQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "-id"], name="template_newest_of_a_customer"),
            models.Index(
                fields=["looked_up_at"],
                name="template_to_be_looked_up",
                condition=Q(state__in=["submitted", "unknown"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["customer", "uuid"], name="template_once_written"),
        ]

    def __str__(self) -> str:
        return self.display_name or "Untitled template"

    @property
    def variables(self) -> list[int]:
        return variables.numbers(self.body)

    @property
    def has_gaps_in_buttons(self) -> bool:
        """A campaign cannot fill these, so it is not offered there."""
        return any(OPENING in text for button in self.buttons for text in button.values())

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_in_review(self) -> bool:
        return self.state in LOOKED_UP

    @property
    def is_uncertain(self) -> bool:
        return self.state == TemplateState.UNKNOWN

    @property
    def made_elsewhere(self) -> bool:
        """It was listed by SmartDialog before we knew of it."""
        return self.submitted_at is None and bool(self.remote_id)

    @property
    def age(self) -> timedelta:
        """Since it was submitted."""
        return timezone.now() - (self.submitted_at or self.created_at)

    def audited(self) -> dict[str, Any]:
        """What the audit trail keeps of it."""
        names = ("display_name", "body", "category", "language", "buttons", "attachment_url", "identity")
        return {name: getattr(self, name) for name in names}
