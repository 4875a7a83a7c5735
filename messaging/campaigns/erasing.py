"""What campaigns hold of a person: their place among the recipients, and the calls that name them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from contacts.erasure.registry import (
    CallHolder,
    DataSubject,
    ErasureOrder,
    HeldRow,
    Holder,
    register_holder,
)
from gateway.models import Call, Operation, OperationState
from gateway.models.outbox import QUEUED
from messaging.campaigns.models import Campaign, Recipient, RecipientState

ERASED_REASON = "Erased at the person’s request."
_SENT = [RecipientState.ACCEPTED, RecipientState.DELIVERED]


@register_holder
class CampaignCalls(CallHolder):
    """Before the recipients, by whom it finds them."""

    title = "Calls of campaigns that name the person"
    fate = "The person is taken out of them; one that is being made is let go first"

    def calls(self, person: DataSubject) -> list[Operation]:
        return [*_campaign_calls(person), *_test_calls(person)]

    def tidy(self, person: DataSubject) -> int:
        calls = self.calls(person)
        naming = Call.objects.filter(operation__in=[call.pk for call in calls], error__regex=person.naming)
        naming.update(error="")
        return sum(not _take_out(call, person.phone) for call in calls)


@register_holder
class Recipients(Holder):
    title = "Campaigns"
    fate = "The campaign still counts a recipient, and no longer knows who it was"

    def held(self, person: DataSubject) -> list[HeldRow]:
        return [
            {
                "Campaign": str(each.campaign),
                "State": each.get_state_display(),
                "Filled in": each.values,
                **({"When": each.settled_at} if each.settled_at else {}),
                **({"Reason": each.reason} if each.reason else {}),
            }
            for each in _recipients(person).select_related("campaign__template")
        ]

    def erase(self, person: DataSubject, order: ErasureOrder) -> None:
        unsent = _recipients(person).exclude(state__in=_SENT)
        unsent.update(state=RecipientState.SKIPPED, reason=ERASED_REASON, settled_at=timezone.now())
        self.tidy(person)

    def tidy(self, person: DataSubject) -> int:
        """Those whom a call in flight names keep their number until it is over."""
        named = {(call.payload["campaign"], call.payload["number"]) for call in _campaign_calls(person)}
        for recipient in _recipients(person):
            if (recipient.campaign_id, recipient.batch) not in named:
                _forget(recipient)
        return _recipients(person).count()


def _recipients(person: DataSubject) -> QuerySet[Recipient]:
    return Recipient.objects.of_customer(person.customer).filter(phone=person.phone)


def _forget(recipient: Recipient) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(
        phone=f"erased {recipient.pk}"[:20], values=[], contact=None, key=""
    )


def _campaign_calls(person: DataSubject) -> Iterator[Operation]:
    placed = _recipients(person).exclude(batch=None).select_related("campaign")
    for recipient in placed:
        campaign = recipient.campaign
        calls = Operation.objects.filter(
            batch=campaign.batch, request_id=f"{campaign.uuid}-{recipient.batch}"
        )
        yield from (call for call in calls if _names(call, person.phone))


def _test_calls(person: DataSubject) -> list[Operation]:
    campaigns = Campaign.objects.of_customer(person.customer)
    batches = campaigns.annotate(
        test_batches=Concat(Value("campaign-test:"), Cast("pk", CharField()), output_field=CharField())
    ).values("test_batches")
    return [call for call in Operation.objects.filter(batch__in=batches) if _names(call, person.phone)]


def _names(call: Operation, phone: str) -> bool:
    return any(_address(each) == phone for each in call.payload.get("message", {}).get("recipients", []))


def _take_out(call: Operation, phone: str) -> bool:
    """False while it is being made, or is to be made again with the same bytes."""
    free = Operation.objects.filter(pk=call.pk).exclude(state=OperationState.INFLIGHT)
    free = free.exclude(state__in=QUEUED, attempts__gt=0)
    message = call.payload["message"]
    others = [each for each in message["recipients"] if _address(each) != phone]
    payload: dict[str, Any] = {**call.payload, "message": {**message, "recipients": others}}
    if others:
        return free.update(payload=payload) == 1
    free.queued().cancel()
    return free.update(payload=payload) == 1


def _address(recipient: str | dict[str, Any]) -> str:
    """Of an SMS a recipient is more than its address."""
    return recipient if isinstance(recipient, str) else str(recipient["address"])
