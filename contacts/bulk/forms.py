"""What a person says about a bulk action: which, with what, and yes to how many."""

from datetime import date
from typing import Any

from django import forms

from accounts.wording.quantities import counted
from contacts.bulk.action_lifecycle import BulkPrice
from contacts.bulk.fingerprints import MAX_FINGERPRINT_LENGTH
from contacts.consent.forms import not_in_future
from contacts.fields import MAX_PROPERTY_LENGTH, MAX_PROPERTY_NAME_LENGTH
from contacts.models import BulkVerb
from contacts.models.suppression import MAX_WORDS_LENGTH
from contacts.text.values import clean_text
from gateway.models import Service

LARGE = 1000  # people; for more, and for any whole group, their number is typed

LOOKED_UP = "Where others may have used it, who is new there is looked up first: at most {most} more."


class BulkForm(forms.Form):
    """`agreed`: how many the page showed, and `fingerprint` that it was them; `typed`: how many, by hand."""

    name = forms.CharField(max_length=MAX_PROPERTY_NAME_LENGTH, label="Property")
    value = forms.CharField(
        max_length=MAX_PROPERTY_LENGTH, required=False, help_text="Leave it empty to take the property away."
    )
    target = forms.ModelChoiceField(Service.objects.none(), label="Group", empty_label="Choose a group")
    words = forms.CharField(
        max_length=MAX_WORDS_LENGTH,
        label="How they agreed",
        help_text="Kept on the record: “Signed the form”.",
    )
    dated = forms.DateField(label="When they agreed", widget=forms.DateInput(attrs={"type": "date"}))
    typed = forms.CharField(max_length=20, label="To go on, type how many")
    fingerprint = forms.CharField(max_length=MAX_FINGERPRINT_LENGTH, required=False, widget=forms.HiddenInput)
    agreed = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, verb: BulkVerb, group: Service, price: BulkPrice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.price = price
        others = Service.objects.groups().offered().filter(customer=group.customer).exclude(pk=group.pk)
        self.fields["target"].queryset = others  # type: ignore[attr-defined]
        for name in self._needless(verb):
            del self.fields[name]
        if "target" in self.fields and any(each.looks_first for each in others):
            most = counted(price.people, "call")
            self.fields["target"].help_text = LOOKED_UP.format(most=most)

    def clean_name(self) -> str:
        name = clean_text(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError("Name the property.")
        return name

    def clean_value(self) -> str:
        return clean_text(self.cleaned_data["value"])

    def clean_dated(self) -> date:
        return not_in_future(self.cleaned_data["dated"])

    def clean_typed(self) -> str:
        typed = self.cleaned_data["typed"].replace(",", "").replace(" ", "").replace("\u00a0", "")
        if typed != str(self.price.to_type):
            raise forms.ValidationError(f"Type {self.price.to_type:,} to go on.")
        return typed

    def clean_agreed(self) -> int:
        """All that match are those that were shown, or they are shown again."""
        agreed: int = self.cleaned_data["agreed"]
        if agreed != self.price.people:
            raise forms.ValidationError(
                f"You were shown {agreed:,}, and {self.price.people:,} are selected by now. Is that right?"
            )
        if self.cleaned_data.get("fingerprint") != self.price.fingerprint:
            raise forms.ValidationError(
                f"Others are selected by now than the {agreed:,} that you were shown. Is that right?"
            )
        return agreed

    def options(self) -> dict[str, Any]:
        data = self.cleaned_data
        kept: dict[str, Any] = {name: data[name] for name in ("name", "value", "words") if name in data}
        if "dated" in data:
            kept["dated"] = data["dated"].isoformat()
        return kept | ({"target": data["target"].pk, "into": data["target"].name} if "target" in data else {})

    def _needless(self, verb: BulkVerb) -> list[str]:
        needless = [] if verb == BulkVerb.SET_PROPERTY else ["name", "value"]
        needless += [] if verb == BulkVerb.ACTIVATE else ["words", "dated"]
        needless += [] if verb in (BulkVerb.MOVE, BulkVerb.COPY) else ["target"]
        return needless + ([] if self.price.people > LARGE or self.price.there is not None else ["typed"])
