"""What becomes of a message on its way, decided by the last digits of the number."""

from dataclasses import dataclass

from sandbox.models import Message, Recipient

FAILING_SUFFIX = "0000"
WITHOUT_WHATSAPP_SUFFIX = "0001"


@dataclass(frozen=True)
class Outcome:
    state: Recipient.State
    error_code: str = ""
    as_sms: bool = False


def outcome(recipient: Recipient, *, sms_fallback: bool) -> Outcome:
    if recipient.address.endswith(FAILING_SUFFIX):
        return Outcome(Recipient.State.FAILED, "AbsentSubscriber")
    message = recipient.message
    if message.kind == Message.Kind.WHATSAPP and recipient.address.endswith(WITHOUT_WHATSAPP_SUFFIX):
        if sms_fallback and message.body.get("UseSmsFallback"):
            return Outcome(Recipient.State.DELIVERED, as_sms=True)
        return Outcome(Recipient.State.FAILED, "NotOnWhatsApp")
    return Outcome(Recipient.State.DELIVERED)
