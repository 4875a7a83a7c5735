"""What staff say when they opt numbers out, or let them get messages again."""

import json
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Customer
from contacts.consent.numbers import ERASED, Judged, judge, regions_of
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from contacts.models.erased_numbers import erased_among
from contacts.models.suppression import MAX_WORDS_LENGTH
from contacts.text.phones import InvalidPhone, UnclearPhone, read_number
from contacts.text.regions import region_names

MAX_COLUMNS_LENGTH = 500  # characters of the names of columns
UNREADABLE = "This list cannot be read any more. Choose it again."


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
        label="Why",
        help_text="Kept on the record: “Asked at the counter”.",
    )

    def evidence(self, by: Any) -> Evidence:
        return Evidence(ConsentSource.STAFF, words=self.cleaned_data["words"], by=by)


class NumberForm(OptOutForm):
    """One number, of whatever group or none. Where it may be one of several, it asks which."""

    phone = forms.CharField(
        max_length=40,
        label="Phone number",
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    which = forms.ChoiceField(required=False, label="Which number is it?", widget=forms.RadioSelect)
    field_order = ("phone", "which", "words")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self._candidates = self._possible() if self.is_bound else {}
        self.fields["which"].choices = list(self._candidates.items())  # type: ignore[attr-defined]

    @property
    def asks_which(self) -> bool:
        return bool(self._candidates)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "phone" in cleaned and "which" not in self.errors:
            phone = cleaned["which"] if self._candidates else self._certain(cleaned["phone"])
            if phone and erased_among(self.customer, [phone]):
                self.add_error("phone", ERASED)
            if self._candidates and not phone:
                self.add_error("which", "Choose one, or write the number with + and the country code.")
            cleaned["phone"] = phone
        return cleaned

    def _certain(self, text: str) -> str:
        try:
            return read_number(text, regions_of(self.customer)).phone
        except InvalidPhone as error:
            self.add_error("phone", error.reason)
            return ""

    def _possible(self) -> dict[str, str]:
        """Where it is unclear: the numbers that it may be, with their countries."""
        try:
            read_number(str(self.data.get("phone", ""))[:40], regions_of(self.customer))
        except UnclearPhone as unclear:
            return {each.phone: str(each) for each in unclear.candidates}
        except InvalidPhone:
            pass
        return {}


class CellsField(forms.JSONField):
    """JSON from a page: what Python cannot read of it is as wrong as what is no JSON."""

    def to_python(self, value: Any) -> Any:
        try:
            return _sendable(super().to_python(value))
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(UNREADABLE) from error

    def bound_data(self, data: Any, initial: Any) -> Any:
        try:
            return _sendable(super().bound_data(data, initial))
        except (ValueError, RecursionError):
            return ""


class ListForm(forms.Form):
    """The cells of a list that was read, each with its row: judged, shown, and then agreed to."""

    cells = CellsField(widget=forms.HiddenInput)
    token = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    columns = forms.CharField(
        max_length=MAX_COLUMNS_LENGTH, required=False, label="Columns read", widget=forms.HiddenInput
    )
    way = forms.ChoiceField(required=False, label="All unclear numbers are of")
    words = forms.CharField(
        max_length=MAX_WORDS_LENGTH,
        required=False,
        label="Why",
        help_text="Kept on the record of each: “Unsubscribed from the newsletter”.",
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.fields["way"].choices = [("", "–"), *region_names().items()]  # type: ignore[attr-defined]

    def clean_cells(self) -> list[tuple[int, str]]:
        cells = self.cleaned_data["cells"]
        if not isinstance(cells, list) or not all(map(_is_cell, cells)):
            raise forms.ValidationError(UNREADABLE)
        return [(row, text) for row, text in cells]

    def judged(self) -> Judged:
        return judge(self.customer, self.cleaned_data["cells"], way=self.cleaned_data["way"])


def _sendable(value: Any) -> Any:
    """What UTF-8 has no bytes for stands on no page. Raises ValueError."""
    json.dumps(value, ensure_ascii=False).encode()
    return value


def _is_cell(cell: Any) -> bool:
    match cell:
        case [int(), str() as text]:
            return "\0" not in text
    return False
