"""What a phone writes, and the notifications that tell of it."""

from uuid import UUID, uuid4, uuid5

from sandbox import clock, ids, switches
from sandbox.db import write_transaction
from sandbox.deliveries import worker
from sandbox.models import Callback, Customer, Inbound, Message, Service, Thread


class UnknownAddress(ValueError):
    """Nobody receives at the address."""


def receive(
    *,
    sender: str,
    address: str,
    text: str,
    attachments: list[dict[str, str]] | None = None,
    message_id: UUID | None = None,
    repeat: int = 1,
    delay_seconds: float = 0,
) -> Inbound:
    """Keep what a phone wrote and notify every subscription. An id met before is only sent again."""
    service, kind = receiver(address)
    with write_transaction():
        discussion, _ = Thread.objects.get_or_create(customer=service.customer, phone=sender)
        inbound, _ = Inbound.objects.get_or_create(
            id=message_id or uuid4(),
            defaults={
                "service": service,
                "thread": discussion,
                "kind": kind,
                "sender": sender,
                "address": address,
                "content": text,
                "attachments": attachments or [],
                "received_at": clock.now(),
            },
        )
        notify(inbound, repeat=repeat, delay_seconds=delay_seconds)
    worker.wake()
    return inbound


def receiver(address: str) -> tuple[Service, Message.Kind]:
    """The TwoWay service that hears an address: its own number, or its customer's WhatsApp identity."""
    service = Service.objects.filter(kind=Service.Kind.TWO_WAY, address=address).first()
    if service:
        return service, Message.Kind.SMS
    customer = Customer.objects.filter(whatsapp_number=address).first()
    if customer:
        return customer.inbound_service(), Message.Kind.WHATSAPP
    raise UnknownAddress(f"Nobody receives at {address}")


def notify(inbound: Inbound, *, repeat: int, delay_seconds: float) -> None:
    due_at = clock.later(seconds=delay_seconds)
    Callback.objects.bulk_create(
        Callback(
            kind="notification", method="POST", url=trigger.url, body=notification(inbound), due_at=due_at
        )
        for trigger in inbound.service.subscriptions.all()
        for _ in range(repeat)
    )


def notification(inbound: Inbound) -> dict[str, object]:
    said: dict[str, object] = {
        "sender": inbound.sender,
        "recipient": inbound.address,
        "content": inbound.content,
        "timestamp": clock.text(inbound.received_at),
        "protocol": inbound.kind,
        "attachments": inbound.attachments,
        "messageId": _message_id(inbound),
    }
    if inbound.thread_id and switches.get("thread_ids") == "everywhere":
        said["threadId"] = ids.in_json(inbound.thread_id, switches.get("id_form"))
    return {_spelt(name): value for name, value in said.items()}


def _spelt(name: str) -> str:
    spelling = switches.get("notification_names")
    if spelling == "upper":
        return name.upper()
    return name[0].upper() + name[1:] if spelling == "pascal" else name


def _message_id(inbound: Inbound) -> str | int:
    """What a reply names as its parent, unless a switch says otherwise."""
    kind = switches.get("notification_ids")
    if kind == "none":
        return ""
    if kind == "zeros":
        return str(UUID(int=0))
    keys = {"other": uuid5(inbound.id, "notification"), "discussion": inbound.thread_id}
    key = keys.get(kind) or inbound.id
    return ids.in_json(key, switches.get("id_form"))
