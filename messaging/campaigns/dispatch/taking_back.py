"""The seconds after somebody has pressed Send, in which it can be taken back, or made to wait longer."""

from datetime import timedelta
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts import audit
from accounts.models import User
from gateway import clock, live
from messaging.campaigns.models import Campaign, CampaignQuerySet, CampaignState


def seconds_left(campaign: Campaign) -> int:
    """In which it can be taken back; 0 where it cannot."""
    if campaign.state != CampaignState.SCHEDULED or campaign.send_at or campaign.begins_at is None:
        return 0
    return max(0, ceil((campaign.begins_at - clock.now()).total_seconds()))


@transaction.atomic
def take_back(campaign: Campaign, *, by: User) -> bool:
    """Make it a draft again; False once it has begun."""
    draft = {"state": CampaignState.DRAFT, "begins_at": None, "approved_by": None}
    if not _waiting(campaign).update(**draft, revision=F("revision") + 1):
        return False
    audit.record(actor=by, customer=campaign.customer, verb="campaign.taken_back", subject=campaign)
    _announce(campaign)
    return True


@transaction.atomic
def wait_longer(campaign: Campaign, *, by: User) -> bool:
    """As many seconds again; False once it has begun."""
    longer = timedelta(seconds=settings.CAMPAIGN_GRACE)
    if not _waiting(campaign).update(begins_at=F("begins_at") + longer):
        return False
    audit.record(actor=by, customer=campaign.customer, verb="campaign.made_to_wait", subject=campaign)
    _announce(campaign)
    return True


def _waiting(campaign: Campaign) -> CampaignQuerySet:
    """Those that begin at once do so by a compare-and-swap of the same row: one of the two counts."""
    return Campaign.objects.filter(
        pk=campaign.pk, state=CampaignState.SCHEDULED, send_at=None, begins_at__gt=clock.now()
    )


def _announce(campaign: Campaign) -> None:
    live.announce(campaign.customer, campaign.topic)
    live.announce(campaign.customer, "campaigns")
