"""What an admin says of a customer's results."""

from typing import Any

from django import forms

from accounts.web.stale_forms import ShownForm
from messaging.campaigns.models import ResultSettings


class ResultSettingsForm(ShownForm, forms.ModelForm):
    class Meta:
        model = ResultSettings
        fields = ["price_per_part", "currency", "tracks_links"]
        labels = {
            "price_per_part": "Price of one SMS part",
            "currency": "Currency",
            "tracks_links": "SMS may hold a link whose clicks are counted",
        }
        help_texts = {
            "tracks_links": (
                "Each person gets a link of their own, so it is known here who opened it, and when first. "
                "Say so in your privacy notice. It is told among the privacy data of a person, and is "
                "no longer theirs after an erasure."
            ),
            "price_per_part": "Results then say what a campaign cost. Leave it empty to say nothing.",
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["price_per_part"].required = False
