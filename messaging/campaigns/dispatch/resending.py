"""Sending a campaign that is over to those who did not get it, in other calls and under other RequestIds.

Never to who has it, nor to who may have it unless a person says so; never to who wants no messages any more.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.db.state_moves import move
from accounts.models import User
from contacts.models import OptOutRequest, Suppression
from gateway import clock, outbox
from gateway.sign_in import connections
from gateway.sign_in.connections import NotConnected
from gateway.workers.wake_up import wake_on_commit
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences import listed_people
from messaging.campaigns.audiences.reach import still_there
from messaging.campaigns.dispatch.stopping import CANCELLED_REASON, STOPPED_REASON
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import (
    REST,
    Campaign,
    CampaignRules,
    CampaignState,
    Recipient,
    RecipientState,
    ResendRequest,
)
from messaging.campaigns.rules import sending_hours

OVER = [CampaignState.SENT, CampaignState.CANCELLED]


class Missed(models.TextChoices):
    FAILED = "failed", "It failed: refused, or reported as not delivered"
    REST = "rest", "It was cancelled, or stopped, before their turn"
    OUTSIDE = "outside", "Their turn came outside the sending hours where they are"
    UNCERTAIN = "uncertain", "They may have it already, and would get it twice"


_WHO = {
    Missed.FAILED: Q(state=RecipientState.FAILED),
    Missed.REST: Q(state=RecipientState.SKIPPED, reason__in=[CANCELLED_REASON, STOPPED_REASON]),
    Missed.OUTSIDE: Q(state=RecipientState.SKIPPED, reason=sending_hours.OUTSIDE),
    Missed.UNCERTAIN: Q(state=RecipientState.UNCERTAIN),
}


class StillUnderWay(Exception):
    text = "A call of this campaign is still being made. Look again in a minute."


@dataclass(frozen=True)
class MissedPeople:
    """How many of a campaign may be sent it again, by why they missed it."""

    counts: dict[Missed, int]

    @property
    def expected(self) -> str:
        """What the person saw; anything else is shown to them first."""
        return " ".join(f"{who}:{number}" for who, number in self.counts.items())

    def __bool__(self) -> bool:
        return any(self.counts.values())


def is_possible(campaign: Campaign) -> bool:
    return campaign.state in OVER and campaign.begun_at is not None


def missed(campaign: Campaign) -> MissedPeople:
    return MissedPeople({who: people_of(campaign, [who]).count() for who in Missed})


def people_of(campaign: Campaign, whom: Collection[Missed]) -> QuerySet[Recipient]:
    """Who missed it in one of these ways, and may be messaged now."""
    customer, phone = campaign.customer, OuterRef("phone")
    active = still_there(campaign, Q(pk=OuterRef("contact"))).filter(phone=phone)
    return campaign.recipients.filter(
        reduce(or_, (_WHO[who] for who in whom), Q(pk=None)),
        Exists(active) | Exists(listed_people.still_there(campaign).filter(phone=phone)),
        ~Exists(Suppression.objects.stopping(customer, phone)),
        ~Exists(OptOutRequest.objects.waiting(customer, phone)),
    ).order_by()


@transaction.atomic
def resend(
    campaign: Campaign,
    whom: Collection[Missed],
    *,
    by: User,
    most: int | None = None,
    is_approved: bool = False,
) -> int:
    """Returns to how many; 0 where they are so many that a second person is asked first.

    `most`: as many as were agreed to. Raises NotConnected, StillUnderWay; CampaignChanged where none is
    left of them, or they are more.
    """
    if not is_approved and _asks_a_second_person(campaign, whom, by=by):
        return 0
    counts = _expected(campaign, whom, by=by)
    number = sum(counts.values())
    if most is not None and number > most:
        raise CampaignChanged
    if not lifecycle.waits_a_moment(campaign, whom, number, by=by):
        _resend_now(campaign, whom, clock.now(), by=by)
    lifecycle.record(campaign, "campaign.resent", by, after=counts)
    if not is_approved:
        lifecycle.record_alone(campaign, number, by)
    return number


@transaction.atomic
def begin_again(request: ResendRequest) -> None:
    """As was decided some seconds ago; where that cannot be done any more, its timeline says so."""
    if not ResendRequest.objects.due().filter(pk=request.pk).delete()[0]:
        return
    campaign = Campaign.objects.select_related("customer").get(pk=request.pk)
    try:
        with transaction.atomic():
            _begin_again(campaign, request)
    except (CampaignChanged, StillUnderWay, NotConnected):
        lifecycle.record(campaign, "campaign.not_resent", None)


def _begin_again(campaign: Campaign, request: ResendRequest) -> None:
    by = request.asked_by
    if by is None or not by.may_write_for(campaign.customer) or campaign.revision != request.revision:
        raise CampaignChanged
    if request.whom:
        _resend_now(campaign, [Missed(who) for who in request.whom], request.asked_at, by=by)
        return
    number = lifecycle.refused_people(campaign).count()  # others may have been refused since
    if number > request.people and CampaignRules.of(campaign.customer).asks_second_person(number, by):
        raise CampaignChanged
    lifecycle.retry_now(campaign, by=by)


def _expected(campaign: Campaign, whom: Collection[Missed], *, by: User) -> dict[str, int]:
    """How many it goes to, by why they missed it."""
    connections.for_user(by)
    over = Campaign.objects.filter(pk=campaign.pk, state__in=OVER, begun_at__isnull=False)
    counts = {who.value: people_of(campaign, [who]).count() for who in whom}
    if not any(counts.values()) or not lifecycle.lock_to_send_again(over):
        raise CampaignChanged
    if outbox.is_underway(batch=campaign.batch):
        raise StillUnderWay
    return counts


def _resend_now(campaign: Campaign, whom: Collection[Missed], until: datetime, *, by: User) -> None:
    """To who had missed it by then."""
    _reopen(campaign, whom, by=by)
    _give_up_calls(campaign, whom)
    if not _put_back(people_of(campaign, whom).filter(settled_at__lte=until)):
        raise CampaignChanged
    _forget_texts(campaign)
    wake_on_commit("messaging.campaigns.tasks.send_campaign", campaign.pk)


def _asks_a_second_person(campaign: Campaign, whom: Collection[Missed], *, by: User) -> bool:
    """Raises NotConnected: who asks has to be able to send it."""
    connections.for_user(by)
    people = sum(missed(campaign).counts[who] for who in whom)
    return is_possible(campaign) and lifecycle.ask_again(campaign, whom, people, by=by)


def _reopen(campaign: Campaign, whom: Collection[Missed], *, by: User) -> None:
    """Planned anew, by the sign-in of `by`. Raises CampaignChanged where it is not over any more."""
    now = clock.now()
    if not move(
        Campaign.objects.filter(pk=campaign.pk, begun_at__isnull=False),
        *OVER,
        to=CampaignState.PLANNING,
        connection=connections.for_user(by),
        rest_due_at=None,  # a text for who has none yet is chosen by a person
        listed_at=Coalesce("listed_at", Value(now)),  # whom it never listed, nobody has seen
        carries_time=False,
        ends_at=None,
        turn_at=now,
        moved_at=now,
        paused_at=None,
        pause_reason="",
        resumes_at=None,
        finished_at=None,
        revision=F("revision") + 1,
    ):
        raise CampaignChanged
    if Missed.REST in whom and not campaign.tries_texts:
        Campaign.objects.filter(pk=campaign.pk, rest_begun_at=None).update(rest_begun_at=now)


def _forget_texts(campaign: Campaign) -> None:
    """Of the rest, where it was cancelled before any were drawn."""
    if campaign.tries_texts and campaign.is_before_rest:
        rest = campaign.recipients.filter(stage=REST, state=RecipientState.PLANNED)
        rest.exclude(wording=None).update(wording=None)


def _give_up_calls(campaign: Campaign, whom: Collection[Missed]) -> None:
    """None of those that named them is tried again beside the new ones. Raises StillUnderWay."""
    if Missed.FAILED in whom:
        outbox.supersede_failed(batch=campaign.batch)
    if Missed.UNCERTAIN in whom:
        outbox.supersede(batch=campaign.batch)
    if outbox.is_underway(batch=campaign.batch):
        raise StillUnderWay


def _put_back(people: QuerySet[Recipient]) -> int:
    """Only who is still as they were: a report that they have it may come at any time."""
    return people.update(state=RecipientState.PLANNED, batch=None, remote_id="", reason="", settled_at=None)
