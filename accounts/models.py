"""People, the customers they reach, and the audit trail of what they did."""

from collections.abc import Iterable
from typing import Any, ClassVar, NamedTuple, Self
from zoneinfo import available_timezones

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.db import models

from accounts.db import clock
from accounts.db.encryption import EncryptedTextField, LazySecretsModel
from accounts.db.kept_queries import kept, read_together
from accounts.people import names


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"  # reads everything of their customers, changes nothing
    MARKETER = "marketer", "Marketer"  # imports, writes, sends, answers
    ADMIN = "admin", "Admin"  # also people, connections, failed operations, audit


class Rights(NamedTuple):
    """Of a person: two with the same are shown the same."""

    can_write: bool
    is_admin: bool
    is_approved: bool


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
        fields |= {"role": Role.ADMIN, "approved_at": clock.now()}
        return super().create_superuser(username, email, password, **fields)

    def waiting(self) -> models.QuerySet["User"]:
        return self.filter(approved_at=None, is_active=True)

    def admins(self) -> models.QuerySet["User"]:
        """Those who may run the dashboard now."""
        return self.filter(role=Role.ADMIN, is_active=True).exclude(approved_at=None)

    def at_work(self) -> models.QuerySet["User"]:
        """Those who may change things now, wherever they reach."""
        writers = self.filter(role__in=[Role.MARKETER, Role.ADMIN], is_active=True)
        return writers.exclude(approved_at=None)

    def reached_by(self, admin: "User") -> models.QuerySet["User"]:
        """Whom an admin sees and decides about: people of their customers, and those of none yet.

        Who runs the installation, a superuser, sees everybody; only they decide about another superuser.
        """
        if admin.is_superuser:
            return self.all()
        shared = models.Q(customers__in=list(admin.customers.all())) | models.Q(customers=None)
        reached = self.filter(shared, is_superuser=False)
        return self.filter(models.Q(pk__in=reached.values("pk")) | models.Q(pk=admin.pk))


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a time zone from the list, such as Europe/Helsinki.")


class User(AbstractUser):
    """A person who uses the dashboard, by SmartDialog sign-in, by password, or both."""

    name = models.CharField(max_length=200, blank=True)
    name_key = models.CharField(
        max_length=200,
        unique=True,
        null=True,
        blank=True,
        help_text="What the eye keeps of the name: see accounts.people.names.",
    )
    named_by_sign_in = models.BooleanField(
        default=False, help_text="Their SmartDialog sign-in says the name."
    )
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
    def has_password(self) -> bool:
        """Whether they may sign in with one; most have SmartDialog only."""
        return bool(self.password) and self.has_usable_password()

    @property
    def can_write(self) -> bool:
        return self.role in {Role.MARKETER, Role.ADMIN}

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN

    @property
    def rights(self) -> Rights:
        return Rights(self.can_write, self.is_admin, self.is_approved)

    def know_customers(self) -> list[Customer]:
        """Whom they reach; `customers.all()` says so without another query, as if it had been prefetched."""
        if "customers" not in getattr(self, "_prefetched_objects_cache", {}):
            self.keep_customers(_customers_of(self))
        return list(self.customers.all())

    def keep_customers(self, reached: "list[Customer]") -> None:
        known = self.customers.all()
        known._result_cache = reached
        self._prefetched_objects_cache = {"customers": known}

    def may_write_for(self, customer: "Customer") -> bool:
        """Also when they are not here: what they began goes on only while they may."""
        return self.is_active and self.can_write and self.customers.filter(pk=customer.pk).exists()

    def __str__(self) -> str:
        return self.name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """No two people are shown by names that look alike."""
        self.name_key = names.skeleton(str(self)) or None
        if (fields := kwargs.get("update_fields")) is not None and "name" in fields:
            kwargs["update_fields"] = {*fields, "name_key"}
        super().save(*args, **kwargs)


def active_person(key: int) -> User | None:
    """With the customers whom they reach. One query."""
    found, customers = read_together(_active.of(key), _customers_of.of(key))
    for user in found:
        user.keep_customers(customers)
    return next(iter(found), None)


@kept
def _active(key: int) -> models.QuerySet[User]:
    return User.objects.filter(pk=key, is_active=True)


@kept
def _customers_of(user: User | int) -> CustomerQuerySet:
    return Customer.objects.filter(memberships__user=user)


class Membership(models.Model):
    """A customer that a person's SmartDialog sign-in listed when it was last read."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="membership_once")]


class AuditQuerySet(models.QuerySet["AuditEvent"]):
    def visible_to(self, user: User) -> Self:
        """Events of the user's customers, and those by or about people whom they reach."""
        if user.is_superuser:
            return self.filter(models.Q(customer=None) | models.Q(customer__in=user.customers.all()))
        people = User.objects.reached_by(user)
        about = [f"user:{key}" for key in people.values_list("pk", flat=True)]
        ours = models.Q(actor__in=people) | models.Q(subject__in=about)
        return self.filter(models.Q(customer__in=user.customers.all()) | models.Q(ours, customer=None))

    def about(self, subject: models.Model) -> Self:
        return self.filter(subject=subject_key(subject))


class AuditEvent(models.Model):
    """Who did what, when, with what before and after. Rows are added, never changed."""

    at = models.DateTimeField(default=clock.now, editable=False)
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


def keys_named(model: type[models.Model], subjects: Iterable[str]) -> dict[str, int]:
    """Those of the subjects that name a row of the model, and its key: of "contact:12" it is 12."""
    parted = ((subject, subject.partition(":")) for subject in subjects)
    return {
        subject: int(key)
        for subject, (kind, _, key) in parted
        if kind == model._meta.model_name and key.isdecimal()
    }


class SignInCount(models.Model):
    """How often something was tried lately that is limited: a password of an account, from an address."""

    key = models.CharField(max_length=64, unique=True, help_text="A keyed hash of what is counted.")
    count = models.PositiveIntegerField(default=0)
    until = models.DateTimeField(help_text="Counted anew after this.")

    def __str__(self) -> str:
        return f"{self.count} until {self.until}"


class SecondFactor(LazySecretsModel):
    """An authenticator app (TOTP) that a person proves to have when they sign in with a password."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField()
    confirmed_at = models.DateTimeField(default=clock.now)
    last_step = models.BigIntegerField(default=0, help_text="The 30 seconds whose code was used last.")

    def __str__(self) -> str:
        return f"{self.user}’s second factor"


class RecoveryCode(models.Model):
    """A code for when the authenticator is lost: used once, then its row is gone."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="recovery_code_once")]

    def __str__(self) -> str:
        return f"a recovery code of {self.user}"
