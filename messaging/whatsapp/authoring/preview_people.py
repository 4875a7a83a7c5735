"""One of the customer's people in a preview: found in a group, with no more than the template asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.web.params import int_param, text_param
from contacts.importing.columns.column_mapping import field_called, header_key
from contacts.models import Contact
from gateway.models import Service
from messaging.whatsapp.models import Template

SHOWN = 6
NAME = ("first_name", "last_name")


@dataclass(frozen=True)
class Seen:
    """Who was looked for, who was found, whose `values` fill the variables, by number."""

    groups: list[Service]
    group: Service | None = None
    who: str = ""
    found: list[Contact] = field(default_factory=list)
    chosen: Contact | None = None
    values: Mapping[int, str] = field(default_factory=dict)

    @property
    def people(self) -> list[Contact]:
        """To choose from: also who was chosen before others were looked for."""
        is_apart = self.chosen is not None and self.chosen not in self.found
        return [self.chosen, *self.found] if is_apart and self.chosen else self.found


def seen(template: Template, asked: Mapping[str, str]) -> Seen:
    """As the page asks: `group`, `who` (words), `person`."""
    groups = list(Service.objects.groups().offered().filter(customer=template.customer))
    group = next((each for each in groups if str(each.pk) == asked.get("group")), None)
    if group is None:
        return Seen(groups)
    who = text_param(asked.get("who"), most=100)
    people = Contact.objects.present().filter(group=group).only("phone", "group_id", *NAME)
    found = list(people.matching(who).order_by("name_key", "pk")[:SHOWN]) if who.strip() else []
    chosen = people.filter(pk=int_param(asked.get("person"))).first()
    return Seen(groups, group, who, found, chosen, _values(template, chosen) if chosen else {})


def _values(template: Template, person: Contact) -> dict[int, str]:
    """What the names of the variables mean: a field, which may be empty, or a property that they have."""
    fields = {number: field_called(name) for number, name in template.names.items()}
    columns = {column or "properties" for column in fields.values()}
    row: dict[str, Any] = Contact.objects.filter(pk=person.pk).values("pk", *columns).get()
    properties = {header_key(name): str(value) for name, value in row.get("properties", {}).items()}
    own = {number: properties.get(header_key(name)) for number, name in template.names.items()}
    known = {number: str(row[column] or "") for number, column in fields.items() if column}
    return known | {number: value for number, value in own.items() if value and not fields[number]}
