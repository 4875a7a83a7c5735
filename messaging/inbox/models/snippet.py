"""Words that are said often."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from messaging.campaigns.sms import MAX_LENGTH

MAX_KEY_LENGTH = 20


class SnippetQuerySet(TenantQuerySet["Snippet"]):
    def for_use_by(self, user: User, customer: Customer) -> Self:
        """Everybody's of the customer, and their own."""
        return self.of_customer(customer).filter(Q(owner=None) | Q(owner=user))


class Snippet(models.Model):
    """`/key` in the reply box stands for it. `owner`: who alone has it; null: everybody of the customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    key = models.SlugField(max_length=MAX_KEY_LENGTH, allow_unicode=True, db_index=False)
    content = models.TextField(max_length=MAX_LENGTH)

    objects = SnippetQuerySet.as_manager()

    class Meta:
        ordering = ["key", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "key"], name="snippet_once_for_all", condition=Q(owner=None)
            ),
            models.UniqueConstraint(fields=["customer", "owner", "key"], name="snippet_once_a_person"),
        ]

    def __str__(self) -> str:
        return self.key
