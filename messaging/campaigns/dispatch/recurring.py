"""Campaigns that come again: each is made some time before it is due, so that people see it, and may stop it.

What was agreed holds for the next one, too: it is held at its start where it would reach many more people.
A second person who approves one of them does so for all that say the same to hardly more people.
"""

from datetime import datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from gateway import clock
from gateway.live_updates import live
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import agreed_templates
from messaging.campaigns.dispatch.one_by_one import each_by_itself
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState, Recurrence
from messaging.campaigns.models.hold_reason import Hold, HoldReason
from messaging.campaigns.models.recurrence import Rhythm
from messaging.campaigns.rules import approved_senders

LEAD = timedelta(days=2)  # how long before its time a campaign is made
NOT_CONNECTED = "Who let it come again is not connected to SmartDialog. Look at it and send it yourself."
GONE = "Who let it come again may not send any more. Look at it and send it yourself."
CHANGED = "Nobody has agreed to what it repeats since that was changed. Look at it and send it yourself."


@transaction.atomic
def repeat(recurrence: Recurrence, *, by: User) -> None:
    """From `starts_after` on. Replaces what was said before; what was made of it stands."""
    campaign = recurrence.campaign
    list(Recurrence.objects.select_for_update().filter(campaign=campaign))
    recurrence.by, recurrence.latest = by, latest_of(campaign)
    recurrence.next_at = next(recurrence.occurrences(starts_after(recurrence)), None)
    Recurrence.objects.filter(campaign=campaign).delete()
    recurrence.save(force_insert=True)
    _record(campaign, "campaign.repeated", by, {"how": recurrence.words})


def latest_of(campaign: Campaign) -> Campaign | None:
    """What was made of it last, also before it was ended and said again."""
    return campaign.occurrences.exclude(send_at=None).order_by("-send_at", "-pk").first()


def starts_after(recurrence: Recurrence) -> datetime:
    """The campaign's own time, and the day of the one made last: on that day nobody gets a second one."""
    after = max(recurrence.campaign.goes_at or clock.now(), clock.now())
    made = recurrence.latest
    if made is None or made.send_at is None:
        return after
    zone = ZoneInfo(recurrence.zone)
    return max(after, datetime.combine(made.send_at.astimezone(zone), time.max, zone))


@transaction.atomic
def let_come(recurrence: Recurrence, *, people: int, calls: int, by: User, parts: int | None = None) -> None:
    """Of a draft, which is not sent itself: `people`, `calls` and SMS `parts` as the person saw them.

    Raises CampaignChanged.
    """
    campaign = recurrence.campaign
    own = Campaign.objects.filter(pk=campaign.pk, revision=campaign.revision, state=CampaignState.DRAFT)
    templates = agreed_templates.as_they_are(campaign)
    if not own.update(people=people, calls=calls, agreed_parts=parts, agreed_templates=templates):
        raise CampaignChanged
    recurrence.agreed_revision = campaign.revision
    repeat(recurrence, by=by)


@transaction.atomic
def end(campaign: Campaign, *, by: User) -> bool:
    """None is made any more; what was made stands. False where none was to come."""
    deleted, _ = Recurrence.objects.filter(campaign=campaign).delete()
    if deleted:
        _record(campaign, "campaign.repeats_ended", by, {})
    return bool(deleted)


def make_due() -> None:
    """Runs with the campaigns' tick."""
    each_by_itself(Recurrence.objects.due(clock.now() + LEAD), _make_next)


@transaction.atomic
def _make_next(recurrence: Recurrence) -> None:
    """The one of `next_at`, once: of two workers one moves it on. One that is past is held as it begins."""
    at = recurrence.next_at
    assert at
    following = next(recurrence.occurrences(at), None)
    if not Recurrence.objects.filter(pk=recurrence.pk, next_at=at).update(next_at=following):
        return
    agreed = _agreed(recurrence)
    uuid = uuid5(recurrence.campaign.uuid, at.isoformat())
    made = Campaign.objects.filter(uuid=uuid).first()  # before it was repeated anew
    if made is None:
        made = _copy(recurrence, uuid, at)
        _schedule(made, agreed, recurrence)
    Recurrence.objects.filter(pk=recurrence.pk).update(latest=made)


def _agreed(recurrence: Recurrence) -> Campaign:
    """What holds for the next one; where each has a day of their own, of all of them and not of one day."""
    if recurrence.rhythm == Rhythm.BIRTHDAY:
        return recurrence.campaign
    return recurrence.latest or recurrence.campaign


def _copy(recurrence: Recurrence, uuid: UUID, at: datetime) -> Campaign:
    made = lifecycle.copy_of(recurrence.campaign)
    made.uuid, made.created_by = uuid, recurrence.by
    made.send_at, made.zone = at, recurrence.zone
    made.occurrence_of = recurrence.campaign
    if recurrence.rhythm == Rhythm.BIRTHDAY:
        made.date_property = recurrence.date_property
        made.on_day = at.astimezone(ZoneInfo(recurrence.zone)).date()
    made.save(force_insert=True)
    return made


def _schedule(made: Campaign, agreed: Campaign, recurrence: Recurrence) -> None:
    by, hold = recurrence.by, Hold(HoldReason.AUTHOR_GONE, GONE)
    made.agreed_templates = agreed.agreed_templates
    withdrawn = approved_senders.withdrawn(made.customer, made.sender) if made.is_sms else ""
    if not recurrence.is_agreed:
        hold = Hold(HoldReason.REPEAT_CHANGED, CHANGED)
    elif withdrawn:
        words = f"{withdrawn} Choose another, or ask an admin to approve it again."
        hold = Hold(HoldReason.SENDER_WITHDRAWN, words)
    elif words := agreed_templates.reason_to_hold(made):
        words = f"{words} Look at it, and send it yourself or cancel it."
        hold = Hold(HoldReason.TEMPLATE_CHANGED, words)
    elif by and by.is_active and by.can_write:
        try:
            lifecycle.schedule(
                made,
                revision=made.revision,
                people=agreed.people or 0,
                calls=agreed.calls or 0,
                parts=agreed.agreed_parts,
                by=by,
                alike=recurrence.approved,
            )
            return
        except NotConnected:
            hold = Hold(HoldReason.NOT_CONNECTED, NOT_CONNECTED)
    draft = Campaign.objects.filter(pk=made.pk, state=CampaignState.DRAFT)
    if move(
        draft,
        CampaignState.DRAFT,
        to=CampaignState.HELD,
        held_reason=hold.words,
        people=agreed.people,
        calls=agreed.calls,
        agreed_parts=agreed.agreed_parts,
        agreed_templates=agreed.agreed_templates,
    ):
        _record(made, "campaign.held", None, hold.told)


def _record(campaign: Campaign, verb: str, by: User | None, after: dict[str, str]) -> None:
    audit.record(actor=by, customer=campaign.customer, verb=verb, subject=campaign, after=after)
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
