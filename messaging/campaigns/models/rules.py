"""What a customer's admins decide about campaigns before anybody writes one."""

from django.db import models

from accounts.models import Customer, User
from accounts.tenancy import TenantQuerySet
from contacts.text.regions import region_names
from messaging.campaigns.models.call_options import MAX_CUSTOMER_DATA

MOST_REST_DAYS = 365


class CampaignRules(models.Model):
    """What is not set here is as it comes: no reference, and one press of one person sends to any number."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True, related_name="+")
    customer_data = models.CharField(
        max_length=MAX_CUSTOMER_DATA, blank=True, help_text="The billing reference of a new campaign."
    )
    typed_above = models.PositiveIntegerField(
        null=True, help_text="Whoever sends to more people types how many; null: nobody has to."
    )
    approved_above = models.PositiveIntegerField(
        null=True, help_text="More people than this, and a second person approves; null: never."
    )
    rest_days = models.PositiveSmallIntegerField(
        null=True,
        help_text="No marketing to whom some reached in so many days before; null: as often as may be.",
    )

    objects = TenantQuerySet["CampaignRules"].as_manager()

    class Meta:
        verbose_name_plural = "campaign rules"

    def __str__(self) -> str:
        return f"Rules for campaigns of {self.customer}"

    def asks_to_type(self, people: int) -> bool:
        return self.typed_above is not None and people > self.typed_above

    def asks_second_person(self, people: int, by: User) -> bool:
        """Not of an admin, who sets the number."""
        return self.approved_above is not None and people > self.approved_above and not by.is_admin

    @classmethod
    def of(cls, customer: Customer) -> "CampaignRules":
        return cls.objects.filter(customer=customer).first() or cls(customer=customer)


class ApprovedSender(models.Model):
    """A sender that may be used, since an operator or authority has approved it for the customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    sender = models.CharField(max_length=20)
    countries = models.JSONField(default=list, help_text="ISO alpha-2; empty: everywhere.")

    objects = TenantQuerySet["ApprovedSender"].as_manager()

    class Meta:
        ordering = ["sender"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "sender"], name="sender_approved_once"),
        ]

    def __str__(self) -> str:
        return self.sender

    @property
    def places(self) -> str:
        """In words."""
        names = region_names()
        return ", ".join(names.get(country, country) for country in self.countries) or "Everywhere"

    def holds_in(self, country: str) -> bool:
        return not self.countries or country in self.countries
