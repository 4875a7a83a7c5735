"""The one form of a campaign. What is written so far may be kept; what is missing is asked for to send it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils import timezone

from accounts.models import Customer
from accounts.time_zones import zone_choices
from contacts.text.normalization import message_text
from gateway import quirks
from gateway.models import Service
from messaging.campaigns import local_time, placeholders, senders, sms
from messaging.campaigns.audience_form import AUDIENCE_FIELDS, AudienceForm
from messaging.campaigns.local_time import AmbiguousTime, TimeProblem
from messaging.campaigns.models import Campaign, Channel
from messaging.whatsapp.models import Template

NOW, LATER = "now", "later"
CAMPAIGN_FIELDS = [
    "name",
    "channel",
    "group",
    *AUDIENCE_FIELDS,
    "service",
    "sender",
    "content",
    "ad_message",
    "include_landlines",
    "template",
]
MAX_FALLBACK_LENGTH = 100

NOT_LISTED = {"invalid_choice": "SmartDialog lists it no more. Choose another."}
# What sending needs, in words that ask for it.
REQUIRED = {"group": "Choose a group or a segment.", "service": "Choose the service that sends it."}
REQUIRED_FOR_SMS = {"sender": "Say who it is from.", "content": "Write the message."}
REQUIRED_FOR_TEMPLATE = {"template": "Choose an approved template."}
REQUIRED_FOR_TIME = {"date": "Choose a day.", "time": "Choose a time."}


class MessageField(forms.CharField):
    """A text as it will be sent, so that its length is counted as SmartDialog counts it."""

    def to_python(self, value: Any) -> str:
        return message_text(super().to_python(value) or "").strip()


class WhenForm(forms.Form):
    """Now, or at a time of a day in a zone; `send_at` of the cleaned values, None for now."""

    when = forms.ChoiceField(
        choices=[(NOW, "Now"), (LATER, "Schedule for later")], initial=NOW, widget=forms.RadioSelect
    )
    date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(choices=zone_choices, required=False, label="Time zone")
    fold = forms.ChoiceField(
        choices=[("0", ""), ("1", "")], required=False, label="Which of the two", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_ambiguous = False
        if not self.is_bound:
            self._offer_saved_fold()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values["send_at"] = None
        if values.get("when") == LATER and values.get("date") and values.get("time"):
            wall = datetime.combine(values["date"], values["time"])
            zone = values.get("zone") or timezone.get_current_timezone_name()
            self._offer_choices(local_time.fold_choices(wall, zone))
            values["send_at"] = self._moment(wall, zone, values.get("fold"))
        return values

    def _moment(self, wall: datetime, zone: str, fold: str | None) -> datetime | None:
        try:
            return local_time.resolve(wall, zone, fold=int(fold) if fold else None, now=timezone.now())
        except TimeProblem as error:
            self.add_error("fold" if isinstance(error, AmbiguousTime) else "time", error.text)
        return None

    def _offer_saved_fold(self) -> None:
        """Which of two times was chosen is shown, and posted again, when a saved campaign is opened."""
        day, time, zone = (self.initial.get(name) for name in ("date", "time", "zone"))
        if day and time and zone:
            self._offer_choices(local_time.fold_choices(datetime.combine(day, time), zone))

    def _offer_choices(self, choices: list[tuple[str, str]]) -> None:
        self.is_ambiguous = bool(choices)
        fold = self.fields["fold"]
        assert isinstance(fold, forms.ChoiceField)
        fold.choices = choices


class CampaignForm(AudienceForm, WhenForm):
    field_order = CAMPAIGN_FIELDS

    name = forms.CharField(max_length=100, required=False, help_text="For you and your colleagues only.")
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
        validators=[MaxLengthValidator(sms.MAX_LENGTH)],  # without the attribute, which would cut a paste
        required=False,
        label="Message",
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "true"}),
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
    template = forms.ModelChoiceField(
        Template.objects.none(), required=False, empty_label="Choose a template"
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.customer = customer
        services = Service.objects.filter(customer=customer).offered()
        self._choose_from("group", services.groups())
        self.offer_audiences(customer)
        self._choose_from("service", services.one_way())
        sendable = Template.objects.filter(customer=customer).sendable()
        self._choose_from("template", sendable.order_by("display_name", "pk"))

    def _choose_from(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_content(self) -> str:
        text: str = self.cleaned_data["content"]
        most = quirks.of(self.customer).longest_content
        if len(text) > most:
            raise forms.ValidationError(
                f"SmartDialog was found to take {most:,} characters, and these are {len(text):,}. Shorten it."
            )
        return text

    def clean_sender(self) -> str:
        sender = self.cleaned_data["sender"]
        if not sender or self.data.get("channel") == Channel.WHATSAPP:
            return sender
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
        if values.get("more_groups") or values.get("segments"):
            required.pop("group")
        return {
            name: text for name, text in required.items() if not values.get(name) and name not in self.errors
        }

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
        fields |= {name: fields[name] or "" for name in ("name", "sender", "content")}
        return {
            **fields,
            "channel": values.get("channel") or Channel.SMS,
            "ad_message": bool(values.get("ad_message")),
            "include_landlines": bool(values.get("include_landlines")),
            "zone": (values.get("zone") or "") if values.get("when") == LATER else "",
            "fallbacks": self._fallbacks(),
            "parameters": self._parameters(),
        }

    def _fallbacks(self) -> dict[str, str]:
        names = placeholders.names(self.cleaned_data.get("content") or "")
        texts = {name: self.data.get(f"fallback-{name}", "").strip()[:MAX_FALLBACK_LENGTH] for name in names}
        return {name: text for name, text in texts.items() if text}

    def _parameters(self) -> list[dict[str, str]]:
        template = self.cleaned_data.get("template")
        numbers = template.variables if template else []
        return [
            {
                "field": self.data.get(f"field-{number}", "")[:100],
                "fallback": self.data.get(f"words-{number}", "").strip()[:MAX_FALLBACK_LENGTH],
            }
            for number in numbers
        ]


class ResumeForm(WhenForm):
    """When a paused campaign goes on."""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("when") == LATER:
            for name, words in REQUIRED_FOR_TIME.items():
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, words)
        return values


def initial_of(campaign: Campaign) -> dict[str, Any]:
    """A saved campaign as the form shows it."""
    initial = {name: getattr(campaign, name) for name in CAMPAIGN_FIELDS}
    initial["when"] = LATER if campaign.send_at else NOW
    zone = campaign.zone or timezone.get_current_timezone_name()
    if campaign.send_at:
        local = campaign.send_at.astimezone(ZoneInfo(zone))
        initial |= {"date": local.date(), "time": local.time(), "fold": str(local.fold)}
    return initial | {"zone": zone}
