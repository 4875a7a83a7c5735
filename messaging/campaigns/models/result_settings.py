"""What a customer's results say beside what became of each message."""

from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import Customer
from accounts.tenancy import TenantQuerySet

CURRENCIES = ["EUR", "SEK", "NOK", "DKK", "GBP", "USD"]


class ResultSettings(models.Model):
    """What is not set here is not shown."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    price_per_part = models.DecimalField(
        max_digits=8,
        decimal_places=4,
        null=True,
        validators=[MinValueValidator(0)],
        help_text="Of an SMS; null: not known.",
    )
    currency = models.CharField(max_length=3, default="EUR", choices=[(each, each) for each in CURRENCIES])

    tracks_links = models.BooleanField(
        default=False, db_default=False, help_text="SMS may hold a link of each person's own."
    )

    objects = TenantQuerySet["ResultSettings"].as_manager()

    class Meta:
        verbose_name_plural = "result settings"

    def __str__(self) -> str:
        return f"Results of {self.customer}"

    @classmethod
    def of(cls, customer: Customer) -> "ResultSettings":
        return cls.objects.filter(customer=customer).first() or cls(customer=customer)

    def cost(self, parts: int) -> str:
        """With its currency; empty where no price is set."""
        if self.price_per_part is None:
            return ""
        return f"{self.price_per_part * parts:,.2f} {self.currency}"
