"""The call that carries a batch of recipients: built once and frozen; its idempotency key is a RequestId."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

from contacts.text.normalization import message_text
from gateway import hooks, outbox
from gateway.outbox import NewOperation
from gateway.smartdialog import types
from messaging.campaigns.audiences.new_recipients import moment_of
from messaging.campaigns.dispatch import own_moments, recipient_changes
from messaging.campaigns.dispatch.planner import Submission
from messaging.campaigns.dispatch.recipient_changes import Placed
from messaging.campaigns.models import Campaign

SEND_SMS, SEND_TEMPLATE, TEST_SMS, TEST_TEMPLATE = (
    "campaign.sms",
    "campaign.template",
    "campaign.test_sms",
    "campaign.test_template",
)


HALF_OF = "half_of"  # in a payload: the number of a refused call, whose people went on in two


def enqueue(
    campaign: Campaign, batches: Mapping[int, Sequence[Placed]], *, half_of: int | None = None
) -> None:
    """Each batch as a call of its number; in the transaction that moves `batches` past them."""
    assert campaign.connection
    if not batches:
        return
    plans = own_moments.plans(campaign, list(batches.values()))
    new = {each.pk: number for number, batch in batches.items() for each in batch if each.batch != number}
    if new:
        recipient_changes.place(new)
    more = {} if half_of is None else {HALF_OF: half_of}
    wordings = {batch[0].wording for batch in batches.values()}
    moulds = {each: _Mould(campaign.saying(each), plans, more) for each in wordings}
    outbox.add_many(
        campaign.connection,
        (moulds[batch[0].wording].operation(number, batch) for number, batch in batches.items()),
    )


class _Mould:
    """What is the same in all calls that say the same text is worked out once. `campaign`: saying it."""

    def __init__(
        self, campaign: Campaign, plans: Mapping[datetime, Submission], more: Mapping[str, int]
    ) -> None:
        assert campaign.service
        self._campaign, self._wording, self._plans = campaign, campaign.wording, plans
        self._reports_to = f"{hooks.dlr_url(campaign.customer)}?{urlencode({'c': campaign.pk})}&b="
        self._same: dict[str, Any] = {
            "customer": campaign.customer,
            "kind": SEND_SMS if campaign.is_sms else SEND_TEMPLATE,
            "batch": campaign.batch,
            "by": campaign.created_by,
        }
        self._payload = {
            "campaign": campaign.pk,
            "customer": campaign.customer.remote_id,
            "service": campaign.service.remote_id,
            **more,
        }
        nobody = ("", ("",) * len(self._wording.merge_fields))
        self._filled = cache(self._wording.personalization)  # many have the same
        self._message = build_message(campaign, [nobody], request_id="").to_json()

    def operation(self, number: int, recipients: Sequence[Placed]) -> NewOperation:
        at = moment_of(recipients[0].key)
        plan = self._plans[at] if at else None
        request_id = self._campaign.request_id(number)
        message = {
            **self._message,
            **self._addressed(recipients),
            "send_at": self._named_time(at, plan),
            "request_id": request_id,
            "dlr_url": f"{self._reports_to}{number}",
        }
        payload = {**self._payload, "number": number, "message": message}
        if at:
            payload[own_moments.AT] = at.isoformat()
        due_at = plan.begins_at if plan else None
        return NewOperation(**self._same, request_id=request_id, payload=payload, due_at=due_at)

    def _named_time(self, at: datetime | None, plan: Submission | None) -> str:
        """`at`: of these people's own."""
        is_named = self._campaign.carries_time and (plan is None or plan.carries_time)
        send_at = (at or self._campaign.send_at) if is_named else None
        return wire_time(send_at) if send_at else ""

    def _addressed(self, recipients: Sequence[Placed]) -> dict[str, Any]:
        if not self._campaign.is_sms:
            phones = [each.phone for each in recipients]
            return {"recipients": phones, "body_parameters": list(recipients[0].values)}
        return {
            "recipients": [
                {"address": each.phone, "personalization": self._filled(tuple(each.values))}
                for each in recipients
            ]
        }


def build_message(
    campaign: Campaign,
    addressed: Sequence[tuple[str, tuple[str, ...]]],
    *,
    request_id: str,
    dlr_url: str = "",
    send_at: datetime | None = None,
) -> types.SmsMessage | types.TemplateMessage:
    """`addressed`: numbers with their values; for a template it is the same for all of them."""
    same: dict[str, Any] = {
        "send_at": wire_time(send_at) if send_at else "",
        "attachment_uri": campaign.attachment_url,
        "dlr_url": dlr_url,
        "customer_data": campaign.customer_data,
        "request_id": request_id,
    }
    if campaign.is_sms:
        return _sms_message(campaign, addressed, **same)
    assert campaign.template
    return types.TemplateMessage(
        template=campaign.template.remote_id,
        recipients=[phone for phone, _ in addressed],
        body_parameters=list(addressed[0][1]),
        header_parameters=campaign.header_parameters,
        buttons=[types.MessageButton(campaign.button_type, data) for data in campaign.button_data],
        sms_fallback=campaign.sms_fallback or None,
        **same,
    )


def _sms_message(
    campaign: Campaign, addressed: Sequence[tuple[str, tuple[str, ...]]], **same: Any
) -> types.SmsMessage:
    wording = campaign.wording
    return types.SmsMessage(
        sender=campaign.sender,
        content=message_text(campaign.content),
        recipients=[
            types.TakenRecipient(phone, wording.personalization(values)) for phone, values in addressed
        ],
        ad_message=campaign.ad_message,
        unicode_policy=campaign.unicode_policy,
        **same,
    )


def phones_of(message: Mapping[str, Any]) -> list[str]:
    """Whom a call names, as its payload has it; an SMS says more of them than the number."""
    return [each if isinstance(each, str) else str(each["address"]) for each in message["recipients"]]


def wire_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
