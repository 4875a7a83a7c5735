"""People, the customers they reach, and the audit trail of what they did."""

from typing import Any, ClassVar, Self
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from accounts.tenancy import TenantQuerySet


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"  # reads everything of their customers, changes nothing
    MARKETER = "marketer", "Marketer"  # imports, writes, sends, answers
    ADMIN = "admin", "Admin"  # also people, connections, failed operations, audit


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: "User") -> "CustomerQuerySet":
        return self.filter(memberships__user=user)


class Customer(models.Model):
    """An account at SmartDialog: the tenant that services, contacts and messages belong to."""

    remote_id = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200)
    services_asked_at = models.DateTimeField(null=True, help_text="When its services were last asked for.")
    services_read_at = models.DateTimeField(null=True, help_text="When SmartDialog last answered that.")
    services_refusal = models.CharField(max_length=300, blank=True, help_text="Its words, where it refused.")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class People(UserManager["User"]):
    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """An admin who signs in with a password: the first person of a new installation."""
        fields |= {"role": Role.ADMIN, "approved_at": timezone.now()}
        return super().create_superuser(username, email, password, **fields)

    def waiting(self) -> models.QuerySet["User"]:
        return self.filter(approved_at=None, is_active=True)


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the list, such as Europe/Helsinki.")


class User(AbstractUser):
    """A person who uses the dashboard, by SmartDialog sign-in, by password, or both."""

    name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(
        max_length=200,
        unique=True,
        null=True,
        blank=True,
        help_text="Who they are at SmartDialog (the sign-in's sub or oid); empty for password-only admins.",
    )
    object_id = models.CharField(
        max_length=200,
        unique=True,
        null=True,
        blank=True,
        help_text="The sign-in's oid, which tells people apart where sub may not; empty while none came.",
    )
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.VIEWER)
    approved_at = models.DateTimeField(
        null=True, blank=True, help_text="Empty while an admin has not let them in."
    )
    time_zone = models.CharField(max_length=50, default="Europe/Helsinki", validators=[validate_time_zone])
    customers = models.ManyToManyField(Customer, through="Membership", related_name="users")

    objects: ClassVar[People] = People()

    @property
    def is_approved(self) -> bool:
        return self.approved_at is not None

    @property
    def can_write(self) -> bool:
        return self.role in {Role.MARKETER, Role.ADMIN}

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    def __str__(self) -> str:
        return self.name or self.username


class Membership(models.Model):
    """A customer that a person's SmartDialog sign-in listed when it was last read."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="membership_once")]


class AuditQuerySet(TenantQuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> Self:
        """Events of the user's customers, and those about people, which belong to no customer."""
        return self.filter(models.Q(customer=None) | models.Q(customer__in=user.customers.all()))

    def about(self, subject: models.Model) -> Self:
        return self.filter(subject=subject_key(subject))


class AuditEvent(models.Model):
    """Who did what, when, with what before and after. Rows are added, never changed."""

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="acts")
    actor_name = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    subject_text = models.CharField(max_length=200)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["subject", "-id"], name="audit_history_of_one_thing"),
            models.Index(fields=["customer", "-id"], name="audit_page_of_a_customer"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.subject_text}"


def subject_key(subject: models.Model) -> str:
    """How the trail names a row: its model and key, `contact:12`."""
    return f"{subject._meta.model_name}:{subject.pk}"
