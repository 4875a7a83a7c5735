"""What a second person decides: whether a campaign to many people goes out, or goes out again.

They approve what they saw: any change by a person asks anew. Of two decisions at once one counts.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from accounts.trail import audit
from gateway import outbox
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import agreed_segments, resending
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.lifecycle import CampaignChanged, NeedsTime
from messaging.campaigns.models import Campaign, CampaignState, Recurrence, ResendRequest
from messaging.campaigns.models.hold_reason import Hold, HoldReason


class CannotApprove(Exception):
    """`text` says why, to the person who wants to."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


OWN = "You asked for it yourself. Somebody else has to approve it."
ASKER_GONE = "Who asked may not send any more. Edit it and send it yourself, or cancel it."
HOUR_GONE = "Its time has gone by while it waited. Choose a new one."


@transaction.atomic
def approve(
    campaign: Campaign,
    *,
    revision: int,
    by: User,
    send_at: datetime | None = None,
    zone: str = "",
    keeps_time: bool = False,
) -> None:
    """Put it on the schedule, as it was seen. `send_at`: a new time for one whose own has gone by.

    `keeps_time`: as they saw it. Raises CannotApprove, CampaignChanged, HourTaken.
    """
    _expect(campaign, revision)
    _expect_another(campaign, campaign.created_by, by)
    times = {"send_at": send_at, "zone": zone or campaign.zone} if zone else {}
    if campaign.is_past_its_time and not times:
        raise CannotApprove(HOUR_GONE)
    if times and campaign.own_time and send_at is None:
        raise CannotApprove(NeedsTime.text)
    if words := agreed_segments.what_changed(campaign):
        raise CannotApprove(f"{words} Whoever asked has to look at it and ask anew.")
    connection = campaign.connection
    if connection is None:
        raise CannotApprove(ASKER_GONE)
    outbox.lock_plans(connection, by=by)
    agreed = {"connection": connection, "approved_by": by, **times}
    lifecycle.put_on_schedule(campaign, revision, **agreed, keeps_time=keeps_time)
    Recurrence.objects.filter(latest=campaign).update(approved=campaign)
    told = {"send_at": campaign.send_at, "people": campaign.people, "calls": campaign.calls}
    lifecycle.record(campaign, "campaign.approved", by, after={**told, "parts": campaign.agreed_parts})


@transaction.atomic
def refuse(campaign: Campaign, *, revision: int, words: str, by: User) -> None:
    """It is held, with the reason. Raises CampaignChanged."""
    _expect(campaign, revision)
    said = f"{by} did not approve it: {words}" if words else f"{by} did not approve it."
    lifecycle.hold_awaiting(campaign, revision, Hold(HoldReason.REFUSED, said))
    lifecycle.record(campaign, "campaign.refused", by, after={"why": words})


@transaction.atomic
def approve_again(request: ResendRequest, *, by: User) -> int:
    """Send it again as was asked; to how many people or, for refused calls, how many calls.

    Raises CannotApprove, CampaignChanged, NotConnected, StillUnderWay.
    """
    campaign, asker = request.campaign, request.asked_by
    _expect_another(campaign, asker, by)
    _take(request)
    assert asker
    if campaign.revision != request.revision:
        raise CampaignChanged
    told = {"people": request.people, "whom": request.whom}
    audit.record(actor=by, customer=campaign.customer, verb="campaign.approved", subject=campaign, after=told)
    if not request.whom:
        return lifecycle.retry_failed(campaign, by=asker, approved=request.people)
    whom = [Missed(who) for who in request.whom]
    return resending.resend(campaign, whom, by=asker, most=request.people, is_approved=True)


@transaction.atomic
def refuse_again(request: ResendRequest, *, words: str, by: User) -> None:
    """Nothing is sent again. Raises CampaignChanged."""
    _take(request)
    lifecycle.record(request.campaign, "campaign.refused", by, after={"why": words})


def _expect(campaign: Campaign, revision: int) -> None:
    if campaign.state != CampaignState.AWAITING or campaign.revision != revision:
        raise CampaignChanged


def _expect_another(campaign: Campaign, asker: User | None, by: User) -> None:
    if asker is None or not asker.may_write_for(campaign.customer):
        raise CannotApprove(ASKER_GONE)
    if by.pk == asker.pk or not by.may_write_for(campaign.customer):
        raise CannotApprove(OWN)


def _take(request: ResendRequest) -> None:
    """Of two answers the first."""
    as_seen = ResendRequest.objects.filter(pk=request.pk, asked_at=request.asked_at)
    if not as_seen.delete()[0]:
        raise CampaignChanged
