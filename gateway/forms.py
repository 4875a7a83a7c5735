"""What an admin says of how SmartDialog treats a customer."""

from typing import Any
from zoneinfo import available_timezones

from django import forms

from accounts.web.stale_forms import ShownForm
from gateway.hooks.events import PARAMETER_ALIASES, DeliveryStatus
from gateway.hooks.unclear import SAYABLE
from gateway.models import Quirks
from gateway.models.quirks import MAX_CONTENT

LABELS = {
    "recipientId": "The recipient’s id",
    "messageId": "The message’s id",
    "address": "The number",
    "status": "Result",
    "errorCode": "The error code",
    "timestamp": "The time",
}
WHO = {"recipientId", "address"}  # one of them says whom a report is about
MAX_LEAD = 24 * 60  # minutes


class QuirksForm(ShownForm, forms.Form):
    """Empty where the documents are followed."""

    recipients_limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=100_000,
        label="People in one call, at most",
        help_text="Larger campaigns go out in more calls. Leave it empty to find out.",
    )
    content_limit = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MAX_CONTENT,
        label="Characters in one text, at most",
        help_text=f"Leave it empty for {MAX_CONTENT:,}.",
    )
    lead = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_LEAD,
        label="Minutes by which a sending time has to be ahead",
        help_text="Campaigns that name a time begin this much earlier.",
    )
    zone = forms.ChoiceField(
        required=False,
        label="Times that name no zone are of",
        help_text="What comes as far in the future as this zone is ahead of UTC sets it by itself.",
    )
    forgets_request_ids = forms.BooleanField(
        required=False,
        label="It may send the same call twice",
        help_text="Nothing that may have been sent is then sent again by itself: somebody decides.",
    )
    is_silent = forms.BooleanField(
        required=False,
        label="It may answer with nothing when it takes something",
        help_text="Such an answer then counts as taken.",
    )
    takes_unicode_policy = forms.BooleanField(
        required=False,
        label="It can replace characters that make an SMS dearer",
        help_text="Its connector says so, its documents do not. Campaigns then offer it.",
    )
    keeps_opt_ins = forms.BooleanField(
        required=False,
        label="It keeps a register of WhatsApp opt-ins (deprecated)",
        help_text=(
            "SmartDialog calls it deprecated since April 2022, and WhatsApp asks for none. People can then "
            "be opted in and out of it beside their conversation."
        ),
    )
    refuses_empty = forms.BooleanField(
        required=False,
        label="Its groups take no empty fields",
        help_text="Empty fields of contacts are left out. What is emptied here may stay there.",
    )

    def __init__(self, data: Any = None, *, known: Quirks, refuses_empty: bool) -> None:
        initial = {
            "recipients_limit": known.recipients_limit,
            "content_limit": known.content_limit,
            "lead": known.send_lead // 60 or None,
            "zone": known.zone,
            "forgets_request_ids": known.forgets_request_ids,
            "is_silent": known.is_silent,
            "takes_unicode_policy": known.takes_unicode_policy,
            "keeps_opt_ins": known.keeps_opt_ins,
            "refuses_empty": refuses_empty,
        }
        super().__init__(data, initial=initial)
        zones = sorted(available_timezones() - {"localtime", "Factory"})
        self.fields["zone"].choices = [("", "UTC"), *((zone, zone) for zone in zones)]  # type: ignore[attr-defined]

    def said(self) -> dict[str, Any]:
        """As Quirks keep it. A limit that somebody sets is believed: no refusal makes it smaller."""
        data = self.cleaned_data
        limit = data["recipients_limit"]
        taken = {"recipients_taken": limit or 0} if "recipients_limit" in self.changed_data else {}
        kept = (
            "recipients_limit",
            "content_limit",
            "zone",
            "forgets_request_ids",
            "is_silent",
            "takes_unicode_policy",
            "keeps_opt_ins",
        )
        return {name: data[name] for name in kept} | {"send_lead": (data["lead"] or 0) * 60} | taken

    def said_of_groups(self) -> bool | None:
        """Whether they take no empty fields; None where nobody said otherwise than before."""
        said: bool = self.cleaned_data["refuses_empty"]
        return said if "refuses_empty" in self.changed_data else None


class WordForm(forms.Form):
    word = forms.CharField(max_length=200)
    status = forms.ChoiceField(choices=[(each.value, each.label) for each in SAYABLE])

    def meaning(self) -> DeliveryStatus:
        return DeliveryStatus(self.cleaned_data["status"])


class NamesForm(forms.Form):
    """For each of our six values, how a delivery report calls it: one of the names that were seen."""

    def __init__(self, *arguments: Any, seen: dict[str, str], **options: Any) -> None:
        super().__init__(*arguments, **options)
        shown = [(name, f"{name} = {value[:60]}") for name, value in seen.items()]
        choices = [("", "It does not say"), *shown]
        for ours in PARAMETER_ALIASES:
            self.fields[ours] = forms.ChoiceField(required=False, choices=choices, label=LABELS[ours])

    def clean(self) -> None:
        names = self.names()
        if "status" not in names:
            self.add_error("status", "Choose what says whether a message was delivered.")
        if not WHO & names.keys():
            self.add_error("recipientId", "Choose what says whom it is about: an id or the number.")
        if len(set(names.values())) < len(names):
            self.add_error(None, "One name cannot mean two things.")

    def names(self) -> dict[str, str]:
        return {ours: name for ours in PARAMETER_ALIASES if (name := self.cleaned_data.get(ours))}
