"""Before each try of a call: whether what it says, to whom and when, still holds.

None leaves of a campaign that is paused or cancelled. One that stood still for long, or whose sender was
withdrawn, is paused, and a person decides. Of what SmartDialog has not taken yet, whoever said no, was
deleted or made inactive while the call waited is taken out, and so is a time that is too near to be named,
for which all of it would be refused.
Outside the sending hours of its people it waits for them, or leaves them out. Whom other marketing reached
meanwhile is left out, too, or waits until they have rested.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When

from accounts.db.array_param import Listed
from accounts.db.state_moves import move
from contacts.models import OptOutRequest, Suppression
from contacts.models.erased_numbers import erased_among
from gateway import clock, outbox
from gateway.outbox import NewBytes, QueuedCall
from gateway.smartdialog import quirks
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.audiences import audience, listed_people
from messaging.campaigns.audiences.limits import AudienceLimits
from messaging.campaigns.audiences.new_recipients import batch_key
from messaging.campaigns.audiences.reach import still_there
from messaging.campaigns.dispatch import agreed_templates, calls, own_moments, pausing, planner, stopping
from messaging.campaigns.models import (
    OPEN_STATES,
    REST,
    UNDER_WAY,
    Campaign,
    CampaignState,
    OutsideHours,
    Recipient,
    RecipientState,
    TooSoon,
)
from messaging.campaigns.rules import approved_senders, sending_hours


class JudgedRecipient(Protocol):
    """A recipient, and why they may get no message any more; or ""."""

    @property
    def pk(self) -> int: ...
    @property
    def phone(self) -> str: ...
    @property
    def why(self) -> str: ...


def look(call: QueuedCall) -> None:
    # Before its calls, as by whoever pauses it.
    locked = Campaign.objects.select_for_update(of=("self",), no_key=True)
    campaign = locked.select_related("customer", "group", "template").get(pk=call.payload["campaign"])
    at = own_moments.of_call(campaign, call.payload)
    if campaign.state == CampaignState.CANCELLED:
        stopping.stop_calls(campaign)
    elif campaign.is_paused:  # it was tried again, or answered, meanwhile
        outbox.hold(in_doubt=True, batch=campaign.batch)
    elif campaign.is_under_way and pausing.is_too_late(campaign, at):
        pausing.stop_late(campaign, at)
    elif campaign.is_under_way and (reason := agreed_templates.reason_to_stop(campaign, call)):
        pausing.stop_changed(campaign, reason)
    elif campaign.is_sms and (words := approved_senders.withdrawn(campaign.customer, campaign.sender)):
        pausing.stop_withdrawn(campaign, words)
    elif call.may_be_rebuilt:
        _bring_up_to_date(campaign, call)


def _bring_up_to_date(campaign: Campaign, call: QueuedCall) -> None:
    at = own_moments.of_call(campaign, call.payload)
    phones = _still_to_get_it(campaign, call)
    message = _without_near_time(campaign, at, _to_only(phones, call.payload["message"]))
    arrives_at = _arrives_at(at, message)
    opens_at = sending_hours.opening(campaign, calls.phones_of(message), at=arrives_at)
    if opens_at == arrives_at:
        if message != call.payload["message"] or _not_early(at, message):
            _rebuild(campaign, call, message, due_at=_not_early(at, message))
    elif campaign.outside_hours == OutsideHours.LEAVE_OUT:
        _leave_out(campaign, call)
    elif opens_at is None:
        pausing.stop_closed(campaign)
    else:
        _rebuild(campaign, call, {**message, "send_at": ""}, due_at=opens_at)
        _wait_until(campaign, opens_at)


def _leave_out(campaign: Campaign, call: QueuedCall) -> None:
    """All whom it names: what none of them would get within their sending hours."""
    open_ones = [each.pk for each in _open_ones(campaign, call)]
    campaign.recipients.filter(pk__in=Listed(open_ones)).update(
        state=RecipientState.SKIPPED, reason=sending_hours.OUTSIDE, settled_at=clock.now()
    )
    _rebuild(campaign, call, _to_only((), call.payload["message"]), due_at=None)


def _rebuild(
    campaign: Campaign, call: QueuedCall, message: dict[str, Any], *, due_at: datetime | None
) -> None:
    """`due_at`: when it may leave; None for when it may now."""
    new = NewBytes({**call.payload, "message": message}, call.request_id, due_at)
    new_or_none = new if message["recipients"] else None
    outbox.rebuild(lambda _: new_or_none, tried=True, batch=campaign.batch, request_id=call.request_id)


def _arrives_at(at: datetime | None, message: dict[str, Any]) -> datetime:
    """When phones would have it."""
    if message.get("send_at") and at:
        return at
    return _not_early(at, message) or clock.now()


def _wait_until(campaign: Campaign, opens_at: datetime) -> None:
    """Until then it does not stand still, but waits."""
    later = Q(waits_until=None) | Q(waits_until__lt=opens_at)
    Campaign.objects.filter(later, pk=campaign.pk).update(waits_until=opens_at)


def judged(campaign: Campaign, recipients: QuerySet[Recipient]) -> QuerySet[Any]:
    """Each as a JudgedRecipient, by the records and groups as they are now."""
    customer, phone = campaign.customer, OuterRef("phone")
    own = Q(pk=OuterRef("contact"))
    there = Q(Exists(still_there(campaign, own).filter(own, phone=phone)))  # nearly always, and soon found
    there |= Q(Exists(still_there(campaign, Q(pk=None)).filter(phone=phone)))
    if campaign.people_list_id:
        there |= Q(Exists(listed_people.still_there(campaign).filter(phone=phone)))
    why = Case(
        When(Exists(Suppression.objects.stopping(customer, phone)), then=Value(audience.OPTED_OUT)),
        When(Exists(OptOutRequest.objects.waiting(customer, phone)), then=Value(audience.ASKED)),
        When(~there, then=Value(audience.NOT_ACTIVE)),
        default=Value(""),
    )
    return recipients.annotate(why=why)


def skip_unwilling(campaign: Campaign, recipients: Sequence[JudgedRecipient]) -> set[str]:
    """Those who may get no message any more are left out, with the reason; their numbers."""
    reasons = _reasons(campaign, recipients)
    for reason in set(reasons.values()):
        skipped = [each.pk for each in recipients if reasons.get(each.phone) == reason]
        campaign.recipients.filter(pk__in=Listed(skipped)).update(
            state=RecipientState.SKIPPED, reason=reason, settled_at=clock.now()
        )
    return set(reasons)


def _still_to_get_it(campaign: Campaign, call: QueuedCall) -> set[str]:
    """The numbers of those whom nothing has settled but a refusal of this call, and who may be messaged."""
    open_ones = _open_ones(campaign, call)
    gone = skip_unwilling(campaign, open_ones)
    left = [each for each in open_ones if each.phone not in gone]
    return {each.phone for each in left} - _put_off(campaign, left)


def _open_ones(campaign: Campaign, call: QueuedCall) -> list[Any]:
    own = campaign.recipients.filter(batch=call.payload["number"], remote_id="")
    return list(judged(campaign, own.filter(state__in=OPEN_STATES)))


def _put_off(campaign: Campaign, recipients: Sequence[Recipient]) -> set[str]:
    """Whom something else reached meanwhile: they are put into another call, for when they have rested.

    Of the first of a campaign they come to be of the rest, which would have to wait for them.
    """
    if campaign.too_soon != TooSoon.WAIT:
        return set()
    listed = {each.phone: each.pk for each in recipients}
    later = AudienceLimits.of(campaign).later(list(listed), listed=listed)
    later = {phone: at for phone, at in later.items() if at > clock.now()}
    hours = sending_hours.kept_by(campaign) if later else {}
    among_rest = _among_rest(campaign)
    for each in recipients:
        if moment := later.get(each.phone):
            country = sending_hours.country_of(each.phone, hours)
            key = batch_key(campaign, tuple(each.values), each.wording, country, moment)
            campaign.recipients.filter(pk=each.pk).update(
                batch=None,
                state=RecipientState.PLANNED,
                key=key,
                reason="",
                settled_at=None,
                **among_rest,
            )
    if later:
        move(Campaign.objects.filter(pk=campaign.pk), *UNDER_WAY, to=CampaignState.PLANNING)
        wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
    return set(later)


def _among_rest(campaign: Campaign) -> dict[str, Any]:
    if not campaign.is_before_rest:
        return {}
    return {"stage": REST} | ({"wording": None} if campaign.tries_texts else {})


def _reasons(campaign: Campaign, recipients: Sequence[JudgedRecipient]) -> dict[str, str]:
    """Why each of them gets none; what the record says before what the group does, and this before limits."""
    listed = {each.phone: each.pk for each in recipients}
    reasons = AudienceLimits.of(campaign).reasons(list(listed), listed=listed)
    reasons |= dict.fromkeys(erased_among(campaign.customer, list(listed)), audience.NOT_ACTIVE)
    return reasons | {each.phone: each.why for each in recipients if each.why}


def _to_only(phones: Collection[str], message: dict[str, Any]) -> dict[str, Any]:
    named = zip(message["recipients"], calls.phones_of(message), strict=True)
    left = [each for each, phone in named if phone in phones]
    return {**message, "recipients": left}


def _not_early(at: datetime | None, message: dict[str, Any]) -> datetime | None:
    """When a call that names no time may leave, as SmartDialog sends it at once; None for now."""
    return at if at and not message.get("send_at") and at > clock.now() else None


def _without_near_time(campaign: Campaign, at: datetime | None, message: dict[str, Any]) -> dict[str, Any]:
    lead = quirks.of(campaign.customer_id).lead
    if not message.get("send_at") or (at and planner.may_be_named(at, now=clock.now(), lead=lead)):
        return message
    return {**message, "send_at": ""}
