"""The call that carries an answer. It bears a RequestId: the same one twice is one message."""

from gateway.api import SmartDialog
from gateway.errors import GatewayError, Refused
from gateway.models import Operation, OperationState
from gateway.outbox import Handler, handles
from gateway.types import Sent, SmsMessage
from messaging.inbox import replying
from messaging.inbox.models import Message


@handles(replying.REPLY)
class SendReply(Handler):
    endpoint = "SendReplyMessage"

    def call(self, api: SmartDialog, operation: Operation) -> Sent:
        payload = operation.payload
        return api.reply_to_message(
            customer=payload["customer"],
            service=payload["service"],
            parent=payload["parent"],
            message=SmsMessage.from_json(payload["sms"]),
        )

    def done(self, operation: Operation, result: Sent) -> None:
        replying.mark_sent(_message(operation), result.message_id)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if isinstance(error, Refused) and error.already_sent:
            _close(operation)
            replying.mark_sent(_message(operation), "")
        else:
            replying.mark_failed(_message(operation), error.text)

    def uncertain(self, operation: Operation) -> None:
        replying.mark_uncertain(_message(operation), operation.error_text)


def _close(operation: Operation) -> None:
    """A refusal that nobody has to mend: an earlier try had been taken."""
    Operation.objects.filter(pk=operation.pk).update(
        state=OperationState.DONE, error_text="SmartDialog had it already."
    )


def _message(operation: Operation) -> Message:
    return Message.objects.select_related("thread__customer").get(pk=operation.payload["message"])
