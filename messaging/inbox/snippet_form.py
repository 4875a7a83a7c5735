"""Words that are said often, as people write them down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Customer, User
from contacts.text.normalization import message_text
from messaging.campaigns import sms
from messaging.inbox.models import Snippet

FOR_ALL, OWN = "all", "own"


class SnippetForm(forms.ModelForm):
    whose = forms.ChoiceField(
        label="For",
        choices=[(FOR_ALL, "Everybody who answers for this customer"), (OWN, "Me alone")],
        initial=FOR_ALL,
    )

    class Meta:
        model = Snippet
        fields = ["key", "content"]
        labels = {"key": "Name", "content": "Text"}
        help_texts = {
            "key": "Short, without spaces: “hours” is typed as /hours, then Tab.",
            "content": "$(firstName) stands for their first name; any property works, such as $(Level).",
        }
        widgets = {
            "content": forms.Textarea(
                attrs={"rows": 4, "data-parts": "snippet-parts", "data-most": sms.MAX_LENGTH}
            )
        }

    def __init__(self, *args: Any, customer: Customer, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.customer, self.user = customer, user
        if self.instance.owner_id:
            self.fields["whose"].initial = OWN

    def clean_content(self) -> str:
        content: str = message_text(self.cleaned_data["content"])
        return content

    def clean(self) -> dict[str, Any]:
        """Of two by one name nobody could tell which is meant."""
        cleaned = super().clean() or {}
        owner = self.user if cleaned.get("whose") == OWN else None
        self.instance.owner = owner
        others = Snippet.objects.filter(customer=self.instance.customer, owner=owner)
        if others.filter(key=cleaned.get("key", "")).exclude(pk=self.instance.pk).exists():
            self.add_error("key", ValidationError("There is one by this name. Choose another, or edit that."))
        return cleaned
