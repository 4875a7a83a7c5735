"""The record of consent: who wants no messages from a customer, since when, why, and what ended it."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import clock

MAX_WORDS_LENGTH = 500


class ConsentSource(models.TextChoices):
    MESSAGE = "message", "Message"  # the person wrote it
    STAFF = "staff", "Staff"  # somebody who works for the customer
    FILE = "file", "File"  # a file's column of consent
    API = "api", "SmartDialog"  # found there


# What a person said themselves or to others: many at once are not taken back.
BY_THE_PERSON = (ConsentSource.MESSAGE, ConsentSource.API)
# By source, with words of theirs and without: for `place` and `by`, see Suppression.
_WHY = {
    ConsentSource.MESSAGE: ("Wrote “{words}” to {place}", "Asked for it in a message to {place}"),
    ConsentSource.STAFF: ("Opted out by {by}: {words}", "Opted out by {by}"),
    ConsentSource.FILE: ("“{words}” in the file {place}", "Said no in the file {place}"),
    ConsentSource.API: ("At SmartDialog: {words}", "Gets no messages at SmartDialog"),
}
_WHY_LIFTED = {
    ConsentSource.MESSAGE: "Wrote “{words}” to {place}",
    ConsentSource.STAFF: "Opt-out removed by {by}: {words}",
    ConsentSource.FILE: "The import of {place} was undone",
    ConsentSource.API: "At SmartDialog: {words}",
}


class SuppressionQuerySet(TenantQuerySet["Suppression"]):
    def in_force(self) -> Self:
        return self.filter(lifted_at=None)

    def as_said(self) -> Self:
        """Each opt-out once, however many spellings the number has."""
        return self.filter(other_spelling=False)

    def stopping(self, customer: Customer | int | models.OuterRef, phone: str | models.OuterRef) -> Self:
        """What keeps the number from messages now; empty for who gets them."""
        return self.in_force().filter(customer=customer, phone=phone)


class Suppression(models.Model):
    """An opt-out of a number from all groups of a customer, and when and why it was lifted, if it was.

    Several may be in force: the person's own, that of staff, and one of each file and list. One alone is
    enough, and each is lifted by itself, so that none takes another with it.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="suppressions", db_index=False
    )
    phone = models.CharField(max_length=20, help_text="E.164.")
    since = models.DateTimeField(default=clock.now)
    source = models.CharField(max_length=10, choices=ConsentSource.choices)
    words = models.CharField(
        max_length=MAX_WORDS_LENGTH, blank=True, help_text="What they wrote, or staff noted, or a file said."
    )
    place = models.CharField(max_length=200, blank=True, help_text="Whom they wrote to; which file.")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    job = models.ForeignKey(
        "contacts.Import", on_delete=models.SET_NULL, null=True, db_index=False, related_name="opt_outs"
    )
    number_list = models.ForeignKey(
        "contacts.NumberList",
        on_delete=models.RESTRICT,
        null=True,
        db_index=False,
        related_name="opt_outs",
        help_text="By which staff said it of many at once.",
    )

    other_spelling = models.BooleanField(
        default=False,
        db_default=False,
        help_text="Said of the same phone under another number: see contacts.text.phones.spellings.",
    )

    lifted_at = models.DateTimeField(null=True, help_text="Null: in force.")
    lift_source = models.CharField(max_length=10, choices=ConsentSource.choices, blank=True)
    lift_words = models.CharField(max_length=MAX_WORDS_LENGTH, blank=True, help_text="What shows it.")
    lift_place = models.CharField(max_length=200, blank=True)
    lift_dated = models.DateField(null=True, help_text="When they agreed, as staff say.")
    lifted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "phone", "source"],
                name="suppression_once_by_source",
                condition=Q(lifted_at=None, number_list=None) & ~Q(source="file"),
            ),
            models.UniqueConstraint(
                fields=["number_list", "phone"],
                name="suppression_once_by_list",
                condition=Q(lifted_at=None),
            ),
            models.UniqueConstraint(
                fields=["job", "phone"], name="suppression_once_by_file", condition=Q(lifted_at=None)
            ),
        ]
        indexes = [
            models.Index(fields=["customer", "phone"], name="suppressions_of_a_number"),
            models.Index(fields=["customer", "-since", "-id"], name="suppressions_newest_first"),
        ]

    def __str__(self) -> str:
        return self.phone

    @property
    def reason(self) -> str:
        with_words, without = _WHY[ConsentSource(self.source)]
        by = self.by or "somebody who has left"
        return (with_words if self.words else without).format(words=self.words, place=self.place, by=by)

    @property
    def lift_reason(self) -> str:
        """Empty while it is in force."""
        if self.lifted_at is None:
            return ""
        by = self.lifted_by or "somebody who has left"
        why = _WHY_LIFTED[ConsentSource(self.lift_source)]
        return why.format(words=self.lift_words, place=self.lift_place, by=by)
