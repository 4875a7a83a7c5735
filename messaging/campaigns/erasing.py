"""What campaigns hold of a person: their place among the recipients, and the calls that name them."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import QuerySet

from contacts.erasure.registry import (
    CallHolder,
    DataSubject,
    ErasureOrder,
    HeldRow,
    Holder,
    holds,
)
from contacts.erasure.words_holder import Place, ToldHolder, WordsHolder
from gateway import clock, outbox
from gateway.outbox import QueuedCall
from messaging.campaigns.composing import send_tests
from messaging.campaigns.models import Campaign, Link, OwnPhone, Recipient, RecipientState, Snippet
from messaging.campaigns.outcome import recipient_counts
from messaging.whatsapp.models import Template, TemplateVersion

ERASED_REASON = "Erased at the person’s request."
_SENT = [RecipientState.ACCEPTED, RecipientState.DELIVERED]


@holds("campaigns.campaign_calls")
class CampaignCalls(CallHolder):
    """Before the recipients, by whom it finds them."""

    title = "Calls of campaigns that name the person"
    fate = "The person is taken out of them; one that is being made is let go first"

    def calls(self, person: DataSubject) -> list[QueuedCall]:
        return [*_campaign_calls(person), *_test_calls(person)]

    def tidy(self, person: DataSubject) -> int:
        return sum(not _take_out(call, person.phones) for call in self.calls(person))


@holds("campaigns.recipients")
class Recipients(Holder):
    title = "Campaigns"
    fate = "The campaign still counts a recipient, and no longer knows who it was"
    covers = {
        "campaigns.Recipient": "phone values key reason remote_id",
        "campaigns.RecipientCount": "reason",
    }

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "Campaign": str(each.campaign),
                "State": each.get_state_display(),
                "Filled in": each.values,
                **({"When": each.settled_at} if each.settled_at else {}),
                **({"Reason": each.reason} if each.reason else {}),
                **_click_of(each),
            }
            for each in _recipients(person).select_related("campaign__template", "link")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        unsent = _recipients(person).exclude(state__in=_SENT)
        unsent.update(state=RecipientState.SKIPPED, reason=ERASED_REASON, settled_at=clock.now())
        self.tidy(person)

    def tidy(self, person: DataSubject) -> int:
        """Those whom a call in flight names keep their number until it is over."""
        named = {(call.payload["campaign"], call.payload["number"]) for call in _campaign_calls(person)}
        found = list(_recipients(person))
        for recipient in found:
            if (recipient.campaign_id, recipient.batch) not in named:
                _forget(recipient)
        for campaign in {recipient.campaign_id for recipient in found}:
            recipient_counts.mend(campaign)
        return _recipients(person).count()


@holds("campaigns.own_phones")
class OwnPhones(Holder):
    title = "Numbers to which tests were sent"
    covers = {"campaigns.OwnPhone": "phone"}

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [{"Used by": str(each.user)} for each in _own_phones(person).select_related("user")]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        _own_phones(person).delete()


@holds("campaigns.names")
class CampaignNames(WordsHolder):
    title = "Campaigns whose name tells of the person"
    places = (Place(Campaign, "Campaign", customer="customer", columns="name held_reason"),)


@holds("campaigns.texts")
class CampaignTexts(ToldHolder):
    title = "Texts of campaigns that name the person"
    places = (
        Place(
            Campaign,
            "Campaign",
            customer="customer",
            columns=(
                "content link_url fallbacks parameters attachment_url customer_data header_parameters "
                "button_data more_texts agreed_templates"
            ),
        ),
        Place(Snippet, "Snippet", customer="customer", columns="name text"),
    )


@holds("campaigns.templates")
class TemplateTexts(ToldHolder):
    title = "WhatsApp templates that name the person"
    places = (
        Place(
            Template,
            "Template",
            customer="customer",
            columns="display_name body variable_names samples buttons attachment_url header_text footer",
        ),
        Place(TemplateVersion, "Earlier version", customer="template__customer", columns="fields"),
    )


def _click_of(recipient: Recipient) -> HeldRow:
    """That they have opened a link of their own, and when."""
    link: Link | None = getattr(recipient, "link", None)
    return {"Link opened": link.clicked_at} if link and link.clicked_at else {}


def _recipients(person: DataSubject) -> QuerySet[Recipient]:
    return Recipient.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _own_phones(person: DataSubject) -> QuerySet[OwnPhone]:
    return OwnPhone.objects.of_customer(person.customer).filter(phone__in=person.phones)


def _forget(recipient: Recipient) -> None:
    """SmartDialog's id of the message would lead to them as well."""
    reason = recipient.reason if recipient.reason == ERASED_REASON else ""
    Link.objects.filter(recipient=recipient).update(recipient=None)
    Recipient.objects.filter(pk=recipient.pk).update(
        phone=f"erased {recipient.pk}"[:20], values=[], contact=None, key="", remote_id="", reason=reason
    )


def _campaign_calls(person: DataSubject) -> Iterator[QueuedCall]:
    placed = _recipients(person).exclude(batch=None).select_related("campaign")
    for recipient in placed:
        campaign = recipient.campaign
        calls = outbox.calls_of(batch=campaign.batch, request_id=campaign.request_id(recipient.batch))
        yield from (call for call in calls if _names(call, person.phones))


def _test_calls(person: DataSubject) -> list[QueuedCall]:
    """To the person, or to somebody else as the person would have got it."""
    campaigns = Campaign.objects.of_customer(person.customer).only("pk")
    calls = outbox.calls_of(batches=[campaign.test_batch for campaign in campaigns])
    return [
        call
        for call in calls
        if _names(call, person.phones) or call.payload.get(send_tests.PREVIEWED) in person.phones
    ]


def _names(call: QueuedCall, phones: Collection[str]) -> bool:
    return any(_address(each) in phones for each in call.payload.get("message", {}).get("recipients", []))


def _take_out(call: QueuedCall, phones: Collection[str]) -> bool:
    """False while it is being made, or is to be made again with the same bytes."""
    if call.payload.get(send_tests.PREVIEWED) in phones:
        return outbox.redact(call, {}, cancel=True)
    message = call.payload["message"]
    others = [each for each in message["recipients"] if _address(each) not in phones]
    left = {**message, "recipients": others}
    if not others and "body_parameters" in message:
        left["body_parameters"] = []  # what was said to this person alone
    payload: dict[str, Any] = {**call.payload, "message": left}
    return outbox.redact(call, payload, cancel=not others)


def _address(recipient: str | dict[str, Any]) -> str:
    """Of an SMS a recipient is more than its address."""
    return recipient if isinstance(recipient, str) else str(recipient["address"])
