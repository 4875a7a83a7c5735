"""Answers to people: written here, carried by the outbox, shown with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from gateway import clock, hooks, outbox
from gateway.hooks import DeliveryReport, DeliveryStatus
from gateway.models import Connection, Lane
from gateway.sign_in import connections
from gateway.smartdialog import quirks
from gateway.smartdialog.types import SmsMessage, TakenRecipient, TemplateMessage
from messaging.campaigns.wording import attachments
from messaging.inbox.incoming.receiving import refresh_preview, tell, tell_state
from messaging.inbox.models import Direction, Message, MessageState, Thread, ThreadState
from messaging.inbox.replies import drafts
from messaging.inbox.replies.routes import CannotReply, Route, reply_route, template_route
from messaging.inbox.search.words import kept_words
from messaging.inbox.threads import waits
from messaging.inbox.threads.person import held_threads_of
from messaging.whatsapp.models import Template
from messaging.whatsapp.submission import approval, failures

REPLY, FIRST, TEMPLATE, DISCUSSION = "inbox.reply", "inbox.first", "inbox.template", "inbox.discussion"
KINDS = [REPLY, FIRST, TEMPLATE, DISCUSSION]

IN_DOUBT = [MessageState.WAITING, MessageState.UNCERTAIN]
NOT_TAKEN = [*IN_DOUBT, MessageState.FAILED]  # as far as we know: its call may be tried again in Settings
REPORTED = [*NOT_TAKEN, MessageState.SENT]
SENT_BEFORE = "An earlier version of this answer has been sent: it stands above. Nothing more was sent."
TWICE = "They may have got it twice."
FAILURE_TEXTS = {
    DeliveryStatus.FAILED: "The phone network could not deliver it.",
    DeliveryStatus.EXPIRED: "The phone could not be reached in time.",
    DeliveryStatus.REJECTED: "The phone network rejected it.",
}


@dataclass(frozen=True)
class ReplyOptions:
    """How an answer goes out that is more than a text which somebody sends now.

    `template`: the text is its, filled with `values`. `attachment`: the address of a file that goes along.
    `send_at`: not before that time. `automatic`: nobody wrote it.
    """

    template: Template | None = None
    values: Sequence[str] = ()
    attachment: str = ""
    send_at: datetime | None = None
    automatic: bool = False

    @classmethod
    def of(cls, message: Message) -> "ReplyOptions":
        """To say the same once more, now."""
        return cls(template=message.template, values=message.values, attachment=message.attachment)

    @property
    def fields(self) -> dict[str, Any]:
        """As a message keeps them."""
        return {
            "template": self.template,
            "values": list(self.values),
            "attachments": [attachments.kept(self.attachment)] if self.attachment else [],
            "send_at": self.send_at,
            "automatic": self.automatic,
        }


PLAIN, BY_ITSELF = ReplyOptions(), ReplyOptions(automatic=True)


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
    seen: int | None = None,
    options: ReplyOptions = PLAIN,
) -> Message:
    """Show the answer at once as being sent, and queue its call; the same `key` is the same answer.

    It goes out by the sign-in of `by`. In a thread in which nobody has written to us, it is a first message.
    `seen`: the key of the last message that they had read when they wrote it; what came after it goes on
    waiting, unless they have read that since. None: all that there is in the thread.

    Raises CannotReply, AnsweredMeanwhile, or NotConnected when `by` has no SmartDialog sign-in.
    """
    connection = connections.for_user(by)
    route = template_route(thread) if options.template else reply_route(thread, at=options.send_at)
    if options.attachment and route.why_no_file:
        raise CannotReply(route.why_no_file)
    try:
        with transaction.atomic():
            if seen is not None:
                _ask_where_answered(thread, seen=seen, key=key, by=by)
            message = _create_message(
                thread, content, key=key, by=by, protocol=route.protocol, **options.fields
            )
            if not options.automatic:
                waits.end(message, seen=seen, by=by)
            _enqueue(message, route, connection=connection, by=by)
            actor, verb = (None, "reply.automatic") if options.automatic else (by, "reply.written")
            audit.record(actor=actor, customer=thread.customer, verb=verb, subject=thread)
            drafts.forget(thread, content, key=key, of=by)
            tell(thread)
    except IntegrityError as error:
        return _written_before(thread, (content, options.attachment), key, error)
    return message


def mark_sent(message: Message, remote_id: str) -> None:
    """SmartDialog took it; a delivery report that was faster stands."""
    unreported = Message.objects.filter(pk=message.pk, reported_at=None)
    move(unreported, *NOT_TAKEN, to=MessageState.SENT, error_text="")
    if remote_id:
        Message.objects.filter(pk=message.pk).update(remote_id=remote_id[:500])
    _tell_arrival(message)


def mark_failed(message: Message, words: str) -> None:
    code = failures.code_in(words)
    words = f"{failures.explain(code)} ({code})" if code else words
    become(message, *NOT_TAKEN, to=MessageState.FAILED, words=words)
    _judge_template(message, code)


def mark_uncertain(message: Message, words: str) -> None:
    if not was_reported(message):
        become(message, *NOT_TAKEN, to=MessageState.UNCERTAIN, words=words)


def become(message: Message, *before: MessageState, to: MessageState, words: str = "", **fields: Any) -> None:
    """What a phone is known to have stays delivered, whatever its call came to."""
    move(Message.objects.filter(pk=message.pk), *before, to=to, error_text=words[:500], **fields)
    tell(message.thread)


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
    own, now = Message.objects.filter(pk=message.pk), clock.now()
    was_there = message.state == MessageState.DELIVERED
    is_there = report.status == DeliveryStatus.DELIVERED or (twice and was_there)
    if is_there:
        rows = own if twice else own.exclude(state=MessageState.DELIVERED)
        said = {"error_text": TWICE if twice else "", "reported_at": now}
        moved = move(rows, *REPORTED, MessageState.DELIVERED, to=MessageState.DELIVERED, **said)
    elif report.status in FAILURE_TEXTS:
        words = _with_code(FAILURE_TEXTS[report.status], report.error_code)
        moved = move(own, *REPORTED, to=MessageState.FAILED, error_text=words, reported_at=now)
    else:
        return
    if moved:
        _judge_template(message, report.error_code, is_delivered=is_there)
        _tell_arrival(message) if is_there else tell(message.thread)


def _tell_arrival(message: Message) -> None:
    """The list says which threads have an answer that somebody has to look at: this one may, no more."""
    if message.needs_a_person:
        tell(message.thread)
    else:
        tell_state(message)


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


def _written_before(thread: Thread, said: tuple[str, str], key: UUID, error: IntegrityError) -> Message:
    """What came of the same form. Raises CannotReply where it did not say that text with that file."""
    written = thread.messages.filter(uuid=key).first()
    if written is None:
        raise CannotReply("This page is too old to answer from. Open the conversation again.") from error
    if (written.content, written.attachment) != said:
        raise CannotReply(SENT_BEFORE) from error
    return written


def _ask_where_answered(thread: Thread, *, seen: int, key: UUID, by: User) -> None:
    """All threads with the person are ours until the commit: of two who send at once, one is asked, by
    AnsweredMeanwhile, wherever the other wrote.
    """
    threads = held_threads_of(thread)
    if thread.messages.filter(uuid=key).exists():
        return
    ours = Message.objects.filter(thread__in=threads, direction=Direction.OUT, automatic=False)
    later = ours.filter(pk__gt=seen)
    other = later.exclude(created_by=by).select_related("created_by").latest_first().first()
    if other is not None:
        raise AnsweredMeanwhile(other)


def _create_message(thread: Thread, content: str, *, key: UUID, by: User, **fields: Any) -> Message:
    """Below all that was said, though SmartDialog's clock be ahead of ours."""
    now = clock.now()
    latest = thread.messages.latest_first().first()
    message = Message.objects.create(
        uuid=key,
        thread=thread,
        direction=Direction.OUT,
        content=content,
        search_text=kept_words(thread.customer_id, content),
        at=max(now, latest.at + timedelta(microseconds=1)) if latest else now,
        received_at=now,
        state=MessageState.WAITING,
        created_by=by,
        **fields,
    )
    move(Thread.objects.filter(pk=thread.pk), *ThreadState, to=ThreadState.OPEN, snoozed_until=None)
    refresh_preview(thread)
    return message


def _enqueue(message: Message, route: Route, *, connection: Connection, by: User) -> None:
    thread, request_id = message.thread, request_id_of(message)
    call = outbox.add(
        connection=connection,
        customer=thread.customer,
        kind=_kind_of(message, route),
        lane=Lane.INTERACTIVE,
        due_at=message.send_at,
        subject=thread,
        request_id=request_id,
        payload={"message": message.pk, "customer": thread.customer.remote_id, **_request(message, route)},
        by=by,
    )
    message.operation_id = call.id
    message.save(update_fields=["operation"])


def _kind_of(message: Message, route: Route) -> str:
    if message.template:
        return TEMPLATE
    if route.discussion:
        return DISCUSSION
    return REPLY if route.parent else FIRST


def _request(message: Message, route: Route) -> dict[str, Any]:
    """What its call says, by the names that its handler knows."""
    if route.discussion:
        return {"discussion": route.discussion, "content": message.content}
    return {
        "service": route.service.remote_id,
        "parent": route.parent.remote_id if route.parent else "",
        "template" if message.template else "sms": _wire_message(message, route).to_json(),
    }


def _wire_message(message: Message, route: Route) -> SmsMessage | TemplateMessage:
    address, request_id = message.thread.address, request_id_of(message)
    dlr_url = hooks.dlr_url(message.thread.customer, reply=str(message.uuid))
    if message.template:
        return TemplateMessage(
            template=message.template.remote_id,
            recipients=[address],
            body_parameters=message.values,
            attachment_uri=message.attachment,
            request_id=request_id,
            dlr_url=dlr_url,
        )
    return SmsMessage(
        sender=route.sender,
        content=message.content,
        recipients=[TakenRecipient(address)],
        request_id=request_id,
        dlr_url=dlr_url,
        ad_message=False,
        attachment_uri=message.attachment,
    )


def _judge_template(message: Message, code: str, *, is_delivered: bool = False) -> None:
    """One that arrived shows that its template is approved; a code may show that it is not."""
    if message.template_id and is_delivered:
        approval.infer_from_delivery(message.template_id, message.at)
    elif message.template_id:
        approval.infer_from_failure(message.template_id, code)


def _with_code(words: str, code: str) -> str:
    """What WhatsApp's code means and what to do, where it is one of its own."""
    meant = failures.explain(code)
    if meant:
        return f"{meant} ({code})"
    return f"{words} Code {code[:40]}." if code else words
