"""Taking a message in: what all four ways of sending share."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils.dateparse import parse_datetime

from sandbox import clock
from sandbox.api.calls import Call, Refusal
from sandbox.api.numbers import e164
from sandbox.models import Message, Recipient, RememberedRequest, Service, Thread

REQUEST_ID_TTL = timedelta(days=7)


@dataclass(kw_only=True)
class Draft:
    """A message about to be accepted; `recipients` pairs each address with the text it will read."""

    kind: Message.Kind
    sender: str
    content: str
    body: dict[str, Any]
    recipients: list[tuple[str, str]]
    service: Service | None = None
    reply_to: UUID | None = None
    thread: Thread | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Accepted:
    message_id: UUID
    recipients: list[Recipient]


DRAFT_FIELDS = ("kind", "sender", "content", "body", "service", "reply_to", "thread", "buttons")


def accept(call: Call, draft: Draft) -> Accepted:
    """Keep the message and its recipients, or answer for the one that had this RequestId before."""
    now = clock.now()
    call.request_id = draft.body.get("RequestId", "")
    addresses = [address for address, _ in draft.recipients]
    call.subject = addresses[0] if len(addresses) == 1 else f"{len(addresses)} recipients"
    values = {
        "accepted_at": now,
        "send_at": send_time(call, draft.body, now=now),
        "report_url": web_address(draft.body, "DlrUrl"),
        "attachment": attachment(call, draft),
    } | {name: getattr(draft, name) for name in DRAFT_FIELDS}
    key = uuid4()
    earlier = claim_request_id(call, message_id=key, now=now)
    if earlier is not None:
        return Accepted(earlier, [])
    message = Message.objects.create(
        id=key, operation=call.operation.name, customer=call.customer, request_id=call.request_id, **values
    )
    return Accepted(key, add_recipients(call, message, draft.recipients))


def send_time(call: Call, body: dict[str, Any], *, now: datetime) -> datetime:
    text = body.get("SendDateTime")
    if not text:
        return now
    moment = parse_datetime(text)
    if moment is None or moment.tzinfo is None:
        raise Refusal(400, "SendDateTime must be a date and time with its zone")
    if moment < now and call.switches["refuse_past_send_time"]:
        raise Refusal(400, "SendDateTime is in the past")
    lead = call.switches["send_lead_seconds"]
    if lead and moment < now + timedelta(seconds=lead):
        raise Refusal(400, "SendDateTime is too near")
    return max(moment, now)


def attachment(call: Call, draft: Draft) -> str:
    """The address of the file that goes along; what becomes of one in an SMS is a switch's to say."""
    url = web_address(draft.body, "AttachmentUri")
    if not url or draft.kind == Message.Kind.WHATSAPP or call.switches["sms_attachments"] == "keep":
        return url
    if call.switches["sms_attachments"] == "refuse":
        raise Refusal(400, "An SMS cannot carry AttachmentUri")
    return ""


def web_address(body: dict[str, Any], name: str) -> str:
    url: str = body.get(name, "")
    if url and not url.startswith(("http://", "https://")):
        raise Refusal(400, f"{name} must be an absolute URL")
    return url


def claim_request_id(call: Call, *, message_id: UUID, now: datetime) -> UUID | None:
    """Claim the RequestId, an idempotency key for seven days. Returns the message that had it, if one did."""
    if not call.request_id:
        return None
    known_from = now
    forgetting = call.fault("forget_request_id")
    if forgetting:
        if forgetting.milliseconds is None:
            return None
        known_from = now + timedelta(milliseconds=forgetting.milliseconds)
    memory, is_new = RememberedRequest.objects.get_or_create(
        customer=call.customer,
        request_id=call.request_id,
        defaults={"message_id": message_id, "accepted_at": now, "known_from": known_from},
    )
    if is_new:
        return None
    if memory.known_from <= now < memory.accepted_at + REQUEST_ID_TTL:
        if call.switches["duplicate_request_id"] == "refuse":
            raise Refusal(400, "Duplicate request id", decision="duplicate")
        return memory.message_id
    memory.message_id, memory.accepted_at, memory.known_from = message_id, now, known_from
    memory.save()
    return None


def add_recipients(call: Call, message: Message, addressed: list[tuple[str, str]]) -> list[Recipient]:
    if call.fault("short_recipients"):
        addressed = addressed[:-1]
    deliver_at = message.send_at + timedelta(seconds=call.switches["delivery_seconds"])
    recipients = [
        Recipient(message=message, address=address, text=text, deliver_at=deliver_at)
        for address, text in addressed
    ]
    return Recipient.objects.bulk_create(recipients)


def readable_addresses(call: Call, recipients: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each recipient's address in E.164 with the recipient as given; a switch says what a bad one does."""
    if not recipients:
        raise Refusal(400, "Recipients is empty")
    limit = call.switches["recipients_limit"]
    if limit and len(recipients) > limit:
        raise Refusal(400, f"More than {limit} Recipients")
    read = []
    for recipient in recipients:
        try:
            read.append((e164(recipient["Address"]), recipient))
        except Refusal:
            if call.switches["bad_recipient"] == "refuse":
                raise
    return read
