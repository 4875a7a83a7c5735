"""The calls that carry what we say to one person; with the same RequestId twice it is one message."""

from datetime import timedelta

from gateway import clock, outbox
from gateway.outbox import Handler, QueuedCall, handles
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import Sent, SmsMessage, TemplateMessage
from messaging.inbox.incoming import receiving
from messaging.inbox.models import Message
from messaging.inbox.replies import decisions, discussions, replying, routes
from messaging.inbox.rules import answers

UNKNOWN_PARENT = (
    "SmartDialog does not know the message that this answers, so it was not sent. Ask Arena which id of a "
    "message an answer has to name."
)
UNKNOWN_DISCUSSION = (
    "SmartDialog does not know the discussion that is linked here, so it was not sent. Correct the link "
    "beside the person, or take it off, and try again."
)
WENT_ELSEWHERE = (
    "SmartDialog sent it to another number: the discussion that was linked here is with somebody else. The "
    "link is off now. Try again, and it goes to this person."
)
ASK_FIRST = (
    "They may have asked for no more messages, so it was not sent. Say first whether they did; then try "
    "again or dismiss it."
)
TOO_LATE = (
    "Its time went by more than an hour before it could go out, so it was not sent. Try again if it still "
    "holds, or dismiss it."
)
PERHAPS_THE_FILE = "It may be for the file: send the text without it, or with the file’s address in the text."

LATE = timedelta(hours=1)  # after its time; what was said for then may not hold any more


class _Answer(Handler):
    holds_place_until_due = False
    silent_result = Sent("", None, [])

    def done(self, call: QueuedCall, result: Sent) -> None:
        message = _message(call)
        discussions.learn(message.thread, result.thread_id)
        replying.mark_sent(message, result.message_id)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        replying.mark_failed(_message(call), error.text)

    def uncertain(self, call: QueuedCall) -> None:
        replying.mark_uncertain(_message(call), call.reason_text)

    def delayed(self, call: QueuedCall) -> None:
        message = _message(call)
        replying.was_reported(message)
        receiving.tell(message.thread)


@handles(replying.REPLY)
class SendReply(_Answer):
    endpoint = "SendReplyMessage"

    def before_try(self, call: QueuedCall) -> None:
        message = _message(call)
        if message.send_at:
            _ask_leave(call)
        elif why := answers.outdated(message):
            _drop(call, message, why)

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.reply_to_message(
            customer=payload["customer"],
            service=payload["service"],
            parent=payload["parent"],
            message=SmsMessage.from_json(payload["sms"]),
        )

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        message = _message(call)
        words = f"{error.text} {PERHAPS_THE_FILE}" if message.attachments else error.text
        replying.mark_failed(message, UNKNOWN_PARENT if error.status == 404 else words)


@handles(replying.DISCUSSION)
class SendInDiscussion(SendReply):
    """It has no RequestId, and no report tells what became of it."""

    endpoint = "SendDiscussionReplyMessage"

    def before_try(self, call: QueuedCall) -> None:
        if _message(call).thread.messages.received().exists():
            super().before_try(call)
        else:
            _ask_leave(call)

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.reply_to_discussion(
            customer=payload["customer"], thread=payload["discussion"], content=payload["content"]
        )

    def done(self, call: QueuedCall, result: Sent) -> None:
        message = _message(call)
        if discussions.is_elsewhere(message.thread, result):
            if message.thread.discussion_id == call.payload["discussion"]:
                discussions.unlink(message.thread)
            replying.mark_failed(message, WENT_ELSEWHERE)
        else:
            super().done(call, result)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        replying.mark_failed(_message(call), UNKNOWN_DISCUSSION if error.status == 404 else error.text)


class _Unasked(_Answer):
    def before_try(self, call: QueuedCall) -> None:
        _ask_leave(call)


@handles(replying.FIRST)
class SendFirst(_Unasked):
    endpoint = "SendMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.send_message(
            customer=payload["customer"],
            service=payload["service"],
            message=SmsMessage.from_json(payload["sms"]),
        )


@handles(replying.TEMPLATE)
class AnswerByTemplate(_Unasked):
    endpoint = "SendWhatsappTemplateMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.send_template(
            customer=payload["customer"],
            service=payload["service"],
            message=TemplateMessage.from_json(payload["template"]),
        )


def _ask_leave(call: QueuedCall) -> None:
    """Nobody waits for it just now: who says no while it waits does not get it. Where they may have said so,
    or its time has gone by, a person decides first.
    """
    message = _message(call)
    why = routes.may_not_get(call.customer, message.thread.address)
    if why == routes.MAY_HAVE_OPTED_OUT:
        _ask(call, message, ASK_FIRST)
    elif why:
        _drop(call, message, why)
    elif _is_late(call, message):
        _ask(call, message, TOO_LATE)


def _is_late(call: QueuedCall, message: Message) -> bool:
    """Before its first try, and unless somebody took it over, who saw when it was for."""
    if call.attempts or message.sent_by_id or message.send_at is None:
        return False
    return clock.now() - message.send_at > LATE


def _ask(call: QueuedCall, message: Message, words: str) -> None:
    if _is_dropped(call):
        replying.mark_failed(message, words)


def _drop(call: QueuedCall, message: Message, why: str) -> None:
    if _is_dropped(call):
        decisions.withdraw(message, why)


def _is_dropped(call: QueuedCall) -> bool:
    """False for one that may have been taken: it keeps its bytes."""
    return bool(outbox.rebuild(lambda _: None, tried=True, request_id=call.request_id).dropped)


def _message(call: QueuedCall) -> Message:
    return Message.objects.select_related("thread__customer").get(pk=call.payload["message"])
