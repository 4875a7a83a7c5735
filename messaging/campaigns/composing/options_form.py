"""The part of a campaign's form that most people leave alone: what its calls carry beside text and people."""

from typing import Any

from django import forms

from accounts.web.widgets import TextArea
from gateway.smartdialog import quirks
from messaging.campaigns.models.call_options import (
    MAX_BUTTONS,
    MAX_CUSTOMER_DATA,
    OPTIONS,
    ButtonType,
    UnicodePolicy,
)
from messaging.campaigns.wording.attachments import AttachmentField
from messaging.campaigns.wording.personalization import parameter
from messaging.campaigns.wording.template_needs import MAX_HEADER_LENGTH

NOT_TOLD = [("", "Send them as they are")]
NO_BUTTONS = [("", "Nothing")]


class LinesField(forms.CharField):
    """One value to a line, without WhatsApp's forbidden spaces."""

    widget = TextArea(attrs={"rows": 2})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        text = (super().to_python(value) or "").replace("\0", "")  # PostgreSQL takes none, in JSON either
        lines = map(parameter, text.splitlines())
        return [line for line in lines if line]

    def prepare_value(self, value: Any) -> str:
        return value if isinstance(value, str) else "\n".join(value or [])


class OptionsForm(forms.Form):
    attachment_url = AttachmentField()
    customer_data = forms.CharField(
        required=False,
        max_length=MAX_CUSTOMER_DATA,
        label="Billing reference",
        help_text="Stands on SmartDialog’s bills and reports. People do not see it.",
    )
    unicode_policy = forms.ChoiceField(
        required=False,
        choices=[*NOT_TOLD, *UnicodePolicy.choices],
        label="Characters that make it dearer",
        help_text="The parts counted here are those of the text as it is.",
    )
    sms_fallback = forms.BooleanField(
        required=False,
        label="Send an SMS where WhatsApp does not reach the person",
        help_text="SmartDialog decides when, and each SMS is paid for.",
    )
    header_parameters = LinesField(
        required=False,
        label="Words for the template’s header",
        help_text="Only where its header has a variable. One line each; the same for everyone.",
    )
    button_type = forms.ChoiceField(
        required=False, choices=[*NO_BUTTONS, *ButtonType.choices], label="What fills the template’s buttons"
    )
    button_data = LinesField(
        required=False,
        label="Words for its buttons",
        help_text="One line for each button, in order: the end of a link, for example.",
    )

    def offer_what_is_known(self, customer: Any) -> None:
        """Without the parameters that SmartDialog is not known to take."""
        if not quirks.of(customer).takes_unicode_policy:
            del self.fields["unicode_policy"]

    def clean_header_parameters(self) -> list[str]:
        lines: list[str] = self.cleaned_data["header_parameters"]
        if any(len(line) > MAX_HEADER_LENGTH for line in lines):
            raise forms.ValidationError(f"A header holds at most {MAX_HEADER_LENGTH} characters.")
        return lines

    def clean_button_data(self) -> list[str]:
        lines: list[str] = self.cleaned_data["button_data"]
        if len(lines) > MAX_BUTTONS:
            raise forms.ValidationError(f"A template has at most {MAX_BUTTONS} buttons.")
        if bool(lines) != bool(self.cleaned_data.get("button_type")):
            raise forms.ValidationError("Say both what kind of button it is and the words for it.")
        return lines

    def options(self) -> dict[str, Any]:
        """As a campaign keeps them; empty where something is wrong."""
        return {name: self.cleaned_data.get(name) or self._empty(name) for name in OPTIONS}

    def has_options(self) -> bool:
        """Whether any is chosen, or wrong: then they are shown."""
        return any(self[name].value() or self[name].errors for name in OPTIONS if name in self.fields)

    def _empty(self, name: str) -> Any:
        field = self.fields.get(name)
        if isinstance(field, LinesField):
            return []
        return False if isinstance(field, forms.BooleanField) else ""
