"""The one form of a template. It takes what is written so far; what would be refused is said beside it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from accounts.models import Customer
from contacts.text.normalization import message_text
from gateway.models import WhatsappIdentity
from messaging.whatsapp import validation
from messaging.whatsapp.lint import ButtonType
from messaging.whatsapp.lint.buttons import MAX_BUTTONS
from messaging.whatsapp.lint.languages import LANGUAGES
from messaging.whatsapp.lint.metadata import MAX_NAME_LENGTH, MAX_URL_LENGTH
from messaging.whatsapp.models import Template

MAX_BODY_LENGTH = 4096  # far more than WhatsApp takes, so that a paste is kept and said to be too long
MAX_BUTTON_ROWS = 10
TEMPLATE_FIELDS = ["display_name", "category", "language", "identity", "body", "attachment_url"]
BUTTON_TYPE_CHOICES = {
    "": "No buttons",
    ButtonType.QUICK_REPLY: "Quick replies",
    ButtonType.URL: "Links",
    ButtonType.CALL: "Call",
}
DATA_LABELS: dict[str, str] = {
    ButtonType.QUICK_REPLY: "Its answer, if not the label",
    ButtonType.URL: "Address",
    ButtonType.CALL: "Number",
}


class TemplateForm(forms.Form):
    """`data` also carries label and data, button by button."""

    display_name = forms.CharField(
        max_length=MAX_NAME_LENGTH, required=False, label="Name", help_text="People never see it."
    )
    category = forms.ChoiceField(required=False)
    language = forms.ChoiceField(required=False)
    identity = forms.ChoiceField(required=False, label="Sent from")
    body = forms.CharField(
        validators=[MaxLengthValidator(MAX_BODY_LENGTH)],  # without the attribute, which would cut a paste
        required=False,
        label="Message",
        help_text="Up to 1,024 characters. Write {{1}}, {{2}} where each person’s own words go. "
        "*Bold*, _italic_, ~struck out~.",
        widget=forms.Textarea(attrs={"rows": 7, "spellcheck": "true", "data-counter": "body-count"}),
    )
    attachment_url = forms.CharField(
        max_length=MAX_URL_LENGTH,
        required=False,
        label="Example attachment",
        help_text="The https address of a picture, video or document, where the message carries one.",
        widget=forms.TextInput(attrs={"type": "url", "placeholder": "https://"}),
    )
    button_type = forms.ChoiceField(choices=BUTTON_TYPE_CHOICES.items(), required=False, label="Buttons")

    def __init__(
        self, *args: Any, customer: Customer, written: Template | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.written = written
        self._choose(
            "category", "Choose a category", {name: name for name in validation.categories(customer)}
        )
        self._choose("language", "Choose a language", LANGUAGES)
        addresses = WhatsappIdentity.objects.of_customer(customer).values_list("address", flat=True)
        self._choose("identity", "Choose a number", {address: address for address in addresses})

    def _choose(self, name: str, empty: str, choices: Mapping[str, str]) -> None:
        """What was chosen before stays a choice, listed or not."""
        chosen = getattr(self.written, name, "")
        known = {chosen: chosen, **choices} if chosen else choices
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", empty), *known.items()]

    def clean_body(self) -> str:
        return message_text(self.cleaned_data["body"])

    def buttons(self) -> list[dict[str, str]]:
        """Those with something in them. A quick reply answers with its label, where nothing else is given."""
        kind = self.kind
        rows = [row for row in self._rows() if any(row)] if kind else []
        return [
            {"type": kind, "label": label, "data": data or (label if kind == ButtonType.QUICK_REPLY else "")}
            for label, data in rows
        ]

    @property
    def kind(self) -> str:
        chosen = self["button_type"].value() or ""
        return chosen if chosen in BUTTON_TYPE_CHOICES else ""

    @property
    def data_words(self) -> str:
        """What stands over the second cell of a button's row."""
        return DATA_LABELS.get(self.kind, "")

    @property
    def knows_numbers(self) -> bool:
        return len(self.fields["identity"].choices) > 1  # type: ignore[attr-defined]

    def button_rows(self) -> list[tuple[str, str]]:
        """What is written, and one more row as long as there may be one."""
        most = MAX_BUTTONS[ButtonType(self.kind)] if self.kind else 0
        rows = [row for row in self._rows() if any(row)]
        return [*rows, ("", "")] if len(rows) < most else rows

    def _rows(self) -> list[tuple[str, str]]:
        if not self.is_bound:
            return [_row(button) for button in (self.written.buttons if self.written else [])]
        labels, data = self.data.getlist("label"), self.data.getlist("data")  # type: ignore[attr-defined]
        rows = zip(labels[:MAX_BUTTON_ROWS], data[:MAX_BUTTON_ROWS], strict=False)
        return [(_clean(label), _clean(text)) for label, text in rows]

    def fields_of_template(self) -> dict[str, Any]:
        values = {name: self.cleaned_data.get(name) or "" for name in TEMPLATE_FIELDS}
        return {**values, "buttons": self.buttons()}


class RejectionForm(forms.Form):
    reason = forms.CharField(
        max_length=500,
        required=False,
        help_text="As you were told, for your colleagues.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def initial_of(template: Template) -> dict[str, Any]:
    """A template as the form shows it."""
    kind = template.buttons[0]["type"] if template.buttons else ""
    return {**{name: getattr(template, name) for name in TEMPLATE_FIELDS}, "button_type": kind}


def only_number(customer: Customer) -> str:
    """The customer's number, if it has just one."""
    addresses = WhatsappIdentity.objects.of_customer(customer).values_list("address", flat=True)[:2]
    return addresses[0] if len(addresses) == 1 else ""


def _row(button: dict[str, str]) -> tuple[str, str]:
    """Its cells; an answer that is the label stays empty, so that it goes on following it."""
    follows = button["type"] == ButtonType.QUICK_REPLY and button["data"] == button["label"]
    return button["label"], "" if follows else button["data"]


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()[:MAX_URL_LENGTH]
