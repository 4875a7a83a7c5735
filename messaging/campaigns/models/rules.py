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
        """Nobody is exempt; an admin who is alone, and might lift the number, has nobody to ask."""
        return self._is_for_two(people) and not self.lacks_second_person(people, by)

    def lacks_second_person(self, people: int, by: User) -> bool:
        """Whether it goes out by one alone that should have two: this is said, and recorded."""
        return self._is_for_two(people) and by.is_admin and not self.has_another(by)

    def about_second_person(self, people: int, by: User) -> str:
        """In words, before it is sent; "" where one is enough."""
        if not self._is_for_two(people):
            return ""
        above = f"More than {self.approved_above:,} people"
        nobody = f"nobody else may send for {self.customer}"
        if self.lacks_second_person(people, by):
            return f"{above}, but {nobody}: you decide alone, and the timeline says so."
        asked = f"{above}: a second person approves it first."
        return asked if self.has_another(by) else f"{asked} So far {nobody}: ask an admin to let somebody in."

    def has_another(self, by: User) -> bool:
        """Whether somebody else may send for the customer, and so approve."""
        return User.objects.at_work().filter(customers=self.customer).exclude(pk=by.pk).exists()

    def _is_for_two(self, people: int) -> bool:
        return self.approved_above is not None and people > self.approved_above

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
