"""Sending hours as an admin writes them."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Customer
from contacts.text.regions import region_names
from messaging.campaigns.models import SendingHours
from messaging.campaigns.rules.week_form import WeekForm


class SendingHoursForm(WeekForm):
    never = "Open one day at least: without one, no campaign would ever leave."
    kept = (*WeekForm.kept, "covers_all")

    covers_all = forms.BooleanField(
        required=False,
        label="Service messages keep them, too",
        help_text="Without this they hold for marketing only.",
    )

    def __init__(self, *args: Any, hours: SendingHours, **kwargs: Any) -> None:
        super().__init__(*args, hours=hours, **kwargs)
        self.fields["closed_dates"].label = "Days without messages"
        self.fields["covers_all"].initial = hours.covers_all


class CountryForm(forms.Form):
    """A country of the customer that has no hours of its own yet."""

    country = forms.ChoiceField(label="Country")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        have = set(SendingHours.objects.filter(customer=customer).values_list("country", flat=True))
        field = self.fields["country"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, name) for code, name in region_names().items() if code not in have]


def of_customer(customer: Customer, country: str) -> SendingHours:
    """Those that are kept, or, not saved yet, what a country begins with: what all others have."""
    kept = {each.country: each for each in SendingHours.objects.filter(customer=customer)}
    if country in kept:
        return kept[country]
    like = kept.get("")
    return SendingHours(
        customer=customer,
        country=country,
        zone=like.zone if like else timezone.get_current_timezone_name(),
        days=like.days if like else [[f"{WeekForm.opens:%H:%M}", f"{WeekForm.closes:%H:%M}"]] * 7,
    )
