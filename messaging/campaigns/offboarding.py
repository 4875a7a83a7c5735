"""Campaigns of a person who may do no more: held before they begin; what is under way waits for its calls."""

from collections.abc import Collection

from django.db.models import F, Q

from accounts.db.state_moves import move
from accounts.models import Customer, User
from accounts.people.offboarding import Belongings, belongs
from accounts.trail import audit
from gateway.models import Connection
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import recurring, sending
from messaging.campaigns.models import CANCELLABLE, UNDER_WAY, Campaign, CampaignState, Recurrence
from messaging.campaigns.models.campaign_queryset import CampaignQuerySet
from messaging.campaigns.models.hold_reason import Hold, HoldReason
from messaging.campaigns.models.recurrence import RecurrenceQuerySet

TO_BEGIN = [CampaignState.AWAITING, CampaignState.SCHEDULED]
HELD = "{why}. Nothing was sent. Look at it and send it yourself, or cancel it."


@belongs("campaigns")
class Campaigns(Belongings):
    title, one = "campaigns", "campaign"

    def count(self, person: User) -> int:
        return _unfinished(person).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        """Those that are to begin. Those under way go on, and their calls wait with the connection."""
        scheduled = _unfinished(person).filter(state__in=TO_BEGIN)
        held = sum(_hold(campaign, by=by, why=why) for campaign in scheduled)
        return held + _unfinished(person).filter(state__in=UNDER_WAY).count()

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        """Held ones stay held, for who has them now to look at; those under way go on."""
        mine = _unfinished(person).filter(customer__in=customers)
        given = Campaign.objects.filter(pk__in=list(mine.values_list("pk", flat=True)))
        theirs = Q(connection=None) | Q(connection__user=person)
        given.filter(theirs).update(connection=Connection.objects.of(to))
        given.filter(created_by=person).update(created_by=to)
        return given.update(revision=F("revision") + 1)

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        mine = list(_unfinished(person).filter(customer__in=customers))
        for campaign in mine:
            lifecycle.cancel(campaign, by=by)
        return len(mine)


@belongs("repeated campaigns")
class RepeatedCampaigns(Belongings):
    """Each next one is held as it is made, so there is nothing to hold before."""

    title, one = "campaigns that come again", "campaign that comes again"

    def count(self, person: User) -> int:
        return _to_come(person).count()

    def hold(self, person: User, *, by: User, why: str) -> int:
        return self.count(person)

    def hand_over(self, person: User, *, to: User, by: User, customers: Collection[Customer]) -> int:
        return _to_come(person).filter(customer__in=customers).update(by=to)

    def cancel(self, person: User, *, by: User, customers: Collection[Customer]) -> int:
        mine = _to_come(person).filter(customer__in=customers).select_related("campaign__customer")
        return sum(recurring.end(each.campaign, by=by) for each in mine)


def _to_come(person: User) -> RecurrenceQuerySet:
    return Recurrence.objects.filter(by=person).exclude(next_at=None)


def _unfinished(person: User) -> CampaignQuerySet:
    """Whoever wrote it, and whoever's sign-in sends it: another may have sent it again, or the rest of it."""
    mine = Q(created_by=person) | Q(connection__user=person)
    return Campaign.objects.filter(mine, state__in=CANCELLABLE).select_related("customer")


def _hold(campaign: Campaign, *, by: User, why: str) -> bool:
    mine = Campaign.objects.filter(pk=campaign.pk)
    hold = Hold(HoldReason.AUTHOR_GONE, HELD.format(why=why))
    held = {"held_reason": hold.words, "revision": F("revision") + 1}
    if not move(mine, *TO_BEGIN, to=CampaignState.HELD, **held):
        return False
    told = hold.told
    audit.record(actor=by, customer=campaign.customer, verb="campaign.held", subject=campaign, after=told)
    sending.announce(campaign)
    return True
