"""Events on demand (POST /_events): what phones write, what becomes of messages; twice, late or forged."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sandbox import clock
from sandbox.deliveries import thread
from sandbox.deliveries.inbound import receive
from sandbox.deliveries.reports import report, with_query
from sandbox.models import Callback, Recipient
from sandbox.store import writing


def emit(event: dict[str, Any]) -> dict[str, Any]:
    """Let one event happen; ValueError or KeyError says what it lacks.

    type inbound: from, to, text, messageId, attachments; type delivery: recipientId (or messageId and
    address), status, errorCode, timestamp; type forged: method, url, query, body, sent as given.
    All: repeat (copies), delay (seconds).
    """
    kinds = {"inbound": inbound, "delivery": delivery, "forged": forged}
    if event.get("type") not in kinds:
        raise ValueError(f"type is one of {', '.join(kinds)}")
    return kinds[event["type"]](event)


def inbound(event: dict[str, Any]) -> dict[str, Any]:
    kept = receive(
        sender=event["from"],
        address=event["to"],
        text=event.get("text", ""),
        attachments=event.get("attachments"),
        message_id=UUID(event["messageId"]) if event.get("messageId") else None,
        repeat=int(event.get("repeat", 1)),
        delay_seconds=float(event.get("delay", 0)),
    )
    return {"messageId": str(kept.id), "threadId": str(kept.thread_id)}


def delivery(event: dict[str, Any]) -> dict[str, Any]:
    recipients = Recipient.objects.exclude(message__report_url="").select_related("message")
    if "recipientId" in event:
        recipients = recipients.filter(id=UUID(event["recipientId"]))
    else:
        recipients = recipients.filter(message_id=UUID(event["messageId"]), address=event["address"])
    due_at = clock.later(seconds=float(event.get("delay", 0)))
    told = {"status": event.get("status", ""), "error_code": event.get("errorCode", "")}
    return send(
        report(recipient, due_at=due_at, at=event.get("timestamp", ""), **told)
        for recipient in recipients
        for _ in range(int(event.get("repeat", 1)))
    )


def forged(event: dict[str, Any]) -> dict[str, Any]:
    due_at = clock.later(seconds=float(event.get("delay", 0)))
    url = with_query(event["url"], event.get("query", {}))
    made = {"kind": "forged", "method": event.get("method", "POST"), "url": url, "body": event.get("body")}
    return send(Callback(**made, due_at=due_at) for _ in range(int(event.get("repeat", 1))))


def send(callbacks: Iterable[Callback]) -> dict[str, Any]:
    with writing():
        made = Callback.objects.bulk_create(callbacks)
    thread.wake()
    return {"callbacks": len(made)}
