"""A person's grant at SmartDialog."""

from datetime import timedelta

from django.db import models

from accounts.db.encryption import EncryptedTextField, LazySecretsModel
from accounts.models import User
from gateway import clock

# A hold as long as this is told to people, beside what they wait for.
LONG_HOLD = timedelta(minutes=15)


class ConnectionState(models.TextChoices):
    ACTIVE = "active", "Connected"
    PAUSED = "paused", "Paused"  # by a person: nothing is called until they resume
    RECONNECT = "reconnect", "Sign in again"  # the grant is dead: nothing is called until they sign in
    LOCKED = "locked", "Key missing"  # no key here opens the grant: nothing is called until one does


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def of(self, user: User) -> "Connection | None":
        return self.filter(user=user).first()

    def active(self) -> "ConnectionQuerySet":
        return self.filter(state=ConnectionState.ACTIVE)

    def ended(self) -> "ConnectionQuerySet":
        """Whose access token has ended, and cannot be renewed."""
        return self.active().filter(refresh_token="", expires_at__lte=clock.now())

    def accept_settings(self) -> None:
        """A token could be had: what was refused of our settings, for anybody, is mended."""
        self.exclude(wrong_setting="").update(wrong_setting="", wrong_setting_said="")

    def without_grant(self) -> "ConnectionQuerySet":
        """Those that a new sign-in brings back."""
        return self.filter(state__in=[ConnectionState.RECONNECT, ConnectionState.LOCKED])


class Connection(LazySecretsModel):
    """One person's grant: their tokens, the lease of whoever drains for them, and what holds them up.

    Leases and refreshes are compare-and-swap on this row, since SQLite ignores row locks.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="connection")
    subject = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=ConnectionState.choices, default=ConnectionState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)

    access_token = EncryptedTextField(blank=True)
    refresh_token = EncryptedTextField(blank=True)
    expires_at = models.DateTimeField()
    scopes = models.TextField(
        blank=True, help_text="As granted, space-separated; may be fewer than asked for."
    )
    token_version = models.PositiveIntegerField(default=0, help_text="Grows with each new access token.")
    refreshing_until = models.DateTimeField(null=True, help_text="One process refreshes until then.")

    fence = models.PositiveBigIntegerField(default=0, help_text="Grows with each lease: the fencing token.")
    leased_until = models.DateTimeField(null=True, help_text="Empty when nobody drains.")

    calls_made = models.PositiveBigIntegerField(default=0)
    paced_until = models.DateTimeField(null=True, help_text="Bulk lanes make no call before this.")
    blocked_until = models.DateTimeField(
        null=True, help_text="No call before this: SmartDialog asked, or is down."
    )
    consecutive_failures = models.PositiveIntegerField(
        default=0, help_text="Calls in a row that SmartDialog did not serve."
    )
    last_failure_text = models.CharField(max_length=300, blank=True)
    last_failure_at = models.DateTimeField(null=True)

    wrong_setting = models.CharField(
        max_length=40, blank=True, help_text="Of ours, for which no token can be had: a variable’s name."
    )
    wrong_setting_said = models.CharField(max_length=300, blank=True)

    customers_read_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ConnectionQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user}’s connection"

    @property
    def is_active(self) -> bool:
        return self.state == ConnectionState.ACTIVE

    @property
    def is_held_long(self) -> bool:
        return self.blocked_until is not None and self.blocked_until > clock.after(LONG_HOLD.total_seconds())
