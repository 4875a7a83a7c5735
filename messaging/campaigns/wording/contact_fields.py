"""Merge fields: what a message can say of a contact, by the name that placeholders and variables use."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from contacts.fields import FIELDS
from contacts.importing.columns.column_mapping import field_called, header_key
from contacts.models import Contact
from gateway.models import Service

# Placeholder name -> column of a contact and how people call it. Other names are custom properties.
STANDARD_FIELDS = {field.wire: (field.name, field.label) for field in FIELDS if field.placeholder}
CONTACTS_SAMPLED = 500  # newest contacts of a group, in which custom properties are looked for


def value(contact: Mapping[str, Any], name: str) -> str:
    """A contact's value, from its columns as a mapping; empty when it has none."""
    if name in STANDARD_FIELDS:
        return str(contact[STANDARD_FIELDS[name][0]] or "").strip()
    return str(contact["properties"].get(name) or "").strip()


def columns(names: Iterable[str]) -> list[str]:
    """The columns of a contact that hold the values of these names."""
    return list(
        dict.fromkeys(STANDARD_FIELDS[name][0] if name in STANDARD_FIELDS else "properties" for name in names)
    )


def label(name: str) -> str:
    return STANDARD_FIELDS[name][1] if name in STANDARD_FIELDS else name


def called(name: str, group: Service | None) -> str:
    """The merge field that a variable's name means: etunimi -> firstName; empty where it means none."""
    field = field_called(name)
    standard = [wire for wire, (column, _) in STANDARD_FIELDS.items() if column == field]
    own = custom_properties(group) if group and name and not standard else []
    return next((each for each in [*standard, *own] if standard or header_key(each) == header_key(name)), "")


def custom_properties(group: Service) -> list[str]:
    """Custom properties that the group's newest contacts have, sorted."""
    return custom_properties_of(Contact.objects.present().filter(group=group))


def custom_properties_of(contacts: QuerySet[Contact]) -> list[str]:
    found: set[str] = set()
    for properties in contacts.order_by("-pk").values_list("properties", flat=True)[:CONTACTS_SAMPLED]:
        found.update(properties)
    return sorted(found - set(STANDARD_FIELDS), key=str.casefold)


def choices(group: Service | None) -> list[tuple[str, str]]:
    """Names and labels to choose from."""
    own = [(name, words) for name, (_, words) in STANDARD_FIELDS.items()]
    return own + [(name, name) for name in (custom_properties(group) if group else [])]
