"""The part of a campaign's form that says whom it is for, beside its first group."""

from typing import Any

from django import forms

from accounts.models import Customer
from contacts.models import Segment
from gateway.models import Service

AUDIENCE_FIELDS = ["more_groups", "minus_groups", "segments"]
NOT_THERE = {"invalid_choice": "One of these is not there any more. Choose again."}


class AudienceForm(forms.Form):
    more_groups = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        required=False,
        label="And everybody in",
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_THERE,
    )
    segments = forms.ModelMultipleChoiceField(
        Segment.objects.none(),
        required=False,
        label="And these segments",
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_THERE,
    )
    minus_groups = forms.ModelMultipleChoiceField(
        Service.objects.none(),
        required=False,
        label="But nobody who is in",
        widget=forms.CheckboxSelectMultiple,
        error_messages=NOT_THERE,
    )

    def offer_audiences(self, customer: Customer) -> None:
        groups = Service.objects.filter(customer=customer).offered().groups().order_by("name", "pk")
        rows = {"more_groups": groups, "minus_groups": groups, "segments": customer.segments.all()}
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    @property
    def is_wider(self) -> bool:
        """Whether more than one group is chosen, so that the choice stands open."""
        values = self.cleaned_data if self.is_bound else self.initial
        return any(values.get(name) for name in AUDIENCE_FIELDS) or any(
            name in self.errors for name in AUDIENCE_FIELDS
        )

    def audience_values(self) -> dict[str, Any]:
        """The keys of what is chosen, as a campaign keeps them."""
        return {name: [row.pk for row in self.cleaned_data.get(name) or ()] for name in AUDIENCE_FIELDS}
