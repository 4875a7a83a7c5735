"""What the campaign operations call, and what their answers mean for the recipients."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from gateway import clock
from gateway.live_updates import live
from gateway.outbox import Handler, QueuedCall, Reason, handles
from gateway.smartdialog import quirks
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.types import Sent, SmsMessage, TemplateMessage
from messaging.campaigns.dispatch import calls, last_look, sending, single_retries, splitting
from messaging.campaigns.models import OPEN_STATES, Campaign, Recipient, RecipientState
from messaging.campaigns.outcome import parts
from messaging.campaigns.reporting import delivery_reports, template_evidence
from messaging.campaigns.reporting.addresses import ids_by_phone
from messaging.whatsapp.submission import failures

ACCEPTED_EARLIER = Reason("accepted_earlier")
NO_ID = "SmartDialog took the call but said nothing of this number. It may have been sent."
SILENT = Sent("", None, [])


class _CampaignHandler(Handler):
    """A send carries a RequestId and the same bytes each time, so it may be repeated."""

    silent_result = SILENT
    retries_by_batch = True

    def before_try(self, call: QueuedCall) -> None:
        last_look.look(call)

    def before_retry(self, call: QueuedCall, *, by: User) -> None:
        single_retries.allow(call, by=by)

    def retry_batch(self, batch: str, *, by: User) -> int:
        return single_retries.retry_campaign(batch, by=by)

    def done(self, call: QueuedCall, result: Sent) -> None:
        accept(call, result)
        parts.add(call.payload["campaign"], call.payload["number"], reported=result.parts)
        splitting.learn(call)
        _finish_campaign(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        if not splitting.split(call, error):
            _settle(_unreported(call), RecipientState.FAILED, _reason(error.text))
            template_evidence.take_refusal(_said_by(call), error.text)
        _finish_campaign(call)

    def uncertain(self, call: QueuedCall) -> None:
        if not delivery_reports.was_faster(call):
            _settle(_unreported(call), RecipientState.UNCERTAIN, call.reason_text)
        _finish_campaign(call)

    def delayed(self, call: QueuedCall) -> None:
        if delivery_reports.was_faster(call):
            _finish_campaign(call)


class _SmsCall(Handler):
    endpoint = "SendMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        return api.send_message(
            **_customer_and_service(call), message=SmsMessage.from_json(call.payload["message"])
        )


class _TemplateCall(Handler):
    endpoint = "SendWhatsappTemplateMessage"

    def call(self, api: SmartDialog, call: QueuedCall) -> Sent:
        message = TemplateMessage.from_json(call.payload["message"])
        return api.send_template(**_customer_and_service(call), message=message)


@handles(calls.SEND_SMS)
class SendSms(_SmsCall, _CampaignHandler):
    pass


@handles(calls.SEND_TEMPLATE)
class SendTemplate(_TemplateCall, _CampaignHandler):
    pass


class _TestHandler(Handler):
    """A test to one number: its operation is its own record."""

    def done(self, call: QueuedCall, result: Any) -> None:
        _announce(call)

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        _announce(call)

    def uncertain(self, call: QueuedCall) -> None:
        _announce(call)


@handles(calls.TEST_SMS)
class SendTestSms(_SmsCall, _TestHandler):
    pass


@handles(calls.TEST_TEMPLATE)
class SendTestTemplate(_TemplateCall, _TestHandler):
    pass


def accept(call: QueuedCall, sent: Sent) -> None:
    """Give each recipient its id; who is not in the answer is uncertain, never accepted.

    A repeated call may be answered with the first one's message and no recipients at all: then all
    were accepted before.
    """
    if not sent.recipients and (call.attempts > 1 or not sent.message_id):
        _settle(_unreported(call), RecipientState.ACCEPTED, ACCEPTED_EARLIER.text)
        return
    _unreported(call).update(settled_at=clock.now())  # holds the rows: a report waits for this outcome
    changed = list(_unreported(call))
    quirks.has_taken(call.customer, len(sent.recipients))
    ids = ids_by_phone({recipient.phone for recipient in changed}, sent.recipients)
    for recipient in changed:
        recipient.remote_id = ids.get(recipient.phone, "")
        recipient.state = RecipientState.ACCEPTED if recipient.remote_id else RecipientState.UNCERTAIN
        recipient.reason = "" if recipient.remote_id else NO_ID
    Recipient.objects.bulk_update(changed, ["remote_id", "state", "reason"], batch_size=200)


def _unreported(call: QueuedCall) -> QuerySet[Recipient]:
    """The call's recipients, but for those whom a delivery report has already settled."""
    return Recipient.objects.filter(
        campaign=call.payload["campaign"],
        batch=call.payload["number"],
        state__in=OPEN_STATES,
        remote_id="",
    )


def _settle(recipients: QuerySet[Recipient], state: RecipientState, reason: str) -> None:
    recipients.update(state=state, reason=reason[:300], settled_at=clock.now())


def _finish_campaign(call: QueuedCall) -> None:
    campaign = _campaign(call)
    sending.finish(campaign)
    live.announce(campaign.customer, campaign.topic)


def _campaign(call: QueuedCall) -> Campaign:
    return Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])


def _said_by(call: QueuedCall) -> Campaign:
    """The campaign, saying what the call does."""
    campaign = _campaign(call)
    people = campaign.recipients.filter(batch=call.payload["number"])
    return campaign.saying(people.values_list("wording", flat=True).first())


def _reason(text: str) -> str:
    """SmartDialog's words, or what WhatsApp's code in them means and what to do."""
    code = failures.code_in(text)
    return f"{failures.explain(code)} ({code})" if code else text


def _announce(call: QueuedCall) -> None:
    live.announce(call.customer, f"campaign:{call.payload['campaign']}")


def _customer_and_service(call: QueuedCall) -> dict[str, str]:
    return {"customer": call.payload["customer"], "service": call.payload["service"]}
