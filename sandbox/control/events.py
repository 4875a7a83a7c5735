"""Events on demand (POST /_events): what phones write, what becomes of messages; twice, late or forged.

Also what people at the platform do: review a template, end a sign-in.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q

from sandbox import clock, ids, switches
from sandbox.db import write_transaction
from sandbox.deliveries import worker
from sandbox.deliveries.inbound import receive
from sandbox.deliveries.reports import report, with_query
from sandbox.models import Callback, Person, Recipient, Template
from sandbox.oauth import grants


def emit(event: dict[str, Any]) -> dict[str, Any]:
    """Let one event happen; ValueError or KeyError says what it lacks.

    type inbound: from, to, text, messageId, attachments; type delivery: recipientId (or messageId and
    address), status, errorCode, timestamp; type forged: method, url, query, body, sent as given.
    These three: repeat (copies), delay (seconds).
    type review: template (its id or display name), verdict, reason;
    type sign_in: person, action (expire, revoke).
    """
    if event.get("type") not in EVENT_HANDLERS:
        raise ValueError(f"type is one of {', '.join(EVENT_HANDLERS)}")
    return EVENT_HANDLERS[event["type"]](event)


def inbound(event: dict[str, Any]) -> dict[str, Any]:
    kept = receive(
        sender=event["from"],
        address=event["to"],
        text=event.get("text", ""),
        attachments=event.get("attachments"),
        message_id=ids.decode(event["messageId"]) if event.get("messageId") else None,
        repeat=int(event.get("repeat", 1)),
        delay_seconds=float(event.get("delay", 0)),
    )
    assert kept.thread_id  # receive() gives each its thread
    form = switches.get("id_form")
    return {"messageId": ids.encode(kept.id, form), "threadId": ids.encode(kept.thread_id, form)}


def delivery(event: dict[str, Any]) -> dict[str, Any]:
    recipients = Recipient.objects.exclude(message__report_url="").select_related("message")
    if "recipientId" in event:
        recipients = recipients.filter(id=ids.decode(event["recipientId"]))
    else:
        recipients = recipients.filter(message_id=ids.decode(event["messageId"]), address=event["address"])
    due_at = clock.later(seconds=float(event.get("delay", 0)))
    values = switches.current()
    report_values = {"status": event.get("status", ""), "error_code": event.get("errorCode", "")}
    return send(
        report(recipient, values, due_at=due_at, at=event.get("timestamp", ""), **report_values)
        for recipient in recipients
        for _ in range(int(event.get("repeat", 1)))
    )


def forged(event: dict[str, Any]) -> dict[str, Any]:
    due_at = clock.later(seconds=float(event.get("delay", 0)))
    url = with_query(event["url"], event.get("query", {}))
    made = {"kind": "forged", "method": event.get("method", "POST"), "url": url, "body": event.get("body")}
    return send(Callback(**made, due_at=due_at) for _ in range(int(event.get("repeat", 1))))


def review(event: dict[str, Any]) -> dict[str, Any]:
    if event["verdict"] not in (Template.Review.APPROVED, Template.Review.REJECTED, Template.Review.PAUSED):
        raise ValueError("verdict is approved, rejected or paused")
    named = Q(name=event["template"]) | Q(display_name=event["template"])
    values = {"review": event["verdict"], "reason": event.get("reason", "")[:100]}
    with write_transaction():
        return {"reviewed": Template.objects.filter(named).update(**values)}


def sign_in(event: dict[str, Any]) -> dict[str, Any]:
    if event["action"] not in ("expire", "revoke"):
        raise ValueError("action is expire or revoke")
    person = Person.objects.filter(username=event["person"]).first()
    if person is None:
        raise ValueError(f"Nobody is called {event['person']}")
    with write_transaction():
        grants.end_sessions(person, for_good=event["action"] == "revoke")
    return {"ended": person.username}


def send(callbacks: Iterable[Callback]) -> dict[str, Any]:
    with write_transaction():
        made = Callback.objects.bulk_create(callbacks)
    worker.wake()
    return {"callbacks": len(made)}


EVENT_HANDLERS = {
    "inbound": inbound,
    "delivery": delivery,
    "forged": forged,
    "review": review,
    "sign_in": sign_in,
}
