"""Delivery reports (DLRs): late, twice or out of order, the best that was ever said stands.

They are taken in by sets: those whom they are about are held, what each report says is judged in the order in
which they came, and what became of each person is written once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q

from accounts.db.array_param import Listed
from accounts.models import Customer
from accounts.web.params import int_param
from gateway import clock, hooks, outbox
from gateway.hooks import DeliveryReport, DeliveryStatus, HeldEvent, Said
from gateway.live_updates import live
from gateway.models import HookKind
from gateway.outbox import QueuedCall
from gateway.smartdialog import quirks
from messaging.campaigns.dispatch.recipient_changes import HeldRecipient, changing
from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.campaigns.outcome import parts
from messaging.campaigns.reporting import reported_people, template_evidence
from messaging.campaigns.reporting.reported_people import ReportedPerson
from messaging.whatsapp.submission import failures

STATE_BY_STATUS = {
    DeliveryStatus.DELIVERED: RecipientState.DELIVERED,
    DeliveryStatus.BUFFERED: RecipientState.ACCEPTED,
    DeliveryStatus.FAILED: RecipientState.FAILED,
    DeliveryStatus.EXPIRED: RecipientState.FAILED,
    DeliveryStatus.REJECTED: RecipientState.FAILED,
}
RANK: dict[str, int] = {
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


@hooks.event_taker(HookKind.DELIVERY, "campaigns.recipients")
def take_reports(said: Sequence[Said]) -> list[HeldEvent]:
    """Those that are about campaigns' recipients, as far as we know these yet."""
    by_customer = defaultdict(list)
    for each in said:
        by_customer[each[0].subscription.customer_id].append(each)
    taken = []
    for own in by_customer.values():
        customer, reports = own[0][0].subscription.customer, [report for _, report in own]
        if _take_in_known(customer, reports):
            taken += [event for event, _ in own]
            continue
        people = reported_people.find(customer, reports)
        _confirm_by_address(
            customer, [report for who, report in zip(people, reports, strict=True) if not who]
        )
        if told := [(who, report) for who, report in zip(people, reports, strict=True) if who]:
            _take_in(told)
        taken += [event for (event, _), who in zip(own, people, strict=True) if who]
    return taken


def was_faster(call: QueuedCall) -> bool:
    """Whether a report came while the call was in flight: then it was taken, and is in no doubt."""
    campaign = Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])
    people = campaign.recipients.filter(batch=call.payload["number"])
    is_reported = people.filter(Q(state__in=TAKEN_STATES) | ~Q(remote_id="")).exists()
    if not (is_reported and _confirm_call(campaign, call.payload["number"])):
        return False
    parts.add(campaign.pk, call.payload["number"], reported=None)
    return True


class _NeedsALook(Exception):
    """Some are not known by their ids, which several may share, or their call is in doubt, which is settled
    before they are held."""


def _take_in_known(customer: Customer, reports: Sequence[DeliveryReport]) -> bool:
    """All of them, found and held at once, as can be done with most; else none."""
    ids = {report.recipient_id for report in reports}
    try:
        with changing(reported_people.with_ids(customer, ids)) as held:
            newest = {each.remote_id: each for each in held}
            if not len(newest) == len(held) == len(ids) or any(each.state in IN_DOUBT for each in held):
                raise _NeedsALook
            campaigns = _campaigns(each.campaign_id for each in held)
            _judge(campaigns, [(newest[report.recipient_id], report) for report in reports])
    except _NeedsALook:
        return False
    return True


def _take_in(told: Sequence[tuple[ReportedPerson, DeliveryReport]]) -> None:
    campaigns = _campaigns(who.campaign for who, _ in told)
    confirmed = _confirm(campaigns, told)
    with changing(Recipient.objects.filter(pk__in=Listed({who.key for who, _ in told}))) as held:
        by_key = {each.pk: each for each in held}
        _judge(campaigns, [(by_key[who.key], report) for who, report in told if who.key in by_key])
    for campaign, number in confirmed:
        parts.add(campaign, number, reported=None)


def _campaigns(keys: Iterable[int]) -> dict[int, Campaign]:
    return Campaign.objects.select_related("customer").in_bulk(set(keys))


def _judge(campaigns: Mapping[int, Campaign], told: Sequence[tuple[HeldRecipient, DeliveryReport]]) -> None:
    """One after the other, as they came; and what that says of templates."""
    evidence: dict[tuple[int, int, RecipientState, str], datetime] = {}
    sent_at = _sent_at(campaigns, told)
    for recipient, report in told:
        _notice_second(campaigns[recipient.campaign_id], recipient, report)
        if (state := _promote(recipient, report)) and recipient.pk in sent_at:
            at, sent_at[recipient.pk] = sent_at[recipient.pk] or _when(report), recipient.settled_at
            said = (recipient.campaign_id, recipient.wording or 0, state, report.error_code)
            evidence[said] = max(at, evidence.get(said, at))
    for (key, text, state, code), at in sorted(evidence.items()):
        template_evidence.take(campaigns[key].saying(text), state, code, sent_at=at)
    for campaign in campaigns.values():
        live.announce(campaign.customer, campaign.topic)


def _sent_at(
    campaigns: Mapping[int, Campaign], told: Sequence[tuple[HeldRecipient, DeliveryReport]]
) -> dict[int, datetime | None]:
    """When the messages left that tell something of a template."""
    telling = {key for key, campaign in campaigns.items() if not campaign.is_sms}
    keys = {each.pk for each, _ in told if each.campaign_id in telling} if telling else set()
    return dict(Recipient.objects.filter(pk__in=Listed(keys)).values_list("pk", "settled_at"))


def _confirm(
    campaigns: Mapping[int, Campaign], told: Iterable[tuple[ReportedPerson, DeliveryReport]]
) -> list[tuple[int, int]]:
    """Whatever it says, its call was taken: none is made again for it, nor does a person have to decide.

    Before the recipients are held, as the outcome of a call is. Which calls, by campaign and number.
    """
    doubted = defaultdict(set)
    for each, report in told:
        if each.batch is not None and each.state in IN_DOUBT and not _is_of_earlier_call(each, report):
            doubted[each.campaign, each.batch].add(each.key)
    return [
        (campaign, number)
        for (campaign, number), reported in sorted(doubted.items())
        if _confirm_call(campaigns[campaign], number, but=reported)
    ]


def _confirm_by_address(customer: Customer, reports: Iterable[DeliveryReport]) -> None:
    """Of people whose ids did not reach us: the address that we gave says which call was taken."""
    named = {(reported_people.campaign_of(report), _number(report)) for report in reports}
    calls = sorted(call for call in named if all(call))
    own = Campaign.objects.filter(customer=customer).select_related("customer")
    campaigns = own.in_bulk({key for key, _ in calls}) if calls else {}
    for key, number in calls:
        if key in campaigns and _confirm_call(campaigns[key], number):
            parts.add(key, number, reported=None)


def _confirm_call(campaign: Campaign, number: int, *, but: Collection[int] = ()) -> bool:
    if not outbox.confirm(batch=campaign.batch, request_id=campaign.request_id(number)):
        return False
    beside = campaign.recipients.filter(batch=number, state__in=IN_DOUBT, remote_id="")
    with changing(beside.exclude(pk__in=but)) as others:
        for each in others:
            each.settle(RecipientState.ACCEPTED, TAKEN)
    live.announce(campaign.customer, campaign.topic)
    return True


def _notice_second(campaign: Campaign, recipient: HeldRecipient, report: DeliveryReport) -> None:
    """Another id for the same person, of a call that was made again: SmartDialog took it twice."""
    if recipient.batch is None or report.recipient_id in {"", recipient.remote_id} or not recipient.remote_id:
        return
    if _is_of_earlier_call(recipient, report):
        return
    if outbox.was_in_doubt(batch=campaign.batch, request_id=campaign.request_id(recipient.batch)):
        quirks.learn(campaign.customer, forgets_request_ids=True)
        recipient.reason = TWICE


def _promote(recipient: HeldRecipient, report: DeliveryReport) -> RecipientState | None:
    """Its new state, unless something better, or the same, is known: its rank is monotonic."""
    state = STATE_BY_STATUS.get(report.status)
    is_earlier = _is_of_earlier_call(recipient, report)
    if state is None or (state != RecipientState.DELIVERED and is_earlier):
        return None
    if is_earlier and not recipient.remote_id:  # it says nothing of the later call
        recipient.batch = _number(report)
    recipient.remote_id = recipient.remote_id or report.recipient_id[:100]
    if RANK[recipient.state] >= RANK[state]:
        return None
    recipient.settle(state, _reason(recipient, report), _when(report))
    return state


def _is_of_earlier_call(recipient: HeldRecipient | ReportedPerson, report: DeliveryReport) -> bool:
    """It was sent again since: what became of the first message is not what becomes of this one."""
    number = _number(report)
    return bool(number) and number != recipient.batch


def _number(report: DeliveryReport) -> int:
    """Of the call that it is about; 0 where it does not say."""
    return int_param(report.query.get("b"), digits=9)


def _when(report: DeliveryReport) -> datetime:
    """As it says, unless that is yet to come."""
    now = clock.now()
    return min(report.timestamp or now, now)


def _reason(recipient: HeldRecipient, report: DeliveryReport) -> str:
    words = FAILURE_TEXTS.get(report.status)
    if words is None:
        return TWICE if recipient.reason == TWICE else ""
    meant = failures.explain(report.error_code)
    said = f"{words} ({report.error_code})." if report.error_code else f"{words}."
    return (f"{meant} ({report.error_code})" if meant else said)[:300]
