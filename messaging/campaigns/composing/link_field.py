"""The field of the compose page that says where `$(link)` leads."""

from django import forms
from django.core.validators import URLValidator

from accounts.models import Customer
from messaging.campaigns.models import Channel, ResultSettings
from messaging.campaigns.short_links.link_addresses import SCHEMES
from messaging.campaigns.wording import placeholders
from messaging.campaigns.wording.personalization import LINK


class LinkFields(forms.Form):
    """After `content`. Only where the customer's clicks are counted."""

    link_url = forms.URLField(
        max_length=2000,
        required=False,
        label="Link to count clicks of",
        help_text="$(link) in the message becomes a short link of each person’s own, which leads here.",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        assume_scheme="https",
        validators=[URLValidator(schemes=SCHEMES)],
    )

    def offer_link(self, customer: Customer) -> None:
        if not ResultSettings.of(customer).tracks_links:
            del self.fields["link_url"]

    def clean_link_url(self) -> str:
        url: str = self.cleaned_data["link_url"]
        if self.data.get("channel") == Channel.WHATSAPP:
            return url
        if url and LINK not in placeholders.names(self.cleaned_data.get("content") or ""):
            raise forms.ValidationError("Write $(link) where the link is to stand in the message.")
        return url
