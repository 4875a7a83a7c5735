"""The call that carries a batch of recipients: built once and frozen; its idempotency key is a RequestId."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode

from contacts.text.normalization import message_text
from gateway import hooks, outbox, types
from gateway.outbox import NewOperation
from messaging.campaigns.audiences.new_recipients import moment_of
from messaging.campaigns.dispatch import own_moments, recipient_changes
from messaging.campaigns.dispatch.planner import Submission
from messaging.campaigns.models import Campaign, Recipient

SEND_SMS, SEND_TEMPLATE, TEST_SMS, TEST_TEMPLATE = (
    "campaign.sms",
    "campaign.template",
    "campaign.test_sms",
    "campaign.test_template",
)


def enqueue(campaign: Campaign, batches: Sequence[Sequence[Recipient]], *, first: int) -> None:
    """Each batch as a call, numbered from `first`; in the transaction that moves `batches` past them."""
    assert campaign.connection
    numbered = list(enumerate(batches, start=first))
    plans = own_moments.plans(campaign, batches)
    recipient_changes.place({each.pk: number for number, batch in numbered for each in batch})
    texts = {number: campaign.saying(number) for number in {batch[0].wording for batch in batches}}
    reports_to = hooks.dlr_url(campaign.customer) if numbered else ""
    outbox.add_many(
        campaign.connection,
        (_operation(texts[batch[0].wording], number, batch, reports_to, plans) for number, batch in numbered),
    )


def _operation(
    campaign: Campaign,
    number: int,
    recipients: Sequence[Recipient],
    reports_to: str,
    plans: Mapping[datetime, Submission],
) -> NewOperation:
    """`campaign`: saying the text of all of them."""
    assert campaign.service
    at = moment_of(recipients[0].key)
    plan = plans[at] if at else None
    is_named = campaign.carries_time and (plan is None or plan.carries_time)
    request_id = campaign.request_id(number)
    message = build_message(
        campaign,
        [(recipient.phone, tuple(recipient.values)) for recipient in recipients],
        request_id=request_id,
        dlr_url=f"{reports_to}?{urlencode({'c': campaign.pk, 'b': number})}",
        send_at=(at or campaign.send_at) if is_named else None,
    )
    return NewOperation(
        customer=campaign.customer,
        kind=SEND_SMS if campaign.is_sms else SEND_TEMPLATE,
        batch=campaign.batch,
        request_id=request_id,
        payload={
            "campaign": campaign.pk,
            "number": number,
            "customer": campaign.customer.remote_id,
            "service": campaign.service.remote_id,
            "message": message.to_json(),
            **({own_moments.AT: at.isoformat()} if at else {}),
        },
        due_at=plan.begins_at if plan else None,
        by=campaign.created_by,
    )


def build_message(
    campaign: Campaign,
    addressed: Sequence[tuple[str, tuple[str, ...]]],
    *,
    request_id: str,
    dlr_url: str = "",
    send_at: datetime | None = None,
) -> types.SmsMessage | types.TemplateMessage:
    """`addressed`: numbers with their values; for a template it is the same for all of them."""
    time = wire_time(send_at) if send_at else ""
    if not campaign.is_sms:
        assert campaign.template
        return types.TemplateMessage(
            template=campaign.template.remote_id,
            recipients=[phone for phone, _ in addressed],
            body_parameters=list(addressed[0][1]),
            header_parameters=campaign.header_parameters,
            buttons=[types.MessageButton(campaign.button_type, data) for data in campaign.button_data],
            send_at=time,
            attachment_uri=campaign.attachment_url,
            sms_fallback=campaign.sms_fallback or None,
            dlr_url=dlr_url,
            customer_data=campaign.customer_data,
            request_id=request_id,
        )
    wording = campaign.wording
    return types.SmsMessage(
        sender=campaign.sender,
        content=message_text(campaign.content),
        recipients=[types.Recipient(phone, wording.personalization(values)) for phone, values in addressed],
        send_at=time,
        request_id=request_id,
        dlr_url=dlr_url,
        customer_data=campaign.customer_data,
        ad_message=campaign.ad_message,
        attachment_uri=campaign.attachment_url,
        unicode_policy=campaign.unicode_policy,
    )


def wire_time(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
