"""The part of a campaign's form that says whom it is for, beside its first group."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Customer
from contacts.models import Segment
from gateway.models import Service
from messaging.campaigns.models import PeopleList
from messaging.campaigns.models.people_list import PeopleListState

AUDIENCE_FIELDS = ["more_groups", "minus_groups", "segments"]
NOT_READ = {
    PeopleListState.UPLOADED: "Say what the columns of its list of numbers are.",
    PeopleListState.READING: "Its list of numbers is still being read.",
    PeopleListState.REFUSED: "Its list of numbers could not be read. Choose another, or remove it.",
}
NOT_THERE = {"invalid_choice": "One of these is not there any more. Choose again."}


def _several(among: QuerySet, label: str) -> forms.ModelMultipleChoiceField:
    """Boxes to tick."""
    return forms.ModelMultipleChoiceField(
        among, required=False, label=label, widget=forms.CheckboxSelectMultiple, error_messages=NOT_THERE
    )


class AudienceForm(forms.Form):
    more_groups = _several(Service.objects.none(), "And everybody in")
    segments = _several(Segment.objects.none(), "And these segments")
    minus_groups = _several(Service.objects.none(), "But nobody who is in")

    people_list = forms.ModelChoiceField(
        PeopleList.objects.none(),
        required=False,
        label="List",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": "Its list of numbers is not kept any more. Add it again."},
    )

    def offer_audiences(self, customer: Customer) -> None:
        groups = Service.objects.filter(customer=customer).offered().groups().order_by("name", "pk")
        rows = {"more_groups": groups, "minus_groups": groups, "segments": customer.segments.all()}
        rows |= {"people_list": customer.people_lists.all()}
        for name, queryset in rows.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]

    @property
    def is_wider(self) -> bool:
        """Whether more than one group is chosen, so that the choice stands open."""
        values = self.cleaned_data if self.is_bound else self.initial
        return any(values.get(name) for name in AUDIENCE_FIELDS) or any(
            name in self.errors for name in AUDIENCE_FIELDS
        )

    @property
    def chosen_list(self) -> PeopleList | None:
        values = self.cleaned_data if self.is_bound else self.initial
        return values.get("people_list")

    def missing_of_list(self) -> dict[str, str]:
        """What its list still needs before anybody is sent anything."""
        chosen = self.chosen_list
        if chosen is None or chosen.is_read:
            return {}
        return {"people_list": NOT_READ[PeopleListState(chosen.state)]}

    def audience_values(self) -> dict[str, Any]:
        """The keys of what is chosen, as a campaign keeps them."""
        return {name: [row.pk for row in self.cleaned_data.get(name) or ()] for name in AUDIENCE_FIELDS}
