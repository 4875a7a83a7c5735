"""What SmartDialog tells us that belongs to the inbox."""

from uuid import UUID

from gateway.hooks import DeliveryReport, Inbound, event_handler
from gateway.hooks.events import MalformedEvent
from gateway.models import HookEvent, HookKind
from messaging.inbox import consent, receiving, replying
from messaging.inbox.models import Message


@event_handler(HookKind.INBOUND, "inbox.messages")
def take_message(event: HookEvent, message: Inbound) -> bool:
    """Every inbound message is the inbox's own."""
    service = event.subscription.service
    if service is None or not message.sender.strip():
        raise MalformedEvent("It does not say who sent it." if service else "Its address is of no service.")
    received = receiving.receive(event, message, service=service)
    if received is not None:
        consent.follow(received)
    return True


@event_handler(HookKind.DELIVERY, "inbox.replies")
def take_report(event: HookEvent, report: DeliveryReport) -> bool:
    """Reports of replies carry `reply` in their query; the others are somebody else's."""
    reply = _reply_of(event, report.query.get("reply", ""))
    if reply is None:
        return False
    replying.apply_report(reply, report)
    return True


def _reply_of(event: HookEvent, key: str) -> Message | None:
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    customer = event.subscription.customer
    return Message.objects.of_customer(customer).select_related("thread__customer").filter(uuid=uuid).first()
