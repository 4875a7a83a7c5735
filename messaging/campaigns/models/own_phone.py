"""Where somebody who writes campaigns sends their tests."""

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet


class OwnPhone(models.Model):
    """The last one of each person for each customer."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    phone = models.CharField(max_length=20, help_text="E.164.")

    objects = TenantQuerySet["OwnPhone"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "customer"], name="own_phone_of_a_person")]

    def __str__(self) -> str:
        return self.phone
