"""Multi-tenancy: every query for customer data is scoped to the user's customers, row by row."""

from typing import Self, TypeVar

from django.db import models

from accounts.models import Customer, User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class TenantQuerySet(models.QuerySet[Row]):
    """A queryset of rows that belong to a customer, `customer_path` away from the row."""

    customer_path = "customer"

    def visible_to(self, user: User) -> Self:
        """Rows of the customers that the user's SmartDialog sign-in lists; a stranger gets none."""
        return self.filter(**{f"{self.customer_path}__in": list(user.customers.all())})

    def of_customer(self, customer: Customer | None) -> Self:
        return self.filter(**{self.customer_path: customer})
