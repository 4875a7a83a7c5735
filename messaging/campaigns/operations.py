"""What the campaign operations call, and what their answers mean for the recipients."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from gateway import live
from gateway.api import SmartDialog
from gateway.errors import GatewayError, Refused
from gateway.models import Operation, OperationState
from gateway.outbox import Handler, handles
from gateway.types import Sent, SmsMessage, TemplateMessage
from messaging.campaigns import calls, sending
from messaging.campaigns.models import Campaign, Recipient, RecipientState

ACCEPTED_EARLIER = "Accepted on an earlier try."
NO_ID = "SmartDialog took the call but said nothing of this number. It may have been sent."
OPEN_STATES = [RecipientState.PLANNED, RecipientState.UNCERTAIN, RecipientState.FAILED]


class _CampaignHandler(Handler):
    """A send carries a RequestId and the same bytes each time, so it may be repeated."""

    def done(self, operation: Operation, result: Sent) -> None:
        accept(operation, result)
        _finish_campaign(operation)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        if isinstance(error, Refused) and error.already_sent:
            Operation.objects.filter(pk=operation.pk).update(
                state=OperationState.DONE, error_text=ACCEPTED_EARLIER
            )
            _settle(_unreported(operation), RecipientState.ACCEPTED, ACCEPTED_EARLIER)
        else:
            _settle(_unreported(operation), RecipientState.FAILED, error.text)
        _finish_campaign(operation)

    def uncertain(self, operation: Operation) -> None:
        _settle(_unreported(operation), RecipientState.UNCERTAIN, operation.error_text)
        _finish_campaign(operation)


class _SmsCall(Handler):
    endpoint = "SendMessage"

    def call(self, api: SmartDialog, operation: Operation) -> Sent:
        return api.send_message(
            **_customer_and_service(operation), message=SmsMessage.from_json(operation.payload["message"])
        )


class _TemplateCall(Handler):
    endpoint = "SendWhatsappTemplateMessage"

    def call(self, api: SmartDialog, operation: Operation) -> Sent:
        message = TemplateMessage.from_json(operation.payload["message"])
        return api.send_template(**_customer_and_service(operation), message=message)


@handles(calls.SEND_SMS)
class SendSms(_SmsCall, _CampaignHandler):
    pass


@handles(calls.SEND_TEMPLATE)
class SendTemplate(_TemplateCall, _CampaignHandler):
    pass


class _TestHandler(Handler):
    """A test to one number: its operation is its own record."""

    def done(self, operation: Operation, result: Any) -> None:
        _announce(operation)

    def refused(self, operation: Operation, error: GatewayError) -> None:
        _announce(operation)

    def uncertain(self, operation: Operation) -> None:
        _announce(operation)


@handles(calls.TEST_SMS)
class SendTestSms(_SmsCall, _TestHandler):
    pass


@handles(calls.TEST_TEMPLATE)
class SendTestTemplate(_TemplateCall, _TestHandler):
    pass


def accept(operation: Operation, sent: Sent) -> None:
    """Give each recipient its id; who is not in the answer is uncertain, never accepted.

    A repeated call may be answered with the first one's message and no recipients at all: then all
    were accepted before.
    """
    if not sent.recipients and operation.attempts > 1:
        _settle(_unreported(operation), RecipientState.ACCEPTED, ACCEPTED_EARLIER)
        return
    ids = {one.address: one.id for one in sent.recipients}
    _unreported(operation).update(
        settled_at=timezone.now()
    )  # holds the rows: a report waits for this outcome
    changed = list(_unreported(operation))
    for recipient in changed:
        recipient.remote_id = ids.get(recipient.phone, "")
        recipient.state = RecipientState.ACCEPTED if recipient.remote_id else RecipientState.UNCERTAIN
        recipient.reason = "" if recipient.remote_id else NO_ID
    Recipient.objects.bulk_update(changed, ["remote_id", "state", "reason"], batch_size=200)


def _unreported(operation: Operation) -> QuerySet[Recipient]:
    """The call's recipients, but for those whom a delivery report has already settled."""
    return Recipient.objects.filter(
        campaign=operation.payload["campaign"],
        batch=operation.payload["number"],
        state__in=OPEN_STATES,
        remote_id="",
    )


def _settle(recipients: QuerySet[Recipient], state: RecipientState, reason: str) -> None:
    recipients.update(state=state, reason=reason[:300], settled_at=timezone.now())


def _finish_campaign(operation: Operation) -> None:
    campaign = Campaign.objects.select_related("customer").get(pk=operation.payload["campaign"])
    sending.finish(campaign)
    live.announce(campaign.customer, campaign.topic)


def _announce(operation: Operation) -> None:
    assert operation.customer
    live.announce(operation.customer, f"campaign:{operation.payload['campaign']}")


def _customer_and_service(operation: Operation) -> dict[str, str]:
    return {"customer": operation.payload["customer"], "service": operation.payload["service"]}
