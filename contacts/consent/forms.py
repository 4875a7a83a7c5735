"""What staff say when they opt numbers out, or let them get messages again."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from contacts.models.suppression import MAX_WORDS_LENGTH


def not_in_future(day: date) -> date:
    if day > timezone.localdate():
        raise forms.ValidationError("This day is still to come.")
    return day


class LiftForm(forms.Form):
    """Nobody gets messages again without a word of how and when they agreed."""

    words = forms.CharField(
        max_length=MAX_WORDS_LENGTH,
        label="How they agreed",
        help_text="Kept on the record: “Signed the form”.",
    )
    dated = forms.DateField(label="When they agreed", widget=forms.DateInput(attrs={"type": "date"}))

    def clean_dated(self) -> date:
        return not_in_future(self.cleaned_data["dated"])

    def evidence(self, by: Any) -> Evidence:
        said = self.cleaned_data
        return Evidence(ConsentSource.STAFF, words=said["words"], by=by, dated=said["dated"])


class OptOutForm(forms.Form):
    words = forms.CharField(
        max_length=MAX_WORDS_LENGTH,
        required=False,
        label="Why (optional)",
        help_text="Kept on the record: “Asked at the counter”.",
    )

    def evidence(self, by: Any) -> Evidence:
        return Evidence(ConsentSource.STAFF, words=self.cleaned_data["words"], by=by)
