"""Pausing a campaign that is under way, and letting it go on: by a person, or since it would come too late.

What has left stands. Each decision is a compare-and-swap: of two presses one counts.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from accounts.wording.quantities import duration
from gateway import clock, outbox
from gateway.live_updates import live
from gateway.models import Lane
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignQuerySet, CampaignState, late_since

SOON = timedelta(minutes=1)  # before this nobody looks on as it begins by itself


def is_too_late(campaign: Campaign, at: datetime | None) -> bool:
    """Whether it stood still for so long that its next call, for people `at` a time, could do harm now.

    It has not where SmartDialog took calls of another campaign of the same connection meanwhile: then it had
    to queue, unless all of its own, or of those for the same own time, were to be made by now. Nor while the
    time that people are to have it, or that their sending hours begin, is to come.
    """
    late = late_since()
    if any(moment and moment > late for moment in (at, campaign.moved_at, campaign.waits_until)):
        return False
    assert campaign.connection
    planned = _planned_end(campaign, at)
    is_past_plan = planned is not None and planned < late
    batch = campaign.batch if is_past_plan else ""
    return not outbox.has_moved_since(campaign.connection, late, lane=Lane.CAMPAIGN, batch=batch)


def _planned_end(campaign: Campaign, at: datetime | None) -> datetime | None:
    """When all who are to have it `at` a time were to; None where a person has let it go on since then."""
    if not campaign.own_time or at is None or (campaign.moved_at and at < campaign.moved_at):
        return campaign.ends_at
    return at + timedelta(seconds=campaign.planned_delay)


def stands_still(campaign: Campaign) -> bool:
    """Whether nobody has let it go on lately, nor has SmartDialog taken any of its calls."""
    late = late_since()
    if campaign.connection is None or (campaign.moved_at and campaign.moved_at > late):
        return campaign.connection is None
    return not outbox.has_moved_since(campaign.connection, late, lane=Lane.CAMPAIGN, batch=campaign.batch)


def stop_late(campaign: Campaign, at: datetime | None) -> None:
    """In the transaction that claims its next call: none of its calls leaves before a person decides."""
    since = [moment for moment in (campaign.moved_at, at) if moment]
    still = duration((clock.now() - max(since)).total_seconds() if since else 0)
    assert campaign.connection
    if outbox.has_moved_since(campaign.connection, late_since(), lane=Lane.CAMPAIGN):
        reason = f"Others were sent before it, and it would come {still} after the time you chose."
    else:
        reason = f"It stood still for {still}, and would go on at another hour than you chose."
    if _pause(campaign, reason=reason):
        _record(campaign, "campaign.stopped_late", None, why=reason)


def stop_closed(campaign: Campaign) -> None:
    """In the same transaction: sending hours of several countries leave no time for a call of all of them."""
    reason = "There is no time at which your sending hours allow messages to all people of one of its calls."
    if _pause(campaign, reason=reason):
        _record(campaign, "campaign.stopped_closed", None, why=reason)


def stop_changed(campaign: Campaign, reason: str) -> None:
    """In the same transaction: people would get something else than those before them."""
    if _pause(campaign, reason=reason):
        _record(campaign, "campaign.stopped_changed", None, why=reason)


def stop_withdrawn(campaign: Campaign, words: str) -> None:
    """In the same transaction: its sender is approved no more."""
    reason = f"{words} Ask an admin to approve it again, or cancel the rest."
    if _pause(campaign, reason=reason):
        _record(campaign, "campaign.stopped_sender", None, why=reason)


@transaction.atomic
def pause(campaign: Campaign, *, by: User) -> bool:
    """Also one that waits a moment only, before it goes on."""
    paused = _pause(campaign, reason="") or stay_paused(campaign, until=clock.now() + SOON)
    if paused:
        _record(campaign, "campaign.paused", by)
    return paused


@transaction.atomic
def resume(campaign: Campaign, *, by: User, at: datetime | None = None) -> bool:
    """Let it go on, now or `at` a time; False when it is not paused any more."""
    if at is None:
        resumed = _go_on(campaign, _paused(campaign))
    else:
        resumed = bool(_paused(campaign).update(resumes_at=at, revision=F("revision") + 1))
    if resumed:
        _record(campaign, "campaign.resumed", by, **({"at": at} if at else {}))
    return resumed


@transaction.atomic
def resume_due(campaign: Campaign) -> None:
    """The time has come that a person chose; where it has gone by for long, they decide again."""
    asked = _paused(campaign).filter(resumes_at=campaign.resumes_at)  # as nobody has changed it since
    if campaign.resumes_at and campaign.resumes_at < late_since():
        _leave_to_a_person(campaign, asked, campaign.resumes_at)
    elif _go_on(campaign, asked):
        _record(campaign, "campaign.went_on", None)


def _leave_to_a_person(campaign: Campaign, asked: CampaignQuerySet, resumes_at: datetime) -> None:
    late = duration((clock.now() - resumes_at).total_seconds())
    reason = f"The time at which it was to go on went by {late} ago, and none of it has left since."
    if asked.update(resumes_at=None, pause_reason=reason, revision=F("revision") + 1):
        _record(campaign, "campaign.stopped_late", None, why=reason)


def wait_a_moment(campaign: Campaign, *, since: datetime | None = None) -> None:
    """In the transaction that sends it again: none of it leaves while that can be undone.

    `since`: by which it is known what would be undone.
    """
    seconds = settings.CAMPAIGN_GRACE
    if seconds and _pause(campaign, reason=""):
        moment = {"paused_at": since} if since else {}
        _paused(campaign).update(resumes_at=clock.after(seconds), **moment)


def stay_paused(campaign: Campaign, *, until: datetime) -> bool:
    """Where it would have gone on by then; a person lets it go on, or cancels it."""
    asked = _paused(campaign).filter(resumes_at__gt=clock.now(), resumes_at__lte=until)
    return bool(asked.update(resumes_at=None, revision=F("revision") + 1))


def pause_longer(campaign: Campaign, by: timedelta, *, until: datetime) -> bool:
    """The same."""
    asked = _paused(campaign).filter(resumes_at__gt=clock.now(), resumes_at__lte=until)
    return bool(asked.update(resumes_at=F("resumes_at") + by))


def _pause(campaign: Campaign, *, reason: str) -> bool:
    running = Campaign.objects.under_way().filter(pk=campaign.pk, paused_at=None)
    now = clock.now()
    if not running.update(paused_at=now, pause_reason=reason, resumes_at=None, revision=F("revision") + 1):
        return False
    outbox.hold(in_doubt=True, batch=campaign.batch)
    return True


def go_on_otherwise(paused: CampaignQuerySet, campaign: Campaign, **fields: Any) -> bool:
    """Changed so, if it is one of those that are `paused`; False where it is not."""
    going_on: dict[str, Any] = {"paused_at": None, "pause_reason": "", "resumes_at": None, **fields}
    going_on |= {"revision": F("revision") + 1}
    # As if its calls were still to be made: the next step finds out whether any are.
    if not move(paused, *UNDER_WAY, to=CampaignState.PLANNING, **going_on):
        return False
    outbox.release(batch=campaign.batch)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)
    return True


def _go_on(campaign: Campaign, paused: CampaignQuerySet) -> bool:
    return go_on_otherwise(paused, campaign, moved_at=clock.now(), ends_at=None)


def _paused(campaign: Campaign) -> CampaignQuerySet:
    return Campaign.objects.under_way().filter(pk=campaign.pk, paused_at__isnull=False)


def _record(campaign: Campaign, verb: str, by: User | None, **after: object) -> None:
    audit.record(actor=by, customer=campaign.customer, verb=verb, subject=campaign, after=after)
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
