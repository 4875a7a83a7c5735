"""A number that nobody here has, and what SmartDialog has of it."""

from urllib.parse import urlencode

from django.db import models

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from gateway.models import Service


class LookupState(models.TextChoices):
    ASKING = "asking", "SmartDialog is being asked"
    FOUND = "found", "SmartDialog has it"
    ABSENT = "absent", "SmartDialog does not have it"
    FAILED = "failed", "SmartDialog gave no answer"
    TAKEN = "taken", "Taken into the list"  # of a list that was looked up


class LookupQuerySet(TenantQuerySet["Lookup"]):
    customer_path = "group__customer"


class Lookup(models.Model):
    """Of one number in one group; asked again, the row is asked anew."""

    group = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="lookups", db_index=False)
    phone = models.CharField(max_length=20, help_text="E.164.")
    state = models.CharField(max_length=10, choices=LookupState.choices, default=LookupState.ASKING)
    found = models.JSONField(default=dict, help_text="What SmartDialog has: text by target.")
    typed = models.JSONField(
        default=dict,
        help_text="What the form held beside the number, for who goes on with it: see ContactForm.",
    )
    active = models.BooleanField(null=True, help_text="Null: SmartDialog does not say who gets messages.")
    takes_in = models.BooleanField(
        default=False, db_default=False, help_text="Of a list: who is found is taken in at once."
    )
    error = models.CharField(max_length=500, blank=True, help_text="For the person who asked.")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)

    objects = LookupQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["phone", "group"], name="lookup_once_in_a_group")]
        indexes = [models.Index(fields=["asked_at"], name="lookup_by_age")]

    def __str__(self) -> str:
        return self.phone

    @property
    def is_asking(self) -> bool:
        return self.state == LookupState.ASKING

    @property
    def query(self) -> str:
        """For the form of a new contact."""
        return urlencode({"phone": self.phone})

    @property
    def topic(self) -> str:
        """What a page listens to for its answer."""
        return f"lookup:{self.pk}"
