"""What SmartDialog tells us that belongs to the inbox."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from gateway.hooks import HeldEvent, Inbound, Said, event_taker
from gateway.hooks.events import MalformedEvent
from gateway.models import HookKind
from messaging.inbox.incoming import receiving
from messaging.inbox.models import Message
from messaging.inbox.opt_outs import consent
from messaging.inbox.replies import discussions, replying
from messaging.inbox.rules import running


@event_taker(HookKind.INBOUND, "inbox.messages")
def take_messages(said: Sequence[Said]) -> Iterator[HeldEvent]:
    """Every inbound message is the inbox's own."""
    for event, message in said:
        _take_message(event, message)
        yield event


@event_taker(HookKind.DELIVERY, "inbox.replies")
def take_reports(said: Sequence[Said]) -> Iterator[HeldEvent]:
    """Reports of replies carry `reply` in their query; the others are somebody else's."""
    for event, report in said:
        reply = _reply_of(event, report.query.get("reply", ""))
        if reply is not None:
            replying.apply_report(reply, report)
            yield event


def _take_message(event: HeldEvent, message: Inbound) -> None:
    service = event.subscription.service
    if service is None or not message.sender.strip():
        raise MalformedEvent("It does not say who sent it." if service else "Its address is of no service.")
    received = receiving.receive(event, message, service=service)
    if received is not None:
        discussions.learn(received.thread, message.thread_id)
        consent.follow(received)
        running.follow(received)


def _reply_of(event: HeldEvent, key: str) -> Message | None:
    try:
        uuid = UUID(key)
    except ValueError:
        return None
    customer = event.subscription.customer
    return Message.objects.of_customer(customer).select_related("thread__customer").filter(uuid=uuid).first()
