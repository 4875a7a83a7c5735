"""Delivery reports (DLRs): late, twice or out of order, the best that was ever said stands."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.params import int_param
from contacts.text.answered_numbers import ends_like, in_full
from gateway import hooks, live, outbox, quirks
from gateway.hooks import DeliveryReport, DeliveryStatus, ParkEvent
from gateway.models import HookEvent, HookKind
from gateway.outbox import QueuedCall
from messaging.campaigns import template_evidence
from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.whatsapp import failures

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
TAKEN_STATES = [RecipientState.ACCEPTED, RecipientState.DELIVERED]
IN_DOUBT = [RecipientState.PLANNED, RecipientState.UNCERTAIN]
TAKEN = "A delivery report of another number says that SmartDialog took the call."
TWICE = "They may have got it twice: SmartDialog took the same call two times."
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
    _confirm(recipient)
    _notice_second(recipient, report)
    state = STATE_BY_STATUS.get(report.status)
    if state is not None:
        _promote(recipient, state, report)
    return True


def was_faster(call: QueuedCall) -> bool:
    """Whether a report came while the call was in flight: then it was taken, and is in no doubt."""
    campaign = Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])
    people = campaign.recipients.filter(batch=call.payload["number"])
    is_reported = people.filter(Q(state__in=TAKEN_STATES) | ~Q(remote_id="")).exists()
    return is_reported and _confirm_call(campaign, call.payload["number"])


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
    whole = own.filter(campaign=campaign, phone=in_full(report.address)).first()
    return whole or _by_ending(own.filter(campaign=campaign, batch=int_param(report.query.get("b"))), report)


def _by_ending(called: QuerySet[Recipient], report: DeliveryReport) -> Recipient | None:
    """The one of a call whose number ends like one that is written as it is dialled within its country."""
    found = [each for each in called if ends_like(each.phone, report.address)]
    return found[0] if len(found) == 1 else None


def _confirm(recipient: Recipient) -> None:
    """Whatever it says, its call was taken: none is made again for it, nor does a person have to decide.

    Before the recipient is written to, as the outcome of a call is.
    """
    if recipient.batch is None or recipient.state not in IN_DOUBT:
        return
    _confirm_call(recipient.campaign, recipient.batch, but=recipient)


def _confirm_call(campaign: Campaign, number: int, *, but: Recipient | None = None) -> bool:
    if not outbox.confirm(batch=campaign.batch, request_id=campaign.request_id(number)):
        return False
    beside = campaign.recipients.filter(batch=number, state__in=IN_DOUBT, remote_id="")
    others = beside.exclude(pk=but.pk) if but else beside
    others.update(state=RecipientState.ACCEPTED, reason=TAKEN, settled_at=timezone.now())
    live.announce(campaign.customer, campaign.topic)
    return True


def _notice_second(recipient: Recipient, report: DeliveryReport) -> None:
    """Another id for the same person, of a call that was made again: SmartDialog took it twice."""
    if recipient.batch is None or report.recipient_id in {"", recipient.remote_id} or not recipient.remote_id:
        return
    campaign = recipient.campaign
    if outbox.was_in_doubt(batch=campaign.batch, request_id=campaign.request_id(recipient.batch)):
        quirks.learn(campaign.customer, forgets_request_ids=True)
        recipient.reason = TWICE
        _row(recipient).update(reason=TWICE)


def _promote(recipient: Recipient, state: RecipientState, report: DeliveryReport) -> None:
    """Change the state unless something better, or the same, is known: its rank is monotonic."""
    if report.recipient_id and not recipient.remote_id:
        _row(recipient).filter(remote_id="").update(remote_id=report.recipient_id[:100])
    lower = [each for each, rank in RANK.items() if rank < RANK[state]]
    if (
        _row(recipient)
        .filter(state__in=lower)
        .update(state=state, reason=_reason(recipient, report), settled_at=_when(report))
    ):
        live.announce(recipient.campaign.customer, recipient.campaign.topic)
        template_evidence.take(recipient.campaign, state, report.error_code)


def _when(report: DeliveryReport) -> datetime:
    """As it says, unless that is yet to come."""
    now = timezone.now()
    return min(report.timestamp or now, now)


def _row(recipient: Recipient) -> QuerySet[Recipient]:
    return Recipient.objects.filter(pk=recipient.pk)


def _reason(recipient: Recipient, report: DeliveryReport) -> str:
    words = FAILURE_TEXTS.get(report.status)
    if words is None:
        return TWICE if recipient.reason == TWICE else ""
    meant = failures.explain(report.error_code)
    said = f"{words} ({report.error_code})." if report.error_code else f"{words}."
    return (f"{meant} ({report.error_code})" if meant else said)[:300]
