"""What a person keeps of the table: its columns, and filters they come back to."""

from typing import Self

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet


class PerUserQuerySet(TenantQuerySet):
    def own(self, user: User, customer: Customer) -> Self:
        return self.filter(user=user, customer=customer)


class TableColumns(models.Model):
    """The columns that a person wants to see of a customer's contacts, by key and in order."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    columns = models.JSONField(default=list)

    objects = PerUserQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="columns_of_a_person")]

    def __str__(self) -> str:
        return ", ".join(self.columns)


class SavedFilter(models.Model):
    """A search, filters and an order that a person named; it may be asked of every group of the customer."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=16_000, help_text="As the URL of the table has it.")

    objects = PerUserQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "customer", "name"], name="saved_filter_of_a_person")
        ]

    def __str__(self) -> str:
        return self.name
