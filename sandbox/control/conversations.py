"""What a phone shows: the messages that reached it and what its owner wrote."""

from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import Max

from sandbox.models import Contact, Customer, Inbound, Message, Recipient, Service

PHONES_SHOWN = 60
BUBBLES_SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Bubble:
    """One message on the screen; `written` when the phone's owner wrote it."""

    at: datetime
    written: bool
    other: str
    kind: str
    text: str
    buttons: list[dict[str, str]] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    thread: str = ""


@dataclass(frozen=True)
class PhoneSummary:
    number: str
    owner: str
    last_at: datetime


@dataclass(frozen=True)
class Address:
    """Where a phone can write to."""

    number: str
    label: str


def conversation(number: str) -> list[Bubble]:
    """The latest bubbles of a phone, oldest first."""
    reached = Recipient.objects.filter(address=number, state=Recipient.State.DELIVERED).select_related(
        "message"
    )
    written = Inbound.objects.filter(sender=number)
    bubbles = [received_bubble(one) for one in reached.order_by("-delivered_at")[:BUBBLES_SHOWN]]
    bubbles += [sent_bubble(one) for one in written.order_by("-received_at")[:BUBBLES_SHOWN]]
    return sorted(bubbles, key=attrgetter("at"))[-BUBBLES_SHOWN:]


def conversation_version(number: str) -> str:
    """Changes when the conversation does."""
    reached = Recipient.objects.filter(address=number, state=Recipient.State.DELIVERED).count()
    return f"{reached}-{Inbound.objects.filter(sender=number).count()}"


def recent_phones(search: str) -> list[PhoneSummary]:
    """Phones that something reached or that wrote, latest first; a search looks in the number."""
    reached = Recipient.objects.filter(state=Recipient.State.DELIVERED, address__contains=search)
    written = Inbound.objects.filter(sender__contains=search)
    last: dict[str, datetime] = {}
    for number, at in [
        *reached.values_list("address").annotate(at=Max("delivered_at")).order_by("-at")[:PHONES_SHOWN],
        *written.values_list("sender").annotate(at=Max("received_at")).order_by("-at")[:PHONES_SHOWN],
    ]:
        last[number] = max(at, last.get(number, at))
    latest = sorted(last, key=lambda number: last[number], reverse=True)[:PHONES_SHOWN]
    owners = owner_names(latest)
    return [PhoneSummary(number, owners.get(number, ""), last[number]) for number in latest]


def owner_names(numbers: list[str]) -> dict[str, str]:
    """Names by number, as far as any group has the contact."""
    known = Contact.objects.filter(phone__in=numbers).values_list("phone", "fields")
    return {phone: full_name(fields) for phone, fields in known}


def addresses(number: str) -> list[Address]:
    """Where the phone can write to; first the one that it was last messaged from, or that stands for it."""
    choices = [Address(one.address, f"{one.customer} SMS") for one in two_way_services()]
    choices += [Address(one.whatsapp_number, f"{one} WhatsApp") for one in Customer.objects.all()]
    usual = usual_address(number)
    return sorted(choices, key=lambda choice: choice.number != usual)


def usual_address(number: str) -> str:
    """An alphanumeric sender cannot receive: its customer's own number hears the answer then."""
    reached = Recipient.objects.filter(address=number, state=Recipient.State.DELIVERED)
    last = reached.select_related("message__customer").order_by("-delivered_at").first()
    if last is None:
        return ""
    if last.message.kind == Message.Kind.WHATSAPP and not last.as_sms:
        return last.message.customer.whatsapp_number
    if two_way_services().filter(address=last.message.sender).exists():
        return last.message.sender
    return last.message.customer.inbound_service().address


def two_way_services() -> Any:
    return Service.objects.filter(kind=Service.Kind.TWO_WAY).select_related("customer")


def received_bubble(one: Recipient) -> Bubble:
    message = one.message
    assert one.delivered_at
    return Bubble(
        at=one.delivered_at,
        written=False,
        other=message.sender,
        kind="SMS" if one.as_sms else message.kind,
        text=one.text,
        buttons=[] if one.as_sms else message.buttons,
        attachments=[message.attachment] if message.attachment else [],
    )


def sent_bubble(one: Inbound) -> Bubble:
    return Bubble(
        at=one.received_at,
        written=True,
        other=one.address,
        kind=one.kind,
        text=one.content,
        attachments=[place for place in attachment_urls(one) if place.startswith(("http://", "https://"))],
        thread=str(one.thread_id or ""),
    )


def attachment_urls(one: Inbound) -> list[str]:
    return [str(part.get("resourceLocation", "")) for part in one.attachments]


def full_name(fields: dict[str, Any]) -> str:
    return " ".join(part for part in (fields.get("firstName"), fields.get("lastName")) if part)
