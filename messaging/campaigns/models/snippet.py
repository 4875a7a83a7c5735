"""Words that come back in many messages."""

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet

MAX_NAME, MAX_TEXT = 60, 1000  # characters


class SnippetQuerySet(TenantQuerySet["Snippet"]):
    def usable_by(self, user: User) -> Self:
        """Everybody's, and the person's own."""
        return self.filter(Q(user=None) | Q(user=user))


class Snippet(models.Model):
    """Without a `user` it is everybody's."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=MAX_NAME)
    text = models.TextField()

    objects = SnippetQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "name"], condition=Q(user=None), name="snippet_for_all_once"
            ),
            models.UniqueConstraint(fields=["customer", "user", "name"], name="snippet_of_a_person_once"),
        ]

    def __str__(self) -> str:
        return self.name
