"""The one form of a campaign. What is written so far may be kept; what is missing is asked for to send it."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone

from accounts.models import Customer
from accounts.web.params import text_param
from accounts.web.widgets import TextArea
from contacts.text.name_field import NameField
from contacts.text.normalization import message_text
from gateway.models import Service
from messaging.campaigns.composing.audience_form import AUDIENCE_FIELDS, AudienceForm
from messaging.campaigns.composing.limits_form import LimitsForm
from messaging.campaigns.composing.link_field import LinkFields
from messaging.campaigns.composing.message_field import MessageField, check_length
from messaging.campaigns.composing.options_form import OptionsForm
from messaging.campaigns.composing.stages_form import LONGEST_KEPT, STAGE_FIELDS, StagesForm, initial_stages
from messaging.campaigns.composing.when_form import LATER, NOW, REQUIRED_FOR_TIME, WhenForm
from messaging.campaigns.models import ApprovedSender, Campaign, Channel
from messaging.campaigns.models.call_options import OPTIONS
from messaging.campaigns.models.limits import LIMITS
from messaging.campaigns.wording import senders, template_needs
from messaging.whatsapp.models import Template
from messaging.whatsapp.sending.choosing import TemplateChoiceField

CAMPAIGN_FIELDS = [
    "name",
    "channel",
    "group",
    *AUDIENCE_FIELDS,
    "people_list",
    "service",
    "sender",
    "content",
    "link_url",
    "ad_message",
    "include_landlines",
    "template",
    *OPTIONS,
    *STAGE_FIELDS,
    *LIMITS,
]

NOT_LISTED = {"invalid_choice": "SmartDialog lists it no more. Choose another."}
# What sending needs, in words that ask for it.
REQUIRED = {
    "group": "Choose a group or a segment, or add numbers.",
    "service": "Choose the service that sends it.",
}
REQUIRED_FOR_SMS = {"sender": "Say who it is from.", "content": "Write the message."}
REQUIRED_FOR_TEMPLATE = {"template": "Choose a template."}


class CampaignForm(AudienceForm, LinkFields, OptionsForm, StagesForm, LimitsForm, WhenForm):
    field_order = CAMPAIGN_FIELDS

    name = NameField(max_length=100, required=False, help_text="For you and your colleagues only.")
    channel = forms.ChoiceField(choices=Channel.choices, initial=Channel.SMS, widget=forms.RadioSelect)
    group = forms.ModelChoiceField(
        Service.objects.none(), required=False, empty_label="Choose a group", error_messages=NOT_LISTED
    )
    service = forms.ModelChoiceField(
        Service.objects.none(),
        required=False,
        empty_label="Choose a service",
        label="Sending service",
        error_messages=NOT_LISTED,
    )
    sender = forms.CharField(
        max_length=20,
        required=False,
        help_text="A name of up to 11 letters, or a number that can be answered.",
    )
    content = MessageField(
        label="Message",
        widget=TextArea(
            attrs={
                "rows": 5,
                "spellcheck": "true",
                "data-complete": "completions",
                "aria-autocomplete": "list",
                "aria-controls": "completions",
            }
        ),
    )
    ad_message = forms.BooleanField(
        required=False,
        initial=True,
        label="This is marketing",
        help_text="Marketing needs the person’s consent and a way to opt out.",
    )
    include_landlines = forms.BooleanField(
        required=False,
        label="Send to land lines and service numbers, too",
        help_text="Most of them cannot receive SMS, and each message is paid for.",
    )
    template = TemplateChoiceField(Template.objects.none(), required=False, empty_label="Choose a template")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        self.offer_link(customer)
        self.offer_what_is_known(customer)
        self.offer_limits(customer)
        services = Service.objects.filter(customer=customer).offered()
        self.approved = list(ApprovedSender.objects.of_customer(customer).values_list("sender", flat=True))
        if self.approved:
            self.fields["sender"].widget = forms.Select(choices=self._sender_choices())
        self._choose_from("group", services.groups())
        self.offer_audiences(customer)
        self._choose_from("service", services.one_way())
        sendable = Template.objects.filter(customer=customer).sendable()
        sendable = sendable.order_by("display_name", "pk")
        self._choose_from("template", sendable)
        self.offer_texts(customer, sendable)

    def _choose_from(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def _sender_choices(self) -> list[tuple[str, str]]:
        """One that was written before the list was made stays until another is chosen."""
        written = (self.data if self.is_bound else self.initial).get("sender") or ""
        named = self.approved if not written or written in self.approved else [*self.approved, written]
        return [("", "Choose a sender"), *((each, each) for each in named)]

    def clean_content(self) -> str:
        text: str = self.cleaned_data["content"]
        check_length(self.customer, text)
        return text

    def clean_sender(self) -> str:
        sender = self.cleaned_data["sender"]
        if not sender or self.data.get("channel") == Channel.WHATSAPP:
            return sender
        if self.approved and sender not in self.approved:
            raise forms.ValidationError(
                "This sender is not among the approved ones. Choose another, or ask an admin to list it."
            )
        try:
            return senders.check(sender)
        except senders.NotASender as error:
            raise forms.ValidationError(error.text) from error

    def missing(self) -> dict[str, str]:
        """What sending still needs, by field, in words that ask for it."""
        values = self.cleaned_data if self.is_bound else self.initial
        required = REQUIRED | (
            REQUIRED_FOR_TEMPLATE if values.get("channel") == Channel.WHATSAPP else REQUIRED_FOR_SMS
        )
        if values.get("when") == LATER:
            required |= REQUIRED_FOR_TIME
        if any(values.get(name) for name in ("more_groups", "segments", "people_list")):
            required.pop("group")
        wanted = {name: text for name, text in required.items() if not values.get(name)}
        if values.get("channel") == Channel.WHATSAPP:
            for name in ("template", *(f"template{number}" for number in self._numbers)):
                wanted |= template_needs.missing(values.get(name), values)
        wanted |= self.missing_in_stages(values) | self.missing_of_list()
        return {name: text for name, text in wanted.items() if name not in self.errors}

    def ask_for_missing(self) -> None:
        for name, words in self.missing().items():
            self.add_error(name, words)

    def problems(self) -> list[tuple[str, str]]:
        """The errors in the form's order, each with the id of its field."""
        return [(field.id_for_label or field.auto_id, str(error)) for field in self for error in field.errors]

    def fields_of_campaign(self) -> dict[str, Any]:
        """What the campaign keeps. So is what belongs to the other channel: people change their minds."""
        values = self.cleaned_data
        fields = {name: values.get(name) for name in [*CAMPAIGN_FIELDS, "send_at"]}
        fields |= self.audience_values()
        fields |= {name: fields[name] or "" for name in ("name", "sender", "content", "link_url")}
        return {
            **fields,
            "channel": values.get("channel") or Channel.SMS,
            "ad_message": bool(values.get("ad_message")),
            "include_landlines": bool(values.get("include_landlines")),
            "zone": values.get("zone") or timezone.get_current_timezone_name(),
            "fallbacks": self.fallbacks(values.get("content") or ""),
            "parameters": self.parameters(values.get("template")),
            **self.options(),
            **self.stage_values(),
            **self.limits(),
        }

    def fields_so_far(self) -> dict[str, Any]:
        """What can be kept while somebody writes: without what is wrong, but a text as it is."""
        fields, wrong = self.fields_of_campaign(), set(self.errors)
        if wrong & {"date", "time", "zone", "fold"}:
            wrong |= {"send_at", "zone", "own_time"}
        if "content" in wrong:
            fields["content"] = message_text(text_param(self.data.get("content"), most=LONGEST_KEPT))
            wrong |= {"fallbacks"}
        if "template" in wrong:
            wrong |= {"parameters"}
        return {name: value for name, value in fields.items() if name not in wrong or name == "content"}


def written_on(campaign: Campaign) -> dict[str, Any]:
    """What the form shows of it, but for its time."""
    return {name: getattr(campaign, name) for name in CAMPAIGN_FIELDS} | initial_stages(campaign)


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """A saved campaign as the form shows it."""
    initial = written_on(campaign)
    initial["when"] = LATER if campaign.send_at else NOW
    zone = campaign.zone or timezone.get_current_timezone_name()
    if campaign.send_at:
        local = campaign.send_at.astimezone(ZoneInfo(zone))
        initial |= {"date": local.date(), "time": local.time(), "fold": str(local.fold)}
    return initial | {"zone": zone}
