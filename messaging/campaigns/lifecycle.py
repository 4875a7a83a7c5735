"""What people decide about a campaign: write it, schedule it, let it go, cancel it, try again.

Each is a compare-and-swap on the revision or state that the person saw: of two presses one counts.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Q, When

from accounts.db.array_param import Listed
from accounts.db.state_moves import move
from accounts.errors import UserError
from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.sign_in import connections
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.dispatch import agreed_segments, agreed_templates, stopping
from messaging.campaigns.dispatch import schedule as planned
from messaging.campaigns.dispatch.agreement import MORE_AT_MOST
from messaging.campaigns.models import (
    CANCELLABLE,
    EDITABLE,
    NOT_AGREED,
    UNDER_WAY,
    Campaign,
    CampaignQuerySet,
    CampaignRules,
    CampaignState,
    RecipientQuerySet,
    RecipientState,
    Recurrence,
    ResendRequest,
)
from messaging.campaigns.models.call_options import OPTIONS
from messaging.campaigns.models.hold_reason import Hold
from messaging.campaigns.models.limits import LIMITS
from messaging.campaigns.models.stages import STAGES_CHOSEN
from messaging.campaigns.people_lists import listed_opt_outs

AUDITED_FIELDS = [
    "name",
    "channel",
    "group_id",
    "service_id",
    "sender",
    "content",
    "link_url",
    "ad_message",
    "include_landlines",
    "fallbacks",
]
AUDITED_FIELDS += ["more_groups", "minus_groups", "segments", "people_list_id"]
AUDITED_FIELDS += ["template_id", "parameters", "send_at", "zone", *OPTIONS, *LIMITS, *STAGES_CHOSEN]


WRITTEN_FIELDS = [name for name in AUDITED_FIELDS if name not in ("send_at", "zone")]


class CampaignChanged(UserError):
    """Somebody else changed the campaign since the person's page was made."""

    text = (
        "This campaign has changed since you opened it: somebody else edited it, or it has begun. "
        "What you wrote is below. Open the campaign again to see where it stands."
    )


class HourTaken(CampaignChanged):
    """It was to leave by its time, and something that was scheduled meanwhile is in the way."""

    text = (
        "It cannot all leave by its time any more: something else was scheduled meanwhile. Look at when it "
        "would, and press the button again if that is well."
    )


class NeedsTime(Exception):
    """Each person is to get it at an hour of their own, so it cannot go to all of them at once."""

    text = "Each person gets it at an hour of their own, and not all at once. Choose a time."


@transaction.atomic
def create(*, customer: Customer, uuid: UUID, fields: Mapping[str, Any], by: User) -> tuple[Campaign, bool]:
    """A draft, and whether it is new: the same form sent again finds the one it made."""
    try:
        campaign, is_new = Campaign.objects.get_or_create(
            uuid=uuid, customer=customer, defaults={**fields, "created_by": by}
        )
    except IntegrityError as error:  # another customer's campaign has it: no form of ours sent this
        raise CampaignChanged from error
    if is_new:
        record(campaign, "campaign.created", by, after=_audited(campaign))
    return campaign, is_new


def copy_of(campaign: Campaign) -> Campaign:
    """Not saved yet: all that was written, but not its time."""
    kept = {name: getattr(campaign, name) for name in WRITTEN_FIELDS}
    return Campaign(customer=campaign.customer, **kept)


@transaction.atomic
def edit(
    campaign: Campaign, *, revision: int, fields: Mapping[str, Any], by: User, sitting: UUID | None = None
) -> Campaign:
    """Change the text, audience or time. It becomes a draft until it is scheduled again.

    `sitting`: the open page; what it saved by itself a moment ago is no change by somebody else.
    """
    before = _audited(campaign)
    anew = {"held_reason": "", "begins_at": None, "approved_by": None}
    _compare_and_swap(
        campaign, revision, *EDITABLE, to=CampaignState.DRAFT, sitting=sitting, **fields, **anew
    )
    old, new = audit.differences(before, _audited(campaign))
    record(campaign, "campaign.edited", by, before=old, after=new)
    return campaign


@transaction.atomic
def save_by_itself(
    campaign: Campaign, *, revision: int, fields: Mapping[str, Any], by: User, sitting: UUID
) -> Campaign:
    """Keep what is being written on an open page; a draft alone. Raises CampaignChanged."""
    if campaign.state != CampaignState.DRAFT:
        raise CampaignChanged
    if all(getattr(campaign, name) == value for name, value in fields.items()):
        return campaign
    before = _audited(campaign)
    own = Q(sitting=sitting)
    since = Case(When(own, then=F("sitting_since")), default=F("revision"))
    drafts = Campaign.objects.filter(_seen(revision, sitting), pk=campaign.pk, state=CampaignState.DRAFT)
    if not drafts.update(**fields, sitting=sitting, sitting_since=since, revision=F("revision") + 1):
        raise CampaignChanged
    campaign.refresh_from_db()
    old, new = audit.differences(before, _audited(campaign))
    record(campaign, "campaign.edited", by, before=old, after=new)
    return campaign


@transaction.atomic
def schedule(
    campaign: Campaign,
    *,
    revision: int,
    people: int,
    calls: int,
    by: User,
    parts: int | None = None,
    left_out: int | None = None,
    keeps_time: bool = False,
    alike: Campaign | None = None,
) -> None:
    """Put it on the schedule for its send_at, or for now; of many people, once a second person approves.

    `people`, `calls`, SMS `parts`, how many are `left_out` and whether it `keeps_time`, as the person saw
    them. `alike`: approved for all that say the same. Raises NotConnected, CampaignChanged, HourTaken.
    """
    agreed: dict[str, Any] = {
        "connection": connections.for_user(by),
        "created_by": by,
        "people": people,
        "calls": calls,
        "agreed_parts": parts,
        "agreed_left_out": left_out,
        "agreed_templates": agreed_templates.as_they_are(campaign),
        "held_reason": "",
    }
    outbox.lock_plans(agreed["connection"], by=by)
    told = {"send_at": campaign.send_at, "people": people, "calls": calls, "parts": parts}
    approver = _approver_of(campaign, people, alike, by)
    asks = CampaignRules.of(campaign.customer).asks_second_person(people, by)
    if asks and approver is None:
        agreed |= {"approved_by": None, "scheduled_at": clock.now(), **_times_if_approved(campaign, agreed)}
        _compare_and_swap(campaign, revision, *NOT_AGREED, to=CampaignState.AWAITING, **agreed)
        record(campaign, "campaign.asked", by, after=told)
        return
    approved_by = approver if asks else None
    put_on_schedule(campaign, revision, **agreed, approved_by=approved_by, keeps_time=keeps_time)
    record(campaign, "campaign.scheduled", by, after=told)
    record_alone(campaign, people, by)


def _times_if_approved(campaign: Campaign, agreed: Mapping[str, Any]) -> dict[str, Any]:
    """From when to when it would reach people who have times of their own: what else comes then clashes."""
    if not campaign.own_time:
        return {"begins_at": None, "ends_at": None}
    found = planned.plan(campaign, agreed["connection"], calls=agreed["calls"])
    return {"begins_at": found.submission.begins_at, "ends_at": found.ends_at}


def put_on_schedule(campaign: Campaign, revision: int, *, keeps_time: bool, **fields: Any) -> None:
    """What was agreed to; in the transaction that records it, and has locked the plans of its connection.

    Raises CampaignChanged, and HourTaken where somebody saw that it `keeps_time`.
    """
    for name, value in fields.items():
        setattr(campaign, name, value)
    assert campaign.connection
    found = planned.plan(campaign, campaign.connection, calls=campaign.calls or 0)
    if keeps_time and not found.is_kept:
        raise HourTaken
    plan = found.submission
    now = clock.now()
    begins_at = max(plan.begins_at, now + timedelta(seconds=settings.CAMPAIGN_GRACE))
    _compare_and_swap(
        campaign,
        revision,
        *NOT_AGREED,
        CampaignState.AWAITING,
        to=CampaignState.SCHEDULED,
        **fields,
        begins_at=begins_at,
        ends_at=found.ends_at if campaign.send_at else None,
        planned_delay=ceil(found.delay.total_seconds()),
        carries_time=plan.carries_time,
        scheduled_at=now,
    )
    listed_opt_outs.keep(campaign)
    if begins_at <= now:
        wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)


def hold_awaiting(campaign: Campaign, revision: int, hold: Hold) -> None:
    """A second person has refused it; in the transaction that records it. Raises CampaignChanged."""
    awaiting = CampaignState.AWAITING
    _compare_and_swap(campaign, revision, awaiting, to=CampaignState.HELD, held_reason=hold.words)


def _approver_of(campaign: Campaign, people: int, alike: Campaign | None, by: User) -> User | None:
    """Who else has approved the same text for as many people, or hardly fewer."""
    if alike is None or any(getattr(campaign, name) != getattr(alike, name) for name in WRITTEN_FIELDS):
        return None
    if agreed_segments.have_changed_since(alike):
        return None
    is_alike = people <= (alike.people or 0) * MORE_AT_MOST and alike.approved_by_id != by.pk
    return alike.approved_by if is_alike else None


@transaction.atomic
def release(
    campaign: Campaign,
    *,
    people: int,
    calls: int,
    by: User,
    parts: int | None = None,
    left_out: int | None = None,
) -> None:
    """Send a held campaign now, with what was seen of it. Raises NotConnected, CampaignChanged, NeedsTime."""
    if campaign.state != CampaignState.HELD:
        raise CampaignChanged
    if campaign.own_time:
        raise NeedsTime
    outbox.lock_plans(connections.for_user(by), by=by)
    _compare_and_swap(campaign, campaign.revision, CampaignState.HELD, to=CampaignState.HELD, send_at=None)
    seen: dict[str, Any] = {"people": people, "calls": calls, "parts": parts, "left_out": left_out}
    schedule(campaign, revision=campaign.revision, **seen, by=by)


@transaction.atomic
def cancel(campaign: Campaign, *, by: User) -> int:
    """Stop it: what has not left stays here, what has left stands. It comes no more.

    Returns how many calls were stopped.
    """
    over = {"finished_at": clock.now(), "revision": F("revision") + 1}
    if not move(Campaign.objects.filter(pk=campaign.pk), *CANCELLABLE, to=CampaignState.CANCELLED, **over):
        raise CampaignChanged
    stopped = stopping.stop_calls(campaign)
    if Recurrence.objects.filter(campaign=campaign).delete()[0]:
        record(campaign, "campaign.repeats_ended", by)
    record(campaign, "campaign.cancelled", by, after={"calls_stopped": stopped})
    return stopped


@transaction.atomic
def retry_failed(campaign: Campaign, *, by: User, approved: int | None = None) -> int:
    """Try refused calls again, in a moment; of many people, once a second person approves.

    `approved`: for so many people. Returns how many calls; none of a cancelled campaign, nor where a second
    person is asked. Raises CampaignChanged where they are more people than were approved.
    """
    if not lock_to_send_again(alive(campaign)):
        return 0
    calls = len(outbox.values_of_failed("number", batch=campaign.batch))
    number = refused_people(campaign).count()
    if not calls or (approved is None and ask_again(campaign, [], number, by=by)):
        return 0
    if approved is not None and number > approved:
        raise CampaignChanged
    if not waits_a_moment(campaign, [], number, by=by):
        retry_now(campaign, by=by)
    record(campaign, "campaign.retried", by, after={"calls": calls})
    if approved is None:
        record_alone(campaign, number, by)
    return calls


def retry_now(campaign: Campaign, *, by: User) -> None:
    """With the same RequestIds, behind what waits already. Raises CampaignChanged where none is left."""
    # A person has just decided; before its calls, as others lock it.
    if not alive(campaign).update(moved_at=clock.now(), ends_at=None):
        raise CampaignChanged
    refused_people(campaign).update(state=RecipientState.PLANNED, reason="", settled_at=None)
    if not outbox.retry_refused(by=by, batch=campaign.batch):
        raise CampaignChanged
    ResendRequest.objects.filter(campaign=campaign).delete()
    sent = Campaign.objects.filter(pk=campaign.pk)
    move(sent, CampaignState.SENT, to=CampaignState.SENDING, finished_at=None)


def alive(campaign: Campaign) -> CampaignQuerySet:
    return Campaign.objects.filter(pk=campaign.pk, state__in=[*UNDER_WAY, CampaignState.SENT])


def lock_to_send_again(found: CampaignQuerySet) -> bool:
    """Whether it is one of those, and nothing of it is to be sent again in a moment already."""
    own = list(found.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    decided = ResendRequest.objects.filter(campaign__in=own, begins_at__isnull=False)
    return bool(own) and not decided.exists()


def refused_people(campaign: Campaign) -> RecipientQuerySet:
    """Of calls that were refused, and may be tried again."""
    numbers = outbox.values_of_failed("number", batch=campaign.batch)
    return campaign.recipients.filter(batch__in=Listed(numbers), state=RecipientState.FAILED, remote_id="")


def ask_again(campaign: Campaign, whom: Collection[str], people: int, *, by: User) -> bool:
    """Whether a second person has to approve that it is sent again; then one is asked."""
    if not CampaignRules.of(campaign.customer).asks_second_person(people, by):
        return False
    _request(campaign, whom, people, by=by)
    record(campaign, "campaign.asked_again", by, after={"whom": list(whom), "people": people})
    return True


def waits_a_moment(campaign: Campaign, whom: Collection[str], people: int, *, by: User) -> bool:
    """Whether it is sent again some seconds from now: until then it can be undone, and is as it was."""
    seconds = settings.CAMPAIGN_GRACE
    if seconds:
        _request(campaign, whom, people, by=by, begins_at=clock.after(seconds))
    return bool(seconds)


def _request(
    campaign: Campaign, whom: Collection[str], people: int, *, by: User, begins_at: datetime | None = None
) -> None:
    asked = {"revision": campaign.revision, "whom": list(whom), "people": people, "asked_by": by}
    times = {"asked_at": clock.now(), "begins_at": begins_at}
    ResendRequest.objects.update_or_create(campaign=campaign, defaults=asked | times)


def record_alone(campaign: Campaign, people: int, by: User) -> None:
    """Where somebody else had to approve, and there is nobody else."""
    if CampaignRules.of(campaign.customer).lacks_second_person(people, by):
        record(campaign, "campaign.decided_alone", by, after={"people": people})


def _compare_and_swap(
    campaign: Campaign,
    revision: int,
    *before: CampaignState,
    to: CampaignState,
    sitting: UUID | None = None,
    **fields: Any,
) -> None:
    """Move an editable campaign if it is still at the revision that the person saw."""
    seen = Campaign.objects.filter(_seen(revision, sitting), pk=campaign.pk)
    if not move(seen, *before, to=to, **fields, sitting=None, revision=F("revision") + 1):
        raise CampaignChanged
    campaign.refresh_from_db()


def _seen(revision: int, sitting: UUID | None) -> Q:
    """At what the person saw, but for what their own page has saved by itself since."""
    own = Q(sitting=sitting, sitting_since__lte=revision) if sitting else Q(pk=None)
    return Q(revision=revision) | own


def _audited(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in AUDITED_FIELDS}


def record(campaign: Campaign, verb: str, by: User | None, **what: Any) -> None:
    audit.record(actor=by, customer=campaign.customer, verb=verb, subject=campaign, **what)
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
