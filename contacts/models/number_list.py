"""A list of numbers that was opted out at once, so that it can be taken back."""

from uuid import uuid4

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.models.suppression import MAX_WORDS_LENGTH
from gateway import clock


class NumberList(models.Model):
    """What a person had opted out by a list: each number has an opt-out of its own for it.

    `settled`: the contacts of a list that was taken back follow the record again.
    """

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="number_lists", db_index=False
    )
    token = models.UUIDField(default=uuid4, help_text="Of the form: sent twice, it is one list.")
    name = models.CharField(max_length=200, blank=True, help_text="Of its file.")
    words = models.CharField(max_length=MAX_WORDS_LENGTH, blank=True, help_text="Why, as staff noted.")
    numbers = models.PositiveIntegerField(default=0, help_text="How many it opted out.")
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    settled = models.BooleanField(default=True)

    objects = TenantQuerySet["NumberList"].as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["customer", "token"], name="number_list_once")]
        indexes = [
            models.Index(fields=["customer", "-id"], name="number_lists_newest_first"),
            models.Index(fields=["id"], name="number_lists_to_be_settled", condition=models.Q(settled=False)),
        ]

    def __str__(self) -> str:
        return self.name or "Pasted numbers"
