"""Delivery reports (DLRs): late, twice or out of order, the best that was ever said stands."""

from django.db.models import QuerySet
from django.utils import timezone

from accounts.params import int_param
from contacts.text.answered_numbers import in_full
from gateway import hooks, live
from gateway.hooks import DeliveryReport, DeliveryStatus, ParkEvent
from gateway.models import HookEvent, HookKind
from messaging.campaigns.models import Recipient, RecipientState

STATE_BY_STATUS = {
    DeliveryStatus.DELIVERED: RecipientState.DELIVERED,
    DeliveryStatus.BUFFERED: RecipientState.ACCEPTED,
    DeliveryStatus.FAILED: RecipientState.FAILED,
    DeliveryStatus.EXPIRED: RecipientState.FAILED,
    DeliveryStatus.REJECTED: RecipientState.FAILED,
}
RANK = {
    RecipientState.SKIPPED: 0,
    RecipientState.PLANNED: 0,
    RecipientState.UNCERTAIN: 1,
    RecipientState.ACCEPTED: 2,
    RecipientState.FAILED: 3,
    RecipientState.DELIVERED: 4,
}
FAILURE_TEXTS = {
    DeliveryStatus.FAILED: "It could not be delivered",
    DeliveryStatus.EXPIRED: "The phone was not reached in time",
    DeliveryStatus.REJECTED: "The network rejected it",
}


@hooks.event_handler(HookKind.DELIVERY, "campaigns.recipients")
def take_report(event: HookEvent, report: DeliveryReport) -> bool:
    """Whether it is about a campaign's recipient. One that is, but whom we do not know yet, is parked."""
    recipient = _find(event, report)
    if recipient is None:
        if "c" in report.query:
            raise ParkEvent
        return False
    state = STATE_BY_STATUS.get(report.status)
    if state is not None:
        _promote(recipient, state, report)
    return True


def _find(event: HookEvent, report: DeliveryReport) -> Recipient | None:
    """By its id, or, before the answer that gave the id is stored, by campaign and number.

    The plus of a number is a space where it came unencoded, and missing at sibling gateways.
    """
    own = Recipient.objects.filter(campaign__customer=event.subscription.customer_id)
    own = own.select_related("campaign__customer")
    if report.recipient_id and (known := own.filter(remote_id=report.recipient_id).first()):
        return known
    campaign = int_param(report.query.get("c"))
    if not (campaign and report.address):
        return None
    return own.filter(campaign=campaign, phone=in_full(report.address)).first()


def _promote(recipient: Recipient, state: RecipientState, report: DeliveryReport) -> None:
    """Change the state unless something better, or the same, is known: its rank is monotonic."""
    if report.recipient_id and not recipient.remote_id:
        _row(recipient).filter(remote_id="").update(remote_id=report.recipient_id[:100])
    lower = [each for each, rank in RANK.items() if rank < RANK[state]]
    if (
        _row(recipient)
        .filter(state__in=lower)
        .update(state=state, reason=_reason(report), settled_at=report.timestamp or timezone.now())
    ):
        live.announce(recipient.campaign.customer, recipient.campaign.topic)


def _row(recipient: Recipient) -> QuerySet[Recipient]:
    return Recipient.objects.filter(pk=recipient.pk)


def _reason(report: DeliveryReport) -> str:
    words = FAILURE_TEXTS.get(report.status)
    if words is None:
        return ""
    return f"{words} ({report.error_code})."[:300] if report.error_code else f"{words}."
