"""The form of a contact."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from contacts.errors import ERASED
from contacts.fields import (
    BLANKS,
    DETAIL_NAMES,
    DETAILS,
    MAX_PROPERTY_LENGTH,
    MAX_PROPERTY_NAME_LENGTH,
    Field,
    parser_of,
)
from contacts.models import Contact, Suppression
from contacts.models.erased_numbers import erased_among
from contacts.text.phones import InvalidPhone, to_e164
from contacts.text.values import InvalidValue, clean_text
from gateway.models import Service

MAX_PROPERTIES = 50
BLANK_PROPERTIES = 1
MAX_UNSENT_LENGTH = 500  # characters of a field that are kept unread

ANOTHER_NUMBER = (
    "SmartDialog knows people by their number. For another, it creates the contact anew and then deletes the "
    "old one. If it does not take the new number, the old one stays."
)
_AUTOCOMPLETE_OFF = {"autocomplete": "off"}


class ContactForm(forms.Form):
    """All fields of a contact; `data` also carries property_name and property_value, row by row."""

    phone = forms.CharField(
        max_length=40,
        label="Phone number",
        widget=forms.TextInput(attrs={"type": "tel", **_AUTOCOMPLETE_OFF}),
    )
    active = forms.BooleanField(required=False, initial=True, label="Can be messaged")
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, group: Service, contact: Contact | None = None, **kwargs: Any) -> None:
        self.group, self.contact = group, contact
        self.row_asked = ""
        self._other_rows: list[tuple[str, str]] | None = None
        if contact:
            kwargs["initial"] = {**contact.values(), "active": contact.active, "revision": contact.revision}
        super().__init__(*args, **kwargs)
        self.fields["phone"].required = contact is None
        self.fields["phone"].help_text = ANOTHER_NUMBER if contact else ""
        self.fields |= {field.name: _form_field(field) for field in DETAILS}

    @classmethod
    def with_property_row(
        cls, data: QueryDict, *, group: Service, contact: Contact | None = None
    ) -> "ContactForm":
        """As it was typed, not read yet, with one property row more or less: property_row says which."""
        form = cls(group=group, contact=contact)
        form.initial = {**data.dict(), "active": "active" in data}
        form.row_asked = str(data["property_row"])
        rows = _rows(data)
        remaining = [row for index, row in enumerate(rows) if str(index) != form.row_asked]
        form._other_rows = [*remaining, ("", "")] if form.row_asked == "add" else remaining
        return form

    @classmethod
    def prefilled(cls, phone: str, typed: dict[str, Any], *, group: Service) -> "ContactForm":
        """For a new contact, with what `typed()` said of an earlier form."""
        properties = typed.get("properties", [])
        form = cls(group=group, initial={**typed, "phone": phone})
        form._other_rows = [*map(tuple, properties), *[("", "")] * BLANK_PROPERTIES]
        return form

    def typed(self) -> dict[str, Any]:
        """What was typed beside the number, not read yet; nothing of a form that has the number alone."""
        assert isinstance(self.data, QueryDict)
        if not set(DETAIL_NAMES) & set(self.data):
            return {}
        filled = {name: text for name in DETAIL_NAMES if (text := self.data.get(name, ""))}
        fields = {name: text[:MAX_UNSENT_LENGTH] for name, text in filled.items()}
        return {**fields, "active": "active" in self.data, "properties": self._pairs()[:MAX_PROPERTIES]}

    def clean_phone(self) -> str:
        if self.contact and self.data.get("phone", self.contact.phone) == self.contact.phone:
            return self.contact.phone
        try:
            phone = to_e164(self.cleaned_data["phone"], self.group.regions)
        except InvalidPhone as error:
            raise forms.ValidationError(error.reason) from error
        if erased_among(self.group.customer, [phone]):
            raise forms.ValidationError(ERASED)
        return phone

    def clean_active(self) -> bool:
        """Nobody who has opted out is made active here."""
        active = self.cleaned_data["active"]
        numbers = {self.cleaned_data.get("phone"), self.contact.phone if self.contact else None} - {None}
        if active and numbers:
            found = Suppression.objects.in_force().filter(phone__in=numbers, customer=self.group.customer_id)
            stopped = found.first()
            if stopped:
                day = f"{timezone.localtime(stopped.since):%d %B %Y}".lstrip("0")
                raise forms.ValidationError(
                    f"This person opted out on {day}. Untick this to save the rest. "
                    "To let them get messages, remove the opt-out on their sheet or in Settings."
                )
        return active

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in set(DETAIL_NAMES) & set(cleaned):
            self._read(name, str(cleaned.get(name) or ""))
        self.cleaned_data["properties"] = self._properties()
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The fields of a contact, emptied ones as their empty value."""
        return {
            **{name: self.cleaned_data[name] or blank for name, blank in BLANKS.items()},
            "active": self.cleaned_data["active"],
            "properties": self.cleaned_data["properties"],
        }

    def lines(self) -> list[list[forms.BoundField]]:
        """The details as they stand in the form, some beside each other."""
        lines: list[list[forms.BoundField]] = []
        for field in DETAILS:
            if field.beside:
                lines[-1].append(self[field.name])
            else:
                lines.append([self[field.name]])
        return lines

    def property_rows(self) -> list[tuple[str, str]]:
        """What is there, and blank rows for more."""
        if self._other_rows is not None:
            return self._other_rows
        if self.is_bound:
            rows = self._pairs()
        else:
            rows = [
                (name, str(value))
                for name, value in (self.contact.properties if self.contact else {}).items()
            ]
        return [*rows, *[("", "")] * BLANK_PROPERTIES]

    def _read(self, target: str, text: str) -> None:
        text = clean_text(text)
        try:
            self.cleaned_data[target] = parser_of(target)(text) if text else ""
        except InvalidValue as error:
            self.add_error(target, str(error))

    def _properties(self) -> dict[str, str]:
        pairs = self._pairs()
        properties = {name: value for name, value in pairs if name and value}
        if len(pairs) > MAX_PROPERTIES:
            self.add_error(None, f"A contact has at most {MAX_PROPERTIES} custom properties.")
        if len(properties) < sum(bool(name and value) for name, value in pairs):
            self.add_error(None, "Two custom properties have the same name. Give each its own.")
        if any(value and not name for name, value in pairs):
            self.add_error(None, "A custom property has a value and no name. Name it, or empty its value.")
        return properties

    def _pairs(self) -> list[tuple[str, str]]:
        assert isinstance(self.data, QueryDict)
        pairs = [
            (clean_text(name)[:MAX_PROPERTY_NAME_LENGTH], clean_text(value)[:MAX_PROPERTY_LENGTH])
            for name, value in _rows(self.data)
        ]
        return [(name, value) for name, value in pairs if name or value]


def _form_field(field: Field) -> forms.Field:
    given: dict[str, Any] = {"label": field.label, "help_text": field.help_text, "required": False}
    if field.choices:
        return forms.ChoiceField(choices=[("", "Not known"), *field.choices], **given)
    widget = forms.TextInput(attrs=dict(field.input_attrs))
    return forms.CharField(max_length=field.max_typed or field.max_length, widget=widget, **given)


def _rows(data: QueryDict) -> list[tuple[str, str]]:
    return list(zip(data.getlist("property_name"), data.getlist("property_value"), strict=False))
