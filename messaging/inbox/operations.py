"""The call that carries an answer. It bears a RequestId: the same one twice is one message."""

from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.outbox import Handler, QueuedCall, handles
from gateway.types import Sent, SmsMessage
from messaging.inbox import receiving, replying
from messaging.inbox.models import Message

UNKNOWN_PARENT = (
    "SmartDialog does not know the message that this answers, so it was not sent. Ask Arena which id of a "
    "message an answer has to name."
)


@handles(replying.REPLY)
class SendReply(Handler):
    endpoint = "SendReplyMessage"
    silent_result = Sent("", None, [])

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        payload = call.payload
        return api.reply_to_message(
            customer=payload["customer"],
            service=payload["service"],
            parent=payload["parent"],
            message=SmsMessage.from_json(payload["sms"]),
        )

    def done(self, call: QueuedCall, result: Sent) -> None:
        replying.mark_sent(_message(call), result.message_id)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        replying.mark_failed(_message(call), UNKNOWN_PARENT if error.status == 404 else error.text)

    def uncertain(self, call: QueuedCall) -> None:
        replying.mark_uncertain(_message(call), call.reason_text)

    def delayed(self, call: QueuedCall) -> None:
        message = _message(call)
        replying.was_reported(message)
        receiving.tell(message.thread)


def _message(call: QueuedCall) -> Message:
    return Message.objects.select_related("thread__customer").get(pk=call.payload["message"])
