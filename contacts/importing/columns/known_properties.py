"""Custom properties that a group has already, for the columns of a file to become."""

from contacts.models import Contact
from contacts.models.property_values import names_in
from gateway.models import Service

LATEST_IMPORTS, LATEST_CONTACTS = 50, 100
MAX_OFFERED = 50  # of a file with 300 columns, each offers them all


def properties_of_group(group: Service) -> list[str]:
    """Those of its latest imports and contacts, by name, MAX_OFFERED of them. Two queries."""
    mappings = group.imports.order_by("-pk").exclude(confirmed_at=None).values_list("mapping", flat=True)
    contacts = Contact.objects.present().filter(group=group).order_by("-pk").only("properties")
    return names_in(contacts[:LATEST_CONTACTS], mappings[:LATEST_IMPORTS])[:MAX_OFFERED]
