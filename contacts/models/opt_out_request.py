"""What may be an opt-out, and waits for a person to say so."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.models.suppression import MAX_WORDS_LENGTH
from gateway import clock


class OptOutDecision(models.TextChoices):
    OPTED_OUT = "opted_out", "Opted out"
    NOT_MEANT = "not_meant", "Not an opt-out"


class OptOutRequestQuerySet(TenantQuerySet["OptOutRequest"]):
    def undecided(self) -> Self:
        return self.filter(decided_at=None)

    def decided(self) -> Self:
        return self.filter(decided_at__isnull=False)

    def as_said(self) -> Self:
        """Each request once, however many spellings the number has."""
        return self.filter(other_spelling=False)

    def waiting(self, customer: Customer | int | models.OuterRef, phone: str | models.OuterRef) -> Self:
        """Of the number: campaigns leave it out until somebody has decided."""
        return self.undecided().filter(customer=customer, phone=phone)


class OptOutRequest(models.Model):
    """The latest words of a number that came close to an opt-out; one waits, however often they wrote."""

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="opt_out_requests", db_index=False
    )
    phone = models.CharField(max_length=50, help_text="E.164, but of an unreadable sender as it came.")
    unreadable = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Which number wrote is not certain: nobody is left out before a person says whose it is.",
    )
    other_spelling = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Of the same phone under another number: see contacts.text.phones.spellings.",
    )
    words = models.CharField(max_length=MAX_WORDS_LENGTH, blank=True, help_text="What they wrote.")
    place = models.CharField(max_length=200, blank=True, help_text="Whom they wrote to.")
    asked_at = models.DateTimeField(default=clock.now)
    decision = models.CharField(max_length=10, choices=OptOutDecision.choices, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = OptOutRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "phone"],
                name="opt_out_request_once_undecided",
                condition=Q(decided_at=None),
            )
        ]
        indexes = [
            models.Index(fields=["customer", "-asked_at", "-id"], name="opt_out_requests_latest"),
            models.Index(fields=["customer", "phone"], name="opt_out_requests_of_a_number"),
        ]

    def __str__(self) -> str:
        return self.phone

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None
