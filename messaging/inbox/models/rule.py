"""What happens by itself when somebody writes, as a customer's admins say; and what did."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway.models import Service
from messaging.campaigns.models import WeeklyHours
from messaging.inbox.models.message import Message
from messaging.inbox.models.thread import Team, Thread

MAX_ANSWER_LENGTH = 480  # characters: three parts of an SMS, at most


class OfficeHours(WeeklyHours):
    """When a customer's people are at work to answer; without any, always."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")

    objects = TenantQuerySet["OfficeHours"].as_manager()

    class Meta:
        verbose_name_plural = "office hours"

    def __str__(self) -> str:
        return f"Office hours of {self.customer}"


class When(models.TextChoices):
    ANY = "any", "At any time"
    OPEN = "open", "In office hours"
    CLOSED = "closed", "Outside office hours"


class RuleQuerySet(TenantQuerySet["Rule"]):
    def kept_by(self, customer: Customer) -> Self:
        """Those that nobody has removed."""
        return self.of_customer(customer).filter(removed_at=None)

    def switched_on(self) -> Self:
        return self.filter(is_on=True)


class Rule(models.Model):
    """A message that fits all that is said of it has done with it all that is said here."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=40)
    place = models.PositiveSmallIntegerField(default=0, help_text="In the order in which they are gone by.")
    is_on = models.BooleanField(default=True)
    removed_at = models.DateTimeField(
        null=True, editable=False, help_text="Kept, as what it did refers to it."
    )

    words = models.JSONField(
        default=list, blank=True, help_text="One of these phrases; none: whatever it says."
    )
    says_nothing_else = models.BooleanField(default=False, help_text="The phrase is the whole message.")
    when = models.CharField(max_length=10, choices=When.choices, default=When.ANY)
    service = models.ForeignKey(
        Service,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="The two-way one that they wrote to; null: any.",
    )

    label = models.CharField(max_length=40, blank=True)
    assignee = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Of a thread that is nobody's.",
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="In place of an assignee.",
    )
    group = models.ForeignKey(
        Service,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="Whoever writes joins it.",
    )
    answer = models.TextField(max_length=MAX_ANSWER_LENGTH, blank=True)
    plain_answer = models.TextField(
        max_length=MAX_ANSWER_LENGTH, blank=True, help_text="For who lacks a value that the answer names."
    )
    carrier = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="By whose sign-in answers and new contacts go out.",
    )

    objects = RuleQuerySet.as_manager()

    class Meta:
        ordering = ["place", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"], name="rule_once", condition=Q(removed_at=None)
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def assigns_to(self) -> User | Team | None:
        return self.assignee or self.team

    @property
    def needs_carrier(self) -> bool:
        return bool(self.answer or self.group_id)


class RuleRunQuerySet(TenantQuerySet["RuleRun"]):
    customer_path = "thread__customer"


class RuleRun(models.Model):
    """What a rule did with a message, once; and what it left undone, and why."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs", db_index=False)
    rule_name = models.CharField(max_length=40, help_text="As it was called then.")
    thread = models.ForeignKey(Thread, on_delete=models.CASCADE, related_name="rule_runs", db_index=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    label = models.CharField(max_length=40, blank=True, help_text="That was not on the thread before.")
    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    answer = models.OneToOneField(
        Message, on_delete=models.SET_NULL, null=True, related_name="rule_run", help_text="That it sent."
    )
    group = models.ForeignKey(
        Service,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        help_text="That they joined.",
    )
    left_undone = models.JSONField(default=list, help_text="Sentences: what, and why.")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )

    objects = RuleRunQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["message", "rule"], name="rule_ran_once")]
        indexes = [
            models.Index(fields=["thread", "at"], name="rule_runs_of_a_thread"),
            models.Index(fields=["rule", "at"], name="rule_runs_of_a_rule"),
        ]

    def __str__(self) -> str:
        return self.rule_name

    @property
    def assigned_to(self) -> User | Team | None:
        return self.assignee or self.team

    @property
    def did(self) -> list[str]:
        done = [
            f"labelled {self.label}" if self.label else "",
            f"assigned to {self.assigned_to}" if self.assigned_to else "",
            f"added to {self.group}" if self.group else "",
            "answered" if self.answer_id else "",
        ]
        return [each for each in done if each]

    @property
    def can_be_undone(self) -> bool:
        return self.undone_at is None and bool(self.label or self.assignee_id or self.team_id)


class AutomaticAnswer(models.Model):
    """When a rule last answered somebody: whoever moves this on may answer, and of many at once one does."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    phone = models.CharField(max_length=50, help_text="Of the spellings of the number the first.")
    at = models.DateTimeField()

    objects = TenantQuerySet["AutomaticAnswer"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "phone"], name="automatic_answer_once")]

    def __str__(self) -> str:
        return self.phone
