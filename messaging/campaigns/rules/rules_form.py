"""What an admin decides about campaigns of a customer."""

from typing import Any

from django import forms

from accounts.web.stale_forms import ShownForm
from contacts.text.regions import COMMON_REGIONS
from messaging.campaigns.models import CampaignRules
from messaging.campaigns.models.call_options import MAX_CUSTOMER_DATA
from messaging.campaigns.models.rules import MOST_REST_DAYS
from messaging.campaigns.wording import senders

MOST_PEOPLE = 100_000_000
SHARED_CODES = {"AX", "VA"}  # with Finland and Italy


class RulesForm(ShownForm, forms.Form):
    customer_data = forms.CharField(
        required=False,
        max_length=MAX_CUSTOMER_DATA,
        label="Billing reference",
        help_text="A new campaign begins with it. It stands on SmartDialog’s bills; people do not see it.",
    )
    typed_above = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        label="Ask to type the number of people above",
        help_text="Whoever sends to more than this types how many they are. Empty: one press is enough.",
    )
    approved_above = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_PEOPLE,
        label="Ask a second person to approve above",
        help_text=(
            "A campaign to more people than this waits until somebody else approves it, also an admin’s. An "
            "admin who alone may send for this customer decides alone, and the audit trail says so. Empty: "
            "nobody is asked."
        ),
    )

    rest_days = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_REST_DAYS,
        label="Days between marketing",
        help_text=(
            "No marketing to whom some reached less than so many days before: 7 lets one come each week on "
            "the same weekday. A campaign may ask for more, not for less. Empty: as often as you like."
        ),
    )

    def __init__(self, data: Any = None, *, rules: CampaignRules) -> None:
        super().__init__(data, initial={name: getattr(rules, name) for name in self.base_fields})


class SenderForm(forms.Form):
    sender = forms.CharField(
        max_length=20, help_text="A name of up to 11 letters, a number with +, or a short code."
    )
    countries = forms.MultipleChoiceField(
        required=False,
        choices=[pair for pair in COMMON_REGIONS.items() if pair[0] not in SHARED_CODES],
        label="Approved in",
        help_text="Without a country, it holds everywhere.",
        widget=forms.CheckboxSelectMultiple,
    )

    def clean_sender(self) -> str:
        try:
            return senders.check(self.cleaned_data["sender"])
        except senders.NotASender as error:
            raise forms.ValidationError(error.text) from error
