"""Who sees what: every query for customer data goes through the user's customers."""

from typing import Self

from django.db import models


class ReachQuerySet(models.QuerySet):
    """A queryset of rows that belong to a customer, `customer_path` away from the row."""

    customer_path = "customer"

    def reached_by(self, user) -> Self:
        """Rows of the customers that the user's SmartDialog sign-in lists; a stranger gets none."""
        return self.filter(**{f"{self.customer_path}__in": user.customers.all()})

    def of_customer(self, customer) -> Self:
        return self.filter(**{self.customer_path: customer})
