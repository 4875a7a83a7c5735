"""The one form of a template. It takes what is written so far; what would be refused is said beside it."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.db.models import QuerySet

from accounts.models import Customer
from accounts.web.widgets import TextArea
from accounts.wording.phone_numbers import format_phone
from contacts.text.name_field import NameField
from contacts.text.normalization import message_text
from gateway.models import WhatsappIdentity
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.authoring.button_rows import ButtonsForm, kind_of_buttons
from messaging.whatsapp.lint import validation
from messaging.whatsapp.lint.languages import LANGUAGES
from messaging.whatsapp.lint.metadata import MAX_NAME_LENGTH, MAX_URL_LENGTH, attachment_kind
from messaging.whatsapp.models import DESCRIBED, MEDIA, Approval, HeaderKind, Template

MAX_BODY_LENGTH = 100_000  # far more than WhatsApp takes, so that a paste is kept and said to be too long
TEMPLATE_FIELDS = [
    "display_name",
    "category",
    "language",
    "identity",
    "body",
    "attachment_url",
    "header_kind",
]
MAX_SAMPLE_LENGTH = 100
MAX_UNUSED = 50  # samples of variables that are not in the text just now: they may come back


class SamplesForm(ButtonsForm):
    """`data` also carries a sample for each variable, by the name that the text has for it."""

    written: Template | None = None

    def sample_rows(self) -> list[tuple[str, str]]:
        """The variables of the text, as it calls them, each with its sample."""
        body, names = variables.numbered(self._text())
        called = [names.get(number, str(number)) for number in variables.numbers(body)]
        return [(name, self._samples.get(name, "")) for name in called]

    def unused_samples(self) -> list[tuple[str, str]]:
        used = {name for name, _ in self.sample_rows()}
        return [(name, each) for name, each in self._samples.items() if name not in used and each][
            :MAX_UNUSED
        ]

    @property
    def has_new_rows(self) -> bool:
        """The page asks for samples of other variables than the text has."""
        asked = self.data.get("sample_rows", "").split() if self.is_bound else []
        return asked != [name for name, _ in self.sample_rows()]

    def _text(self) -> str:
        cleaned = getattr(self, "cleaned_data", {}).get("body")
        return cleaned or self["body"].value() or ""

    @cached_property
    def _samples(self) -> dict[str, str]:
        if not self.is_bound:
            samples = self.written.samples if self.written else {}
            return {self._name_of(int(number)): sample for number, sample in samples.items()}
        names, samples = self.data.getlist("variable"), self.data.getlist("sample")  # type: ignore[attr-defined]
        return {name: _one_line(sample) for name, sample in zip(names, samples, strict=False)}

    def _name_of(self, number: int) -> str:
        return self.written.names.get(number, str(number)) if self.written else str(number)


class TemplateForm(SamplesForm):
    """What is written of a template, however unfinished."""

    display_name = NameField(
        max_length=MAX_NAME_LENGTH, required=False, label="Name", help_text="People never see it."
    )
    category = forms.ChoiceField(required=False)
    language = forms.ChoiceField(required=False)
    identity = forms.ChoiceField(required=False, label="Sent from")
    body = forms.CharField(
        validators=[MaxLengthValidator(MAX_BODY_LENGTH)],  # without the attribute, which would cut a paste
        required=False,
        label="Message",
        help_text="Up to 1,024 characters. Write {{first_name}} where each person’s own words go. "
        "*Bold*, _italic_, ~struck out~.",
        widget=TextArea(attrs={"rows": 7, "spellcheck": "true", "data-counter": "body-count"}),
    )
    attachment_url = forms.CharField(
        max_length=MAX_URL_LENGTH,
        required=False,
        label="Example attachment",
        help_text="The https address of a picture, video or document for the reviewers. Nobody else gets it: "
        "each campaign chooses its own file.",
        widget=forms.TextInput(attrs={"type": "url", "placeholder": "https://"}),
    )
    header_kind = forms.ChoiceField(
        choices=[("", "As its ending says"), *[(each.value, each.label) for each in MEDIA]],
        required=False,
        label="Kind of attachment",
    )

    def __init__(
        self, *args: Any, customer: Customer, written: Template | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.written = written
        names = {name: name for name in validation.categories(customer)}
        self._choose("category", "Choose a category", names)
        self._choose("language", "Choose a language", LANGUAGES)
        addresses = WhatsappIdentity.objects.of_customer(customer).values_list("address", flat=True)
        self._choose("identity", "Choose a number", {address: format_phone(address) for address in addresses})

    def _choose(self, name: str, empty: str, choices: Mapping[str, str]) -> None:
        """What was chosen before stays a choice, listed or not."""
        chosen = getattr(self.written, name, "")
        known = {chosen: chosen, **choices} if chosen else choices
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", empty), *known.items()]

    def clean_body(self) -> str:
        return message_text(self.cleaned_data["body"])

    @property
    def knows_numbers(self) -> bool:
        return len(self.fields["identity"].choices) > 1  # type: ignore[attr-defined]

    def fields_of_template(self) -> dict[str, Any]:
        """What is on the page, also what is too long to be kept."""
        values = {name: self.cleaned_data.get(name, self[name].value()) or "" for name in TEMPLATE_FIELDS}
        address = values["attachment_url"]
        values["header_kind"] = (values["header_kind"] or attachment_kind(address)) if address else ""
        body, names = variables.numbered(values["body"])
        samples = dict(self.sample_rows())
        return {
            **values,
            "body": body,
            "variable_names": {str(number): name for number, name in names.items()},
            "samples": {
                str(number): sample
                for number in variables.numbers(body)
                if (sample := samples.get(names.get(number, str(number))))
            },
            "buttons": self.buttons(),
        }


class ApprovalForm(forms.Form):
    approval = forms.ChoiceField(
        choices=[
            (Approval.APPROVED, "WhatsApp approved it"),
            (Approval.REJECTED, "WhatsApp rejected it"),
            (Approval.UNKNOWN, "I do not know"),
        ],
        label="Result of the review",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        label="How do you know",
        help_text="As you were told, for your colleagues.",
        widget=TextArea(attrs={"rows": 3}),
    )


class DescriptionForm(ButtonsForm):
    """What SmartDialog does not tell of a template that was made elsewhere."""

    language = forms.ChoiceField(required=False)
    category = forms.CharField(max_length=40, required=False)
    header_kind = forms.ChoiceField(choices=HeaderKind.choices, required=False, label="Header")
    header_text = forms.CharField(
        max_length=60, required=False, help_text="Where the header is text: with {{1}}, if it has a variable."
    )
    footer = forms.CharField(max_length=60, required=False)

    def __init__(self, *args: Any, written: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.written = written
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", "Not known"), *LANGUAGES.items()]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("header_kind") == HeaderKind.TEXT and not values.get("header_text"):
            self.add_error("header_text", "Write the header as the template has it.")
        return values

    def described(self) -> dict[str, Any]:
        values = {name: self.cleaned_data[name] for name in DESCRIBED if name != "buttons"}
        if values["header_kind"] != HeaderKind.TEXT:
            values["header_text"] = ""
        return {**values, "buttons": self.buttons()}


class JoiningForm(forms.Form):
    listed = forms.ModelChoiceField(
        Template.objects.none(), label="SmartDialog lists it as", widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, candidates: QuerySet[Template], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["listed"].queryset = candidates  # type: ignore[attr-defined]


def description_of(template: Template) -> dict[str, Any]:
    """A template as the form of its description shows it."""
    return {**template.described(), "button_type": kind_of_buttons(template)}


def initial_of(template: Template) -> dict[str, Any]:
    """A template as the form shows it."""
    written = {name: getattr(template, name) for name in TEMPLATE_FIELDS}
    return {**written, "body": template.named_body, "button_type": kind_of_buttons(template)}


def _one_line(text: str) -> str:
    """A value may have no line ends, tabs or many spaces, so neither has a sample."""
    return " ".join(text.replace("\0", "").split())[:MAX_SAMPLE_LENGTH]


def only_number(customer: Customer) -> str:
    """The customer's number, if it has just one."""
    addresses = WhatsappIdentity.objects.of_customer(customer).values_list("address", flat=True)[:2]
    return addresses[0] if len(addresses) == 1 else ""
