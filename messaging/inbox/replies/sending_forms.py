"""What people fill in to write to one person: a template, or a first message."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.db.kept_queries import kept
from accounts.models import Customer
from accounts.web.widgets import TextArea
from contacts.text.phones import InvalidPhone, read_number
from gateway.models import Service, WhatsappIdentity
from messaging.campaigns.wording import senders, sms
from messaging.campaigns.wording.attachments import AttachmentField
from messaging.campaigns.wording.personalization import parameter
from messaging.inbox.forms import AnswerForm, sendable_text
from messaging.inbox.models import Thread
from messaging.whatsapp.authoring import variables
from messaging.whatsapp.lint.body import MAX_LENGTH as MAX_BODY_LENGTH
from messaging.whatsapp.models import FILLED_BY_REPLIES, HeaderKind, Template
from messaging.whatsapp.models.template import TemplateQuerySet
from messaging.whatsapp.sending import send_requirements
from messaging.whatsapp.sending.choosing import TemplateChoiceField

MAX_VALUE_LENGTH = 500


def sendable_templates(customer: Customer) -> TemplateQuerySet:
    return (
        Template.objects.filter(customer=customer).sendable(FILLED_BY_REPLIES).order_by("display_name", "pk")
    )


@kept
def some_template(customer: Customer) -> QuerySet[Template]:
    """One that can be sent, of those there are."""
    return sendable_templates(customer).order_by().only("pk")[:1]


class TemplateChoice(forms.Form):
    template = TemplateChoiceField(
        Template.objects.none(),
        empty_label="Choose a template",
        label="Template",
        error_messages={"invalid_choice": "This template cannot be sent any more. Choose another."},
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = sendable_templates(customer)  # type: ignore[attr-defined]


class TemplateValues(AnswerForm):
    """A field for each gap of the template, and for the file of its header.

    `key` is the idempotency key: sent twice, it is one message.
    """

    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, template: Template, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.template = template
        for number in template.variables:
            called = template.name_of(number) or f"{{{{{number}}}}}"
            self.fields[f"value_{number}"] = forms.CharField(
                label=called,
                max_length=MAX_VALUE_LENGTH,
                error_messages={"required": f"Say what stands for {called}."},
            )
        if media := send_requirements.of_template(template).media:
            self.fields["attachment"] = AttachmentField(required=True, label=HeaderKind(media).label)

    def clean(self) -> None:
        """What fits while it has gaps may be too long once they are filled."""
        if (length := len(self.text)) > MAX_BODY_LENGTH:
            raise ValidationError(
                f"WhatsApp takes {MAX_BODY_LENGTH:,} characters, and filled in these are {length:,}. "
                "Shorten what you fill in; nothing was sent."
            )

    def gaps(self) -> Iterator[forms.BoundField]:
        return (self[f"value_{number}"] for number in self.template.variables)

    @property
    def values(self) -> list[str]:
        """As WhatsApp takes them, of what is typed so far."""
        return [parameter(str(gap.value() or "")) for gap in self.gaps()]

    @property
    def text(self) -> str:
        return variables.fill(
            self.template.body, dict(zip(self.template.variables, self.values, strict=True))
        )


class FirstMessageForm(forms.Form):
    """`key` is the idempotency key: sent twice, it is one message."""

    phone = forms.CharField(label="To", max_length=40, help_text="A number, such as +358 40 1234567.")
    sender = forms.CharField(
        label="From",
        max_length=20,
        help_text="One of your numbers, so that they can answer.",
        widget=forms.TextInput(attrs={"list": "senders", "autocomplete": "off"}),
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        required=False,
        label="Answers come to",
        empty_label="The service of that number",
        help_text="Needed only where nobody has written to that number yet.",
    )
    content = forms.CharField(
        label="Message",
        widget=TextArea(attrs={"rows": 4, "data-parts": "reply-parts", "data-most": sms.MAX_LENGTH}),
    )
    key = forms.UUIDField(initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        services = Service.objects.of_customer(customer).two_way().offered()
        service = services.first()
        self.fields["service"].queryset = services  # type: ignore[attr-defined]
        self.has_choice = len(services) > 1
        self.regions = service.regions if service else []
        self.senders = known_senders(customer)
        if self.senders:
            self.fields["sender"].initial = self.senders[0]

    def clean_phone(self) -> str:
        try:
            return read_number(self.cleaned_data["phone"], self.regions).phone
        except InvalidPhone as error:
            raise ValidationError(error.reason) from error

    def clean_sender(self) -> str:
        try:
            return senders.check(self.cleaned_data["sender"])
        except senders.NotASender as error:
            raise ValidationError(error.text) from error

    def clean_content(self) -> str:
        return sendable_text(self.cleaned_data["content"])


def known_senders(customer: Customer) -> list[str]:
    """The numbers that people send SMS to, the one written to last first."""
    on_whatsapp = WhatsappIdentity.objects.filter(customer=customer).values("address")
    threads = (
        Thread.objects.of_customer(customer).exclude(our_address="").exclude(our_address__in=on_whatsapp)
    )
    threads = threads.order_by("-last_message_at")
    return list(dict.fromkeys(threads.values_list("our_address", flat=True)[:200]))
