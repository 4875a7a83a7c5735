"""What a customer has at SmartDialog, as last read."""

from typing import Self

from django.db import models

from accounts.db.kept_queries import kept
from accounts.models import Customer
from accounts.tenancy import TenantQuerySet


class ServiceKind(models.TextChoices):
    """The three kinds that the contract's pickers ask for."""

    ONE_WAY = "OneWay", "One-way"
    TWO_WAY = "TwoWay", "Two-way"
    GROUP = "Group", "Group"


class ServiceQuerySet(TenantQuerySet["Service"]):
    def offered(self) -> Self:
        """Those that SmartDialog still lists."""
        return self.filter(gone_at=None)

    def groups(self) -> Self:
        return self.filter(kind=ServiceKind.GROUP)

    def one_way(self) -> Self:
        """Services that send and take no replies to their messages."""
        return self.filter(kind=ServiceKind.ONE_WAY, allows_reply=False)

    def two_way(self) -> Self:
        return self.filter(kind=ServiceKind.TWO_WAY)


def default_regions() -> list[str]:
    """SmartDialog parses national numbers as Finnish when nothing else is said."""
    return ["FI"]


class Service(models.Model):
    """A service of a customer: a sender, an inbound address, or a group of contacts."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="services")
    remote_id = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=ServiceKind.choices)
    allows_reply = models.BooleanField(default=False)
    regions = models.JSONField(default=default_regions, help_text="Phone regions of a group, tried in order.")
    seen_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(
        null=True, help_text="Since when SmartDialog lists it no more; kept, as records of ours refer to it."
    )
    is_shared = models.BooleanField(
        null=True,
        help_text="Whether others have put people into the group; null: nobody has said, so they may have.",
    )
    keeps_who_is_there = models.BooleanField(
        null=True,
        help_text="Seen: SmartDialog refuses to create somebody who is there; false: it writes over them.",
    )
    refuses_empty = models.BooleanField(
        default=False, db_default=False, help_text="Of a group. Seen: an empty text in a contact is refused."
    )
    repeat_asked_at = models.DateTimeField(
        null=True, help_text="When a creation was last said once more, to see that."
    )

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "remote_id", "kind", "allows_reply"], name="service_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_offered(self) -> bool:
        return self.gone_at is None

    @property
    def is_group(self) -> bool:
        return self.kind == ServiceKind.GROUP

    @property
    def is_two_way(self) -> bool:
        return self.kind == ServiceKind.TWO_WAY

    def sends(self, *, replies: bool) -> bool:
        """Whether it is a one-way service that answers messages, or one that sends them."""
        return self.kind == ServiceKind.ONE_WAY and self.allows_reply == replies

    @property
    def looks_first(self) -> bool:
        """Whether a creation may write over somebody of a group, so that it is looked who is there before."""
        return self.is_shared is not False and self.keeps_who_is_there is not True


@kept
def services_of(customer: Customer) -> models.QuerySet[Service]:
    """All of a customer, those that SmartDialog lists no more, too."""
    return Service.objects.of_customer(customer)


class WhatsappIdentity(models.Model):
    """A WhatsApp Business number of a customer."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="whatsapp_identities")
    address = models.CharField(max_length=50)

    objects = TenantQuerySet.as_manager()

    class Meta:
        ordering = ["address"]
        constraints = [models.UniqueConstraint(fields=["customer", "address"], name="identity_once")]

    def __str__(self) -> str:
        return self.address
