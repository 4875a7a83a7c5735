"""The field of a text of a campaign."""

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from accounts.models import Customer
from contacts.text.normalization import message_text
from gateway.smartdialog import quirks
from messaging.campaigns.wording import sms


class MessageField(forms.CharField):
    """A text as it will be sent, so that its length is counted as SmartDialog counts it."""

    def __init__(self, **kwargs: Any) -> None:
        # Without the attribute for it, which would cut a paste.
        super().__init__(
            validators=[MaxLengthValidator(sms.MAX_LENGTH)], required=False, strip=False, **kwargs
        )

    def to_python(self, value: Any) -> str:
        return message_text(super().to_python(value) or "").strip()


def check_length(customer: Customer, text: str) -> None:
    most = quirks.of(customer).longest_content
    if len(text) > most:
        raise forms.ValidationError(
            f"SmartDialog was found to take {most:,} characters, and these are {len(text):,}. Shorten it."
        )
