"""The custom properties that a customer's contacts have, as far as a look at some of them tells."""

from accounts.models import Customer
from contacts.models import Contact, Import
from contacts.models.property_values import names_in
from gateway.models import Service

CONTACTS, IMPORTS = 500, 50  # looked at, the newest


def properties_of_customer(customer: Customer) -> list[str]:
    """Three queries at any size."""
    groups = list(Service.objects.filter(customer=customer).groups().values_list("pk", flat=True))
    newest = Contact.objects.present().filter(group__in=groups).order_by("-pk").only("properties")
    imports = Import.objects.filter(group__in=groups).exclude(confirmed_at=None).order_by("-pk")
    return names_in(newest[:CONTACTS], imports.values_list("mapping", flat=True)[:IMPORTS])
