"""The part of a campaign's form that says whom it passes over, or lets wait: for the hour, or to rest."""

from typing import Any

from django import forms

from accounts.models import Customer
from messaging.campaigns.models import OutsideHours, SendingHours, TooSoon
from messaging.campaigns.models.rules import MOST_REST_DAYS


class LimitsForm(forms.Form):
    """After `when`."""

    own_time = forms.BooleanField(
        required=False,
        label="At this time of the day where each person is",
        help_text="Their country is that of the number. The summary says which time zone is taken for whom.",
    )
    outside_hours = forms.ChoiceField(
        required=False, choices=OutsideHours.choices, label="People outside your sending hours"
    )
    rest_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_REST_DAYS,
        label="Days between marketing",
        help_text="Not to whom marketing reached less than so many days before, or may have. Empty: to all.",
    )
    too_soon = forms.ChoiceField(
        required=False, choices=TooSoon.choices, label="People whom some reached too short a time before"
    )

    def offer_limits(self, customer: Customer) -> None:
        if not SendingHours.objects.filter(customer=customer).exists():
            del self.fields["outside_hours"]

    def limits(self) -> dict[str, Any]:
        """As a campaign keeps them; a time of the day is of a campaign that has a time."""
        values = self.cleaned_data
        return {
            "own_time": bool(values.get("own_time") and values.get("send_at")),
            "outside_hours": values.get("outside_hours") or OutsideHours.WAIT,
            "rest_days": values.get("rest_days"),
            "too_soon": values.get("too_soon") or TooSoon.LEAVE_OUT,
        }

    def has_limits(self) -> bool:
        """Whether any is chosen, or wrong: then they are shown."""
        usual = {"outside_hours": OutsideHours.WAIT, "rest_days": "", "too_soon": TooSoon.LEAVE_OUT}
        shown = [(self[name], value) for name, value in usual.items() if name in self.fields]
        return any(field.errors or (field.value() or value) != value for field, value in shown)
