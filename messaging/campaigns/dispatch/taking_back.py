"""The seconds after somebody has pressed Send, in which it can be taken back, or made to wait longer.

Also those before the calls of a campaign with a time begin, or it is sent again; and after it is let go to
the rest, for which it is paused for so long.
"""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from accounts.db.state_moves import move
from accounts.models import User
from accounts.trail import audit
from gateway import clock
from gateway.live_updates import live
from messaging.campaigns.dispatch import pausing, stages
from messaging.campaigns.dispatch.pausing import SOON
from messaging.campaigns.models import Campaign, CampaignQuerySet, CampaignState, ResendRequest


def seconds_left(campaign: Campaign) -> int:
    """In which it can be taken back; 0 where it cannot."""
    again = _sent_again_at(campaign)
    at = again or _begins_at(campaign)
    left = at - clock.now() if at else timedelta()
    is_for_later = again is None and (campaign.is_paused or campaign.send_at is not None)
    if is_for_later and left > SOON:
        return 0
    return max(0, ceil(left.total_seconds()))


def _begins_at(campaign: Campaign) -> datetime | None:
    if campaign.state == CampaignState.SCHEDULED:
        return campaign.begins_at
    return campaign.resumes_at if campaign.is_paused else None


def _sent_again_at(campaign: Campaign) -> datetime | None:
    again: ResendRequest | None = getattr(campaign, "resend_request", None)
    return again.begins_at if again else None


@transaction.atomic
def take_back(campaign: Campaign, *, by: User) -> bool:
    """Make it a draft again, or its rest wait again; what was to be sent again is as it was.

    False once it has begun.
    """
    anew = {"begins_at": None, "approved_by": None, "revision": F("revision") + 1}
    if not (
        _to_be_sent_again(campaign).delete()[0]
        or move(_waiting(campaign), CampaignState.SCHEDULED, to=CampaignState.DRAFT, **anew)
        or stages.take_back_rest(campaign)
        or pausing.stay_paused(campaign, until=clock.now() + SOON)
    ):
        return False
    audit.record(actor=by, customer=campaign.customer, verb="campaign.taken_back", subject=campaign)
    _announce(campaign)
    return True


@transaction.atomic
def wait_longer(campaign: Campaign, *, by: User) -> bool:
    """As many seconds again; False once it has begun."""
    longer = timedelta(seconds=settings.CAMPAIGN_GRACE)
    if not (
        _to_be_sent_again(campaign).update(begins_at=F("begins_at") + longer)
        or _waiting(campaign).update(begins_at=F("begins_at") + longer)
        or pausing.pause_longer(campaign, longer, until=clock.now() + SOON)
    ):
        return False
    audit.record(actor=by, customer=campaign.customer, verb="campaign.made_to_wait", subject=campaign)
    _announce(campaign)
    return True


def _to_be_sent_again(campaign: Campaign) -> QuerySet[ResendRequest]:
    return ResendRequest.objects.filter(campaign=campaign, begins_at__gt=clock.now())


def _waiting(campaign: Campaign) -> CampaignQuerySet:
    """Those that begin at once do so by a compare-and-swap of the same row: one of the two counts."""
    now = clock.now()
    own = Campaign.objects.filter(pk=campaign.pk, state=CampaignState.SCHEDULED, begins_at__gt=now)
    return own.filter(send_at=None) | own.filter(begins_at__lte=now + SOON)


def _announce(campaign: Campaign) -> None:
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
