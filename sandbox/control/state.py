"""What the platform holds, as JSON: the judge of other programs' tests."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from sandbox import clock
from sandbox.models import Callback, Contact, Inbound, Message, Recipient, Service, Subscription, Template


def contacts() -> list[dict[str, Any]]:
    """By group, every group; each contact with its fields and how often a write of it was accepted."""
    by_group: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for contact in Contact.objects.all():
        counts = {"created_count": contact.created_count, "updated_count": contact.updated_count}
        about = {"id": str(contact.id), "phone": contact.phone, "active": contact.active}
        by_group[contact.group_id].append(about | contact.fields | counts)
    return [
        {
            "customer": str(group.customer_id),
            "customer_name": group.customer.name,
            "group": str(group.id),
            "group_name": group.name,
            "contacts": by_group[group.id],
        }
        for group in Service.objects.filter(kind=Service.Kind.GROUP).select_related("customer")
    ]


def messages() -> list[dict[str, Any]]:
    """In order of acceptance. A recipient's `accepted` counts all sends of that text to that address."""
    accepted = Counter(Recipient.objects.values_list("address", "text"))
    recipients: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
    for one in Recipient.objects.all():
        recipients[one.message_id].append(recipient(one, accepted=accepted[one.address, one.text]))
    return [message(one) | {"recipients": recipients[one.id]} for one in Message.objects.all()]


def message(one: Message) -> dict[str, Any]:
    return {
        "id": str(one.id),
        "kind": one.kind,
        "operation": one.operation,
        "customer": str(one.customer_id),
        "service": text_or_none(one.service_id),
        "sender": one.sender,
        "content": one.content,
        "request_id": one.request_id,
        "reply_to": text_or_none(one.reply_to),
        "thread": text_or_none(one.thread_id),
        "accepted_at": clock.text(one.accepted_at),
        "send_at": clock.text(one.send_at),
        "body": one.body,
    }


def recipient(one: Recipient, *, accepted: int) -> dict[str, Any]:
    return {
        "recipient_id": str(one.id),
        "message_id": str(one.message_id),
        "address": one.address,
        "text": one.text,
        "state": one.state,
        "error_code": one.error_code,
        "as_sms": one.as_sms,
        "delivered_at": clock.text(one.delivered_at) if one.delivered_at else None,
        "accepted": accepted,
    }


def replies() -> list[dict[str, Any]]:
    """What phones wrote, and which messages answered it."""
    answers: defaultdict[Any, list[str]] = defaultdict(list)
    for key, parent in Message.objects.exclude(reply_to=None).values_list("id", "reply_to"):
        answers[parent].append(str(key))
    return [
        {
            "id": str(one.id),
            "service": str(one.service_id),
            "thread": text_or_none(one.thread_id),
            "sender": one.sender,
            "recipient": one.address,
            "protocol": one.kind,
            "content": one.content,
            "attachments": one.attachments,
            "received_at": clock.text(one.received_at),
            "answered_by": answers[one.id],
        }
        for one in Inbound.objects.all()
    ]


def templates() -> list[dict[str, Any]]:
    return [
        {
            "id": one.name,
            "customer": str(one.customer_id),
            "identity": one.identity,
            "display_name": one.display_name,
            "raw_content": one.raw_content,
            "category": one.category,
            "language": one.language,
            "buttons": one.buttons,
            "attachment_url": one.attachment_url,
            "review": one.review,
            "reason": one.reason,
        }
        for one in Template.objects.all()
    ]


def subscriptions() -> list[dict[str, Any]]:
    return [
        {"id": str(one.id), "service": str(one.service_id), "name": one.name, "url": one.url}
        for one in Subscription.objects.all()
    ]


def callbacks() -> list[dict[str, Any]]:
    """The latest thousand calls to the client's side, and how each went."""
    latest = Callback.objects.order_by("-id")[:1000]
    rows = latest.values("id", "kind", "method", "url", "body", "state", "tries", "outcome")
    return [dict(row) for row in reversed(rows)]


def text_or_none(value: object) -> str | None:
    return None if value is None else str(value)


PARTS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "contacts": contacts,
    "messages": messages,
    "replies": replies,
    "templates": templates,
    "subscriptions": subscriptions,
    "callbacks": callbacks,
}
