"""What SmartDialog sends to us, and the secrets it reaches us by."""

from django.db import models
from django.db.models import Q

from accounts.db.encryption import EncryptedTextField, LazySecretsModel
from accounts.models import Customer
from accounts.tenancy import TenantQuerySet
from gateway import clock
from gateway.models.directory import Service


class HookKind(models.TextChoices):
    INBOUND = "inbound", "Inbound messages"
    DELIVERY = "delivery", "Delivery reports"


class SubscriptionState(models.TextChoices):
    ASKED = "asked", "Being set up"
    ACTIVE = "active", "Receiving"
    LEAVING = "leaving", "Being replaced"  # still taken, until its successor is sure
    FAILED = "failed", "Not set up"
    REVOKED = "revoked", "Stopped"


class HookSubscription(LazySecretsModel):
    """An address that we gave to SmartDialog: unguessable, for one customer, revocable."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="hook_subscriptions")
    service = models.ForeignKey(
        Service, on_delete=models.CASCADE, null=True, related_name="hook_subscriptions"
    )
    kind = models.CharField(max_length=10, choices=HookKind.choices)
    state = models.CharField(
        max_length=10, choices=SubscriptionState.choices, default=SubscriptionState.ASKED
    )
    secret = EncryptedTextField()
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the secret: how it is found.")
    action_id = models.CharField(max_length=100, blank=True)
    pipeline_id = models.CharField(max_length=100, blank=True, help_text="Empty: it cannot be ended by API.")
    error_text = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    taken_until = models.DateTimeField(null=True, help_text="When one that was replaced is closed by itself.")

    objects = TenantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind"],
                name="one_live_subscription_of_a_service",
                condition=Q(state__in=["asked", "active"], service__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["customer", "kind"],
                name="one_live_address_of_a_customer",
                condition=Q(state__in=["asked", "active"], service__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.service or self.customer}"

    @property
    def can_be_ended(self) -> bool:
        """Whether SmartDialog told what is needed to end it there; else only Arena can."""
        return bool(self.pipeline_id and self.action_id)


class EventState(models.TextChoices):
    NEW = "new", "New"
    DONE = "done", "Taken in"
    PARKED = "parked", "Waiting for what it belongs to"  # deferred: it came before what it is about
    UNCLEAR = "unclear", "Says what is not known"  # until an admin says what it means
    UNMATCHED = "unmatched", "Belongs to nothing here"
    QUARANTINED = "quarantined", "Could not be read"  # a dead letter: kept for an admin to look at
    FAILED = "failed", "Failed here"  # a dead letter by our own fault: kept, and tried again by hand


DEAD_LETTERS = [EventState.QUARANTINED, EventState.FAILED]
SHOWN = 1000  # characters of what nobody has read


class HookEvent(models.Model):
    """What SmartDialog sent, byte for byte, stored before anything reads it."""

    subscription = models.ForeignKey(HookSubscription, on_delete=models.CASCADE, related_name="events")
    received_at = models.DateTimeField(default=clock.now)
    body = models.BinaryField(blank=True)
    query = models.TextField(blank=True)
    state = models.CharField(max_length=12, choices=EventState.choices, default=EventState.NEW)
    due_at = models.DateTimeField(default=clock.now)
    attempts = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True)
    unclear = models.CharField(
        max_length=200,
        blank=True,
        db_default="",
        help_text="What of a report has to be said: word:… or names:…",
    )

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["subscription", "unclear"], name="hook_events_unclear", condition=Q(state="unclear")
            ),
            models.Index(
                fields=["due_at", "id"], name="hook_events_due", condition=Q(state__in=["new", "parked"])
            ),
            models.Index(
                fields=["subscription"],
                name="hook_events_dead",
                condition=Q(state__in=["quarantined", "failed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscription.kind} {self.pk}"

    @property
    def said(self) -> str:
        """How it begins, where nobody has read it yet."""
        if self.state in {EventState.NEW, EventState.DONE}:
            return ""
        text = self.query or bytes(self.body[: 4 * SHOWN]).decode("utf-8", "replace")
        return "".join(each if each.isprintable() else " " for each in text[:SHOWN])

    @property
    def is_dead_letter(self) -> bool:
        return self.state in DEAD_LETTERS
