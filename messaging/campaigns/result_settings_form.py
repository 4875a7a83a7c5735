"""What an admin says of a customer's results."""

from typing import Any

from django import forms

from messaging.campaigns.models import ResultSettings


class ResultSettingsForm(forms.ModelForm):
    class Meta:
        model = ResultSettings
        fields = ["price_per_part", "currency"]
        labels = {"price_per_part": "Price of one SMS part", "currency": "Currency"}
        help_texts = {
            "price_per_part": "Results then say what a campaign cost. Leave it empty to say nothing."
        }

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["price_per_part"].required = False
