"""A person who asked to be forgotten: what was erased, and a keyed hash that keeps imports from them."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from accounts.db.encryption import EncryptedTextField
from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from gateway import clock

ERASURE_BATCH_PREFIX = "erasure:"  # begins the batch of an erasure's calls


class ErasureQuerySet(TenantQuerySet["Erasure"]):
    def in_force(self) -> "ErasureQuerySet":
        """The person has not been allowed back."""
        return self.filter(lifted_at=None)

    def unfinished(self) -> "ErasureQuerySet":
        return self.filter(finished_at=None)


class Erasure(models.Model):
    """Of one number, of one customer; those asked for at once share `request`.

    `phone` and `subjects` are known only until nothing remains that needs them.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="erasures", db_index=False)
    request = models.UUIDField(default=uuid4)
    digest = models.CharField(
        max_length=64, help_text="HMAC of customer and number: see models.erased_numbers."
    )
    ending = models.CharField(max_length=2, help_text="The last digits, for who has to find it again.")
    phone = EncryptedTextField(blank=True)
    opted_out = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="The source of a No of theirs, a ConsentSource, which holds when they come back.",
    )
    subjects = models.JSONField(default=list, help_text="contact:12: how the trail and the outbox name them.")
    held = models.JSONField(default=dict, help_text="How many of what, when it was asked for.")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, help_text="When nothing remained, here or in a call.")
    lifted_at = models.DateTimeField(null=True, help_text="The person may be added and imported again.")

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["customer", "digest"], name="erasure_of_a_number"),
            models.Index(fields=["customer", "-id"], name="erasures_of_a_customer"),
            models.Index(fields=["id"], name="erasure_unfinished", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return f"a number ending in {self.ending}"

    @property
    def batch(self) -> str:
        return f"{ERASURE_BATCH_PREFIX}{self.pk}"
