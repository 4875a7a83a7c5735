"""Forms: a contact, the regions of a group, a file, and the choice of its columns."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone

from contacts.importing.columns import FIELDS, LONGEST_PROPERTY_NAME, PROPERTY
from contacts.importing.phones import NotAPhone, region_names, to_e164
from contacts.importing.text_files import DELIMITERS, ENCODINGS
from contacts.importing.values import LONGEST, Unusable, clean_text, read_text
from contacts.models import Contact, Gender, Import, Suppression
from gateway.models import Service

MOST_REGIONS = 3
MOST_PROPERTIES = 50
BLANK_PROPERTIES = 2

_AUTOCOMPLETE_OFF = {"autocomplete": "off"}


class ContactForm(forms.Form):
    """All fields of a contact; `data` also carries property_name and property_value, row by row."""

    phone = forms.CharField(
        max_length=40,
        label="Phone number",
        widget=forms.TextInput(attrs={"type": "tel", **_AUTOCOMPLETE_OFF}),
    )
    first_name = forms.CharField(max_length=LONGEST["first_name"], required=False)
    last_name = forms.CharField(max_length=LONGEST["last_name"], required=False)
    email = forms.CharField(max_length=254, required=False, widget=forms.TextInput(attrs={"type": "email"}))
    active = forms.BooleanField(required=False, initial=True, label="Gets messages")
    gender = forms.ChoiceField(choices=[("", "Not known"), *Gender.choices], required=False)
    birth_year = forms.CharField(
        max_length=4, required=False, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    street_address = forms.CharField(max_length=LONGEST["street_address"], required=False)
    zip_code = forms.CharField(max_length=LONGEST["zip_code"], required=False, label="Postal code")
    city = forms.CharField(max_length=LONGEST["city"], required=False)
    country_code = forms.CharField(
        max_length=60, required=False, label="Country", help_text="A name or a code, such as Finland or FIN."
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, group: Service, contact: Contact | None = None, **kwargs: Any) -> None:
        self.group, self.contact = group, contact
        if contact:
            kwargs["initial"] = {**contact.values(), "active": contact.active, "revision": contact.revision}
        super().__init__(*args, **kwargs)
        if contact:
            del self.fields["phone"]

    def clean_phone(self) -> str:
        try:
            return to_e164(self.cleaned_data["phone"], self.group.regions)
        except NotAPhone as error:
            raise forms.ValidationError(error.reason) from error

    def clean_active(self) -> bool:
        """Nobody who asked for no messages is made active here."""
        active = self.cleaned_data["active"]
        phone = self.contact.phone if self.contact else self.cleaned_data.get("phone")
        if active and phone:
            stopped = Suppression.objects.filter(customer=self.group.customer_id, phone=phone).first()
            if stopped:
                day = f"{timezone.localtime(stopped.since):%d %B %Y}".lstrip("0")
                raise forms.ValidationError(
                    f"This person asked for no messages on {day}. Untick this to save the rest."
                )
        return active

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for target in set(FIELDS) - {"phone"} & set(cleaned):
            self._read(target, str(cleaned.get(target) or ""))
        self.cleaned_data["properties"] = self._properties()
        return self.cleaned_data

    def values(self) -> dict[str, Any]:
        """The fields of a contact, emptied ones as their empty value."""
        kept = {name: self.cleaned_data[name] for name in FIELDS if name != "phone"}
        kept["birth_year"] = kept["birth_year"] or None
        return {
            **kept,
            "active": self.cleaned_data["active"],
            "properties": self.cleaned_data["properties"],
        }

    def property_rows(self) -> list[tuple[str, str]]:
        """What is there, and blank rows for more."""
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
            self.cleaned_data[target] = read_text(target, text) if text else ""
        except Unusable as error:
            self.add_error(target, str(error))

    def _properties(self) -> dict[str, str]:
        pairs = self._pairs()
        properties = {name: value for name, value in pairs if name and value}
        if len(pairs) > MOST_PROPERTIES:
            self.add_error(None, f"A contact has at most {MOST_PROPERTIES} custom properties.")
        if len(properties) < sum(bool(name and value) for name, value in pairs):
            self.add_error(None, "Two custom properties have the same name. Give each its own.")
        if any(value and not name for name, value in pairs):
            self.add_error(None, "A custom property has a value and no name. Name it, or empty its value.")
        return properties

    def _pairs(self) -> list[tuple[str, str]]:
        assert isinstance(self.data, QueryDict)
        names, values = self.data.getlist("property_name"), self.data.getlist("property_value")
        pairs = [
            (clean_text(name)[:LONGEST_PROPERTY_NAME], clean_text(value)[:500])
            for name, value in zip(names, values, strict=False)
        ]
        return [(name, value) for name, value in pairs if name or value]


class RegionsForm(forms.Form):
    """Up to three phone regions, tried in order for numbers without a country code."""

    def __init__(self, *args: Any, regions: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [*regions, *[""] * MOST_REGIONS]
        labels = ["Numbers without a country code are in", "or else in", "or else in"]
        for number, label in enumerate(labels):
            self.fields[f"region_{number}"] = forms.ChoiceField(
                choices=[*([("", "–")] if number else []), *region_names().items()],
                required=number == 0,
                label=label,
                initial=chosen[number],
            )

    def regions(self) -> list[str]:
        chosen = [self.cleaned_data[f"region_{number}"] for number in range(MOST_REGIONS)]
        return list(dict.fromkeys(filter(None, chosen)))


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Spreadsheet",
        help_text="CSV, TSV or Excel (.xlsx), up to 100 MB. The first row names the columns.",
        allow_empty_file=True,
        max_length=None,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )


class ReadingForm(forms.Form):
    """How a text file is to be read, when what was found is wrong."""

    encoding = forms.ChoiceField(choices=list(ENCODINGS.items()), label="Text encoding")
    delimiter = forms.ChoiceField(choices=list(DELIMITERS.items()), label="Cells end with")


class ColumnsForm(RegionsForm):
    """A target for each column of a file."""

    def __init__(self, *args: Any, job: Import, **kwargs: Any) -> None:
        super().__init__(*args, regions=job.regions, **kwargs)
        self.job = job
        for column, (header, target) in enumerate(zip(job.header, job.mapping, strict=True)):
            self.fields[f"column_{column}"] = forms.ChoiceField(
                choices=_choices(header, target),
                required=False,
                label=header or f"Column {column + 1}",
                initial=target,
            )

    def mapping(self) -> list[str]:
        return [self.cleaned_data[f"column_{column}"] for column in range(len(self.job.header))]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        mapping = self.mapping()
        if "phone" not in mapping:
            self.add_error(None, "Choose the column that holds the phone numbers.")
        for target in FIELDS:
            if mapping.count(target) > 1:
                self.add_error(
                    None, f"{FIELDS[target]} is chosen for {mapping.count(target)} columns. Choose it once."
                )
        return self.cleaned_data

    def columns(self) -> list[dict[str, Any]]:
        """For the page: each column's field with three cells of it."""
        return [
            {"field": self[f"column_{column}"], "samples": _samples(self.job.samples, column)}
            for column in range(len(self.job.header))
        ]


def _choices(header: str, target: str) -> list[tuple[str, str]]:
    own = target if target.startswith(PROPERTY) else f"{PROPERTY}{clean_text(header)[:LONGEST_PROPERTY_NAME]}"
    properties = [(own, f"Custom property “{own.removeprefix(PROPERTY)}”")] if own != PROPERTY else []
    return [("", "Leave out"), *FIELDS.items(), *properties]


def _samples(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    filled = [row[column] for row in rows if column < len(row) and row[column].strip()]
    return filled[:3]
