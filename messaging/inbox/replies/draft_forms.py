"""What is typed so far on a form that writes to a person: kept as it is, for the same form."""

from django import forms
from django.http import QueryDict

from accounts.models import Customer
from accounts.web.params import text_param
from accounts.web.widgets import TextArea
from messaging.inbox.models.draft import MAX_DRAFT_LENGTH, MAX_TYPED_NUMBER
from messaging.whatsapp.models import Template

FILE = "attachment"


class DraftForm(forms.Form):
    """Of a reply, spaces and all; `key` is that of the form that it is typed in."""

    content = forms.CharField(required=False, strip=False, max_length=MAX_DRAFT_LENGTH, widget=TextArea)
    key = forms.UUIDField()


class FirstDraftForm(DraftForm):
    phone = forms.CharField(required=False, max_length=MAX_TYPED_NUMBER)
    sender = forms.CharField(required=False, max_length=20)
    service = forms.IntegerField(required=False)

    @property
    def said(self) -> dict[str, str]:
        """But for the number, by which it is found."""
        names = ("content", "sender", "service")
        return {name: str(self.cleaned_data[name]) for name in names if self.cleaned_data[name]}


class TemplateDraftForm(forms.Form):
    template = forms.ModelChoiceField(Template.objects.none())
    key = forms.UUIDField()

    def __init__(self, data: QueryDict, *, customer: Customer) -> None:
        super().__init__(data)
        field = self.fields["template"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Template.objects.of_customer(customer)

    @property
    def said(self) -> dict[str, str]:
        """By the names of its fields, as it is typed."""
        names = [FILE, *(f"value_{number}" for number in self.cleaned_data["template"].variables)]
        typed = {name: self.data[name] for name in names if name in self.data}
        return {name: text_param(value, most=MAX_DRAFT_LENGTH) for name, value in typed.items()}
