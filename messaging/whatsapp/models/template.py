"""WhatsApp templates, as we wrote them and as far as SmartDialog tells what became of them."""

from collections.abc import Collection
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.text import Truncator

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint.languages import language_label
from messaging.whatsapp.models.states import (
    EDITABLE,
    FILLED_BY_CAMPAIGNS,
    JUDGED,
    LOOKED_UP,
    MEDIA,
    Approval,
    HeaderKind,
    Need,
    TemplateState,
)

NOTHING = Value({}, models.JSONField())
OPENING = "{{"  # of a variable
NAMED_VARIABLE = r"\{\{ *[A-Za-z_]"  # WhatsApp's other kind: SmartDialog carries numbered ones only
MAX_NAME_LENGTH = 100  # as the contract has it
WRITTEN = (
    "display_name",
    "body",
    "variable_names",
    "samples",
    "category",
    "language",
    "buttons",
    "attachment_url",
    "header_kind",
    "identity",
)
DESCRIBED = ("category", "language", "header_kind", "header_text", "footer", "buttons")
REVIEW_AT_MOST = timedelta(days=7)  # then a person is asked what became of it

# As `needs.of_template` tells of one template.
_HAS_NEED = {
    Need.BODY: Q(body__contains=OPENING) & ~Q(body__regex=NAMED_VARIABLE),
    Need.HEADER: Q(header_text__contains=OPENING),
    Need.MEDIA: Q(header_kind__in=MEDIA),
    Need.LINK: Q(buttons__icontains=OPENING),
    Need.NAMED: Q(body__regex=NAMED_VARIABLE) | Q(header_text__regex=NAMED_VARIABLE),
    Need.PLACE: Q(header_kind=HeaderKind.LOCATION),
}


# What a list tells apart, as `Template.standing` does: the verdict, where one is known, before the state.
STANDING = Case(
    When(approval=Approval.REJECTED, then=Value(str(Approval.REJECTED))),
    When(state=TemplateState.LISTED, approval=Approval.APPROVED, then=Value(str(Approval.APPROVED))),
    default=F("state"),
)
STANDING_LABELS: dict[str, str] = {
    **dict(TemplateState.choices),
    Approval.APPROVED: Approval.APPROVED.label,
    Approval.REJECTED: Approval.REJECTED.label,
}


class TemplateQuerySet(TenantQuerySet["Template"]):
    def listed(self) -> Self:
        return self.filter(state=TemplateState.LISTED)

    def sendable(self, fills: Collection[Need] = FILLED_BY_CAMPAIGNS) -> Self:
        """Listed, not rejected as far as is known, and with no need but those that the sender fills."""
        rows = self.listed().filter(archived_at=None).exclude(approval=Approval.REJECTED)
        return rows.exclude(
            reduce(or_, (has for need, has in _HAS_NEED.items() if need not in fills), Q(pk=None))
        )

    def in_review(self) -> Self:
        """Those that a look-up may find listed, and are looked up by the clock."""
        waiting = self.filter(state__in=LOOKED_UP).exclude(approval=Approval.REJECTED)
        return waiting.filter(submitted_at__gt=clock.now() - REVIEW_AT_MOST)

    def needing_a_person(self) -> Self:
        """Refused, unclear, or in review for so long that somebody has to ask."""
        overdue = Q(state=TemplateState.SUBMITTED, submitted_at__lte=clock.now() - REVIEW_AT_MOST)
        asked = Q(state__in=[TemplateState.FAILED, TemplateState.UNKNOWN]) | overdue
        return self.filter(asked).exclude(approval=Approval.REJECTED)


class Template(models.Model):
    """A message that WhatsApp lets us send first, once it is approved.

    `state` is what SmartDialog says, `approval` what is known of WhatsApp's verdict. Of a template made
    elsewhere only name and text are listed: a person describes the rest.

    `uuid` is the form's idempotency key: sent twice, it is one template. `revision`, for optimistic locking,
    grows with every change by a person, so that a page that is out of date changes nothing.
    """

    uuid = models.UUIDField(default=uuid4, editable=False)
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="whatsapp_templates", db_index=False
    )
    family = models.UUIDField(null=True, help_text="Shared by translations of one message.")
    display_name = models.CharField(max_length=MAX_NAME_LENGTH, blank=True)
    body = models.TextField(blank=True)
    variable_names = models.JSONField(
        default=dict, db_default=NOTHING, help_text='{"1": "first_name"}: as the writer calls them.'
    )
    samples = models.JSONField(
        default=dict, db_default=NOTHING, help_text='{"1": "Anna"}: shown in the variable\'s place.'
    )
    category = models.CharField(max_length=40, blank=True, help_text="Empty for one made elsewhere.")
    language = models.CharField(max_length=2, blank=True, help_text="Empty for one made elsewhere.")
    buttons = models.JSONField(default=list, help_text='[{"type", "label", "data"}], of one type.')
    attachment_url = models.CharField(
        max_length=2000, blank=True, help_text="Of an example for the reviewers: it is never sent."
    )
    header_kind = models.CharField(max_length=10, choices=HeaderKind.choices, blank=True, default="")
    header_text = models.CharField(max_length=60, blank=True)
    footer = models.CharField(max_length=60, blank=True)
    identity = models.CharField(max_length=50, blank=True, help_text="The WhatsApp number that sends it.")

    state = models.CharField(max_length=10, choices=TemplateState.choices, default=TemplateState.DRAFT)
    error_text = models.CharField(max_length=500, blank=True, help_text="For the person who mends it.")
    approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.UNKNOWN)
    approval_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", help_text="Who said so."
    )
    approval_inferred = models.BooleanField(default=False, help_text="From what was sent with it.")
    approval_at = models.DateTimeField(null=True)
    approval_reason = models.CharField(
        max_length=500, blank=True, help_text="As a person was told, or WhatsApp's code."
    )
    remote_id = models.CharField(max_length=512, blank=True, help_text="What a message names it by.")
    revision = models.PositiveIntegerField(default=1)

    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    looked_up_at = models.DateTimeField(
        null=True, help_text="When SmartDialog's list was last read and did not have it."
    )
    listed_at = models.DateTimeField(null=True, help_text="When SmartDialog first listed it.")
    archived_at = models.DateTimeField(null=True, help_text="When a person put it away.")
    described_at = models.DateTimeField(null=True, help_text="When a person described one made elsewhere.")

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
    def names(self) -> dict[int, str]:
        """Of the variables that have one."""
        return {int(number): name for number, name in self.variable_names.items()}

    @property
    def named_body(self) -> str:
        """As people write it: with names for the numbers."""
        return variables.named(self.body, self.names)

    def name_of(self, number: int) -> str:
        """first_name -> First name; nothing where nobody named it."""
        name = self.names.get(number, "").replace("_", " ")
        return name[:1].upper() + name[1:]

    @property
    def standing(self) -> str:
        if self.approval == Approval.REJECTED:
            return self.approval
        is_approved = self.state == TemplateState.LISTED and self.approval == Approval.APPROVED
        return self.approval if is_approved else self.state

    @property
    def standing_label(self) -> str:
        if self.approval == Approval.REJECTED and self.approval_inferred:
            return "Refused when sent"
        return STANDING_LABELS[self.standing]

    @property
    def choice_label(self) -> str:
        """Tells it from others to choose from: name, language, category, how the text begins."""
        about = ", ".join(filter(None, [language_label(self.language), self.category.capitalize()]))
        name = f"{self} ({about})" if about else str(self)
        return f"{name}: {Truncator(self.body).chars(60)}"

    @property
    def is_judged(self) -> bool:
        """WhatsApp may have decided on it by now."""
        return self.state in JUDGED

    @property
    def is_editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def is_in_review(self) -> bool:
        return self.state in LOOKED_UP

    @property
    def is_overdue(self) -> bool:
        """In review for longer than reviews take: it is not looked up by the clock any more."""
        return self.is_in_review and self.age >= REVIEW_AT_MOST

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
        return clock.now() - (self.submitted_at or self.created_at)

    def audited(self) -> dict[str, Any]:
        """What the audit trail keeps of it."""
        return {name: getattr(self, name) for name in WRITTEN}

    def described(self) -> dict[str, Any]:
        """What a person may say of one made elsewhere, as the audit trail keeps it."""
        return {name: getattr(self, name) for name in DESCRIBED}
