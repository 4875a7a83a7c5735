"""Answers to people: written here, carried by the outbox, shown with what became of them."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts import audit
from accounts.errors import UserError
from accounts.models import User
from gateway import connections, hooks, outbox, quirks
from gateway.hooks import DeliveryReport, DeliveryStatus
from gateway.models import Connection, Service
from gateway.types import Recipient, SmsMessage
from messaging.inbox.addresses import can_be_answered
from messaging.inbox.models import Direction, Message, MessageState, Thread, ThreadState
from messaging.inbox.receiving import refresh_preview, tell
from messaging.inbox.search.words import kept_words

REPLY = "inbox.reply"

IN_DOUBT = [MessageState.WAITING, MessageState.UNCERTAIN]
TWICE = "They may have got it twice."
FAILURE_TEXTS = {
    DeliveryStatus.FAILED: "The phone network could not deliver it.",
    DeliveryStatus.EXPIRED: "The phone could not be reached in time.",
    DeliveryStatus.REJECTED: "The phone network rejected it.",
}


class CannotReply(UserError):
    """`text` says why, and what would have to change."""


def reply_route(thread: Thread) -> tuple[Service, Message]:
    """The service that an answer goes through, and the message it answers. Raises CannotReply."""
    if not thread.our_address or not can_be_answered(thread.address):
        raise CannotReply("This sender takes no answers: it is a short code, a name or a hidden number.")
    service = Service.objects.of_customer(thread.customer).replying().offered().first()
    if service is None:
        raise CannotReply(
            "SmartDialog lists no service that may answer messages. Ask Arena to allow replies on one, "
            "then read the services again in Settings."
        )
    parent = thread.messages.received().exclude(remote_id="").latest_first().first()
    if parent is None:
        raise CannotReply(
            "SmartDialog gave no id with this person’s messages, so they cannot be answered from here."
        )
    return service, parent


class AnsweredMeanwhile(CannotReply):
    """A colleague did, since this page was read: the person reads that, and sends theirs again or not."""

    def __init__(self, other: Message) -> None:
        self.other = other
        words = " ".join(other.content.split())[:200]
        super().__init__(
            f"{other.created_by or 'A colleague'} answered meanwhile: “{words}” Yours is not sent yet. "
            "Send it again if they should get both."
        )


def reply(
    thread: Thread,
    content: str,
    *,
    key: UUID,
    by: User,
    automatic: bool = False,
    seen: int | None = None,
) -> Message:
    """Show the answer at once as being sent, and queue its call; the same `key` is the same answer.

    `automatic`: nobody wrote it; it goes out by the sign-in of `by`. `seen`: the key of the last message that
    they had read when they wrote it.

    Raises CannotReply, AnsweredMeanwhile, or NotConnected when `by` has no SmartDialog sign-in.
    """
    connection = connections.for_user(by)
    reply_route(thread)
    try:
        with transaction.atomic():
            if seen is not None:
                _ask_where_answered(thread, seen=seen, key=key, by=by)
            message = _create_message(thread, content, key=key, by=by, automatic=automatic)
            _enqueue(message, connection=connection, by=by)
            actor, verb = (None, "reply.automatic") if automatic else (by, "reply.written")
            audit.record(actor=actor, customer=thread.customer, verb=verb, subject=thread)
            tell(thread)
    except IntegrityError as error:
        written = thread.messages.filter(uuid=key).first()
        if written is None:
            raise CannotReply("This page is too old to answer from. Open the thread again.") from error
        return written
    return message


def try_again(message: Message, *, by: User) -> Message:
    """Send again what failed or may have been sent: a person's decision.

    What SmartDialog refused is the same call once more, with its RequestId; what it took and could not
    deliver is a new answer.
    """
    call = outbox.call_of(message.operation)
    if call and call.needs_a_person:
        with transaction.atomic():
            if outbox.retry(call, by=by):
                _set_state(message, MessageState.WAITING, reported_at=None)
        return message
    with transaction.atomic():
        Message.objects.filter(pk=message.pk).update(tried_again=True)
        return reply(message.thread, message.content, key=uuid5(message.uuid, "again"), by=by)


def mark_sent(message: Message, remote_id: str) -> None:
    """SmartDialog took it; a delivery report that was faster stands."""
    unreported = Message.objects.filter(pk=message.pk, reported_at=None)
    unreported.update(state=MessageState.SENT, error_text="")
    if remote_id:
        Message.objects.filter(pk=message.pk).update(remote_id=remote_id)
    tell(message.thread)


def mark_failed(message: Message, words: str) -> None:
    _set_state(message, MessageState.FAILED, words)


def mark_uncertain(message: Message, words: str) -> None:
    if not was_reported(message):
        _set_state(message, MessageState.UNCERTAIN, words)


def was_reported(message: Message) -> bool:
    """Whether a report came while its call was in flight: then it was taken, and is in no doubt."""
    if not Message.objects.filter(pk=message.pk).exclude(reported_at=None).exists():
        return False
    outbox.confirm(subject=message.thread, request_id=request_id_of(message))
    return True


def apply_report(message: Message, report: DeliveryReport) -> None:
    """A phone that has the message has it, whatever a later or an earlier report says."""
    if message.state in IN_DOUBT:
        outbox.confirm(subject=message.thread, request_id=request_id_of(message))
    twice = _is_second(message, report)
    rows = Message.objects.filter(pk=message.pk).exclude(state=MessageState.DELIVERED)
    if report.status == DeliveryStatus.DELIVERED or (twice and message.state == MessageState.DELIVERED):
        state, words = MessageState.DELIVERED, TWICE if twice else ""
    elif report.status in FAILURE_TEXTS:
        state, words = MessageState.FAILED, _with_code(FAILURE_TEXTS[report.status], report.error_code)
    else:
        return
    if twice:
        rows = Message.objects.filter(pk=message.pk)
    if rows.update(state=state, error_text=words, reported_at=timezone.now()):
        tell(message.thread)


def request_id_of(message: Message) -> str:
    return f"reply-{message.uuid}"


def _is_second(message: Message, report: DeliveryReport) -> bool:
    """Whether it is of a second message for the same RequestId, of a call that was made again."""
    own = Message.objects.filter(pk=message.pk)
    if not report.message_id or own.filter(remote_id="").update(remote_id=report.message_id[:500]):
        return False
    if report.message_id == message.remote_id:
        return False
    if not outbox.was_in_doubt(subject=message.thread, request_id=request_id_of(message)):
        return False
    quirks.learn(message.thread.customer, forgets_request_ids=True)
    return True


def _ask_where_answered(thread: Thread, *, seen: int, key: UUID, by: User) -> None:
    """The thread is ours until the commit: of two who send at once, one is asked, by AnsweredMeanwhile."""
    Thread.objects.filter(pk=thread.pk).update(state=F("state"))
    if thread.messages.filter(uuid=key).exists():
        return
    later = thread.messages.filter(direction=Direction.OUT, automatic=False, pk__gt=seen)
    other = later.exclude(created_by=by).select_related("created_by").latest_first().first()
    if other is not None:
        raise AnsweredMeanwhile(other)


def _create_message(thread: Thread, content: str, *, key: UUID, by: User, automatic: bool) -> Message:
    """Below all that was said, though SmartDialog's clock be ahead of ours."""
    now = timezone.now()
    latest = thread.messages.latest_first().first()
    message = Message.objects.create(
        uuid=key,
        thread=thread,
        direction=Direction.OUT,
        content=content,
        search_text=kept_words(thread.customer_id, content),
        protocol="SMS",
        at=max(now, latest.at + timedelta(microseconds=1)) if latest else now,
        received_at=now,
        state=MessageState.WAITING,
        created_by=by,
        automatic=automatic,
    )
    answered = {} if automatic else {"unanswered_since": None}
    Thread.objects.filter(pk=thread.pk).update(state=ThreadState.OPEN, snoozed_until=None, **answered)
    refresh_preview(thread)
    return message


def _enqueue(message: Message, *, connection: Connection, by: User) -> None:
    thread = message.thread
    service, parent = reply_route(thread)
    request_id = request_id_of(message)
    sms = SmsMessage(
        sender=thread.our_address,
        content=message.content,
        recipients=[Recipient(thread.address)],
        request_id=request_id,
        dlr_url=hooks.dlr_url(thread.customer, reply=str(message.uuid)),
        ad_message=False,
    )
    call = outbox.add(
        connection=connection,
        customer=thread.customer,
        kind=REPLY,
        subject=thread,
        request_id=request_id,
        payload={
            "message": message.pk,
            "customer": thread.customer.remote_id,
            "service": service.remote_id,
            "parent": parent.remote_id,
            "sms": sms.to_json(),
        },
        by=by,
    )
    message.operation_id = call.id
    message.save(update_fields=["operation"])


def _set_state(message: Message, state: MessageState, words: str = "", **fields: Any) -> None:
    """What a phone is known to have stays delivered, whatever its call came to."""
    rows = Message.objects.filter(pk=message.pk).exclude(state=MessageState.DELIVERED)
    rows.update(state=state, error_text=words[:500], **fields)
    tell(message.thread)


def _with_code(words: str, code: str) -> str:
    return f"{words} Code {code[:40]}." if code else words
