"""What a person decides about an answer that has not arrived: again, by another, not at all, or so be it."""

from typing import Any
from uuid import uuid5

from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from gateway import outbox
from gateway.models import Connection, ConnectionState
from gateway.outbox import QueuedCall
from gateway.sign_in import connections
from messaging.inbox.incoming.receiving import refresh_preview, tell
from messaging.inbox.models import Message, MessageState
from messaging.inbox.models.message import NEED_A_PERSON
from messaging.inbox.replies import replying, routes
from messaging.inbox.replies.replying import ReplyOptions
from messaging.inbox.reporting import response_times
from messaging.inbox.threads import waits


def try_again(message: Message, *, by: User) -> Message:
    """Send again what failed or may have been sent.

    What SmartDialog refused is the same call once more, with its RequestId; what it took and could not
    deliver is a new answer, and so is what only a sign-in that has ended could ask again. Raises CannotReply
    where it was for later, and they may not get what they do not ask for.
    """
    call = outbox.call_of(message.operation)
    if call and call.needs_a_person and _can_be_carried(message, call, by=by):
        with transaction.atomic():
            if outbox.retry(call, by=by):
                replying.become(message, *NEED_A_PERSON, to=MessageState.WAITING, reported_at=None)
        return message
    if message.send_at:
        routes.ask_consent(message.thread.customer, message.thread.address)
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(tried_again=True)
        outbox.supersede(**_call_of(message))
        return replying.reply(
            message.thread,
            message.content,
            key=uuid5(message.uuid, "again"),
            by=by,
            options=ReplyOptions.of(message),
        )


def take_over(message: Message, *, by: User) -> bool:
    """It goes out by the sign-in of `by`; False for one that may have left. Raises NotConnected."""
    connection = connections.for_user(by)
    with transaction.atomic():
        if not outbox.carry_by(connection, **_call_of(message)):
            return False
        Message.objects.filter(pk=message.pk).update(sent_by=None if by == message.created_by else by)
        _record(message, "reply.taken_over", by=by)
    return True


def cancel(message: Message, *, by: User) -> bool:
    """It never leaves, or is in doubt where a try may have been taken; also if somebody just said so. False
    while it is being sent, and once it was.
    """
    with transaction.atomic():
        if outbox.cancel_waiting(**_call_of(message)):
            withdraw(message)
        elif not outbox.give_up_in_doubt(**_call_of(message)):
            return _is_now(message, MessageState.CANCELLED, MessageState.UNCERTAIN)
        _record(message, "reply.cancelled", by=by)
    return True


def still_waits(message: Message) -> bool:
    """Nobody has sent or cancelled it since it was read."""
    return _is_now(message, MessageState.WAITING)


def withdraw(message: Message, why: str = "") -> None:
    """It never left: the list shows what was said before, and what it answered waits for us again."""
    replying.become(message, MessageState.WAITING, to=MessageState.CANCELLED, words=why)
    refresh_preview(message.thread)
    response_times.withdrawn(message)
    waits.again(message.thread)


def dismiss(message: Message, *, by: User) -> bool:
    """It needs nobody any more, though it did not arrive; False when somebody just decided otherwise."""
    with transaction.atomic():
        needing = Message.objects.needing_a_person().filter(pk=message.pk)
        if not needing.update(dismissed=True):
            return False
        outbox.supersede(**_call_of(message))
        _record(message, "reply.dismissed", by=by)
    return True


def _can_be_carried(message: Message, call: QueuedCall, *, by: User) -> bool:
    """By the sign-in of `by` where nothing can have been taken: who asked first may not reach the customer
    any more. Else by the one that asked, while it is active.

    Never into a discussion that is not the one of the thread any more.
    """
    if call.payload.get("discussion", message.thread.discussion_id) != message.thread.discussion_id:
        return False
    is_active, own = call.connection.state == ConnectionState.ACTIVE, Connection.objects.of(by)
    can_carry = own is not None and own.is_active and own != call.connection
    if is_active and not can_carry:
        return True
    return take_over(message, by=by) or is_active


def _is_now(message: Message, *states: MessageState) -> bool:
    return Message.objects.filter(pk=message.pk, state__in=states).exists()


def _call_of(message: Message) -> Any:
    return {"subject": message.thread, "request_id": replying.request_id_of(message)}


def _record(message: Message, verb: str, *, by: User) -> None:
    audit.record(actor=by, customer=message.thread.customer, verb=verb, subject=message.thread)
    tell(message.thread)
