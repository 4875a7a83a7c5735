"""Custom properties in the table: who has a value."""

from contacts.models.contact import ContactQuerySet
from contacts.models.property_values import PropertyValue


def with_property(contacts: ContactQuerySet, name: str, value: str, *, scan: bool = False) -> ContactQuerySet:
    """Who has just this value, or, of an empty one, none at all.

    The index of words finds a rare one; `scan` does without it.
    """
    if not value:
        return contacts.alias(of_property=PropertyValue(name)).filter(of_property__isnull=True)
    some = contacts if scan else contacts.matching(value)
    return some.alias(of_property=PropertyValue(name)).filter(of_property=value)
