"""The calls that carry what we say to one person; with the same RequestId twice it is one message."""

from gateway import outbox
from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.outbox import Handler, QueuedCall, handles
from gateway.types import Sent, SmsMessage, TemplateMessage
from messaging.inbox import decisions, receiving, replying, routes
from messaging.inbox.models import Message
from messaging.inbox.rules import answers

UNKNOWN_PARENT = (
    "SmartDialog does not know the message that this answers, so it was not sent. Ask Arena which id of a "
    "message an answer has to name."
)


class _Answer(Handler):
    holds_place_until_due = False
    silent_result = Sent("", None, [])

    def done(self, call: QueuedCall, result: Sent) -> None:
        replying.mark_sent(_message(call), result.message_id)

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
            _ask_consent(call)
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
        replying.mark_failed(_message(call), UNKNOWN_PARENT if error.status == 404 else error.text)


class _Unasked(_Answer):
    def before_try(self, call: QueuedCall) -> None:
        _ask_consent(call)


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
class SendTemplate(_Unasked):
    endpoint = "SendWhatsappTemplateMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.send_template(
            customer=payload["customer"],
            service=payload["service"],
            message=TemplateMessage.from_json(payload["template"]),
        )


def _ask_consent(call: QueuedCall) -> None:
    """Nobody waits for it just now: who says no while it waits does not get it."""
    message = _message(call)
    if why := routes.may_not_get(call.customer, message.thread.address):
        _drop(call, message, why)


def _drop(call: QueuedCall, message: Message, why: str) -> None:
    if outbox.rebuild(lambda _: None, tried=True, request_id=call.request_id).dropped:
        decisions.withdraw(message, why)


def _message(call: QueuedCall) -> Message:
    return Message.objects.select_related("thread__customer").get(pk=call.payload["message"])
