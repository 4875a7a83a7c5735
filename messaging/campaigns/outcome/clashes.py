"""Campaigns that reach people at about the same time, and so compete for their attention.

Also by their rest, as they come again, or as they take long to send.
"""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import clock, outbox
from messaging.campaigns.models import UNDER_WAY, Campaign, CampaignState, Recurrence

CLOSE = timedelta(hours=1)
TO_BEGIN = [CampaignState.SCHEDULED, CampaignState.AWAITING]


@dataclass(frozen=True)
class Reaching:
    """When people get something of a campaign, whose `key` it is."""

    key: Hashable
    begins_at: datetime
    ends_at: datetime


def clashing(campaigns: Iterable[Campaign], repeats: Iterable[tuple[datetime, Recurrence]]) -> set[Hashable]:
    """The keys of those within an hour of another: a campaign's own, a repeat's with its time."""
    times = [each for campaign in campaigns for each in _of_campaign(campaign)]
    times += [_of_repeat(moment, each) for moment, each in repeats]
    times.sort(key=lambda each: each.begins_at)
    found: set[Hashable] = set()
    for number, one in enumerate(times):
        for other in times[number + 1 :]:
            if other.begins_at - one.ends_at >= CLOSE:
                break
            if other.key != one.key:
                found |= {one.key, other.key}
    return found


def repeat_key(moment: datetime, recurrence: Recurrence) -> Hashable:
    return recurrence.pk, moment


def _of_campaign(campaign: Campaign) -> Iterator[Reaching]:
    """What is still to come of it."""
    if campaign.own_time and campaign.goes_at and campaign.state in [*TO_BEGIN, *UNDER_WAY]:
        yield _of_zones(campaign, campaign.goes_at)
    elif campaign.state in TO_BEGIN and campaign.goes_at:
        begins_at = campaign.goes_at
        takes = timedelta() if campaign.carries_time else _takes(campaign.first_calls)
        ends_at = campaign.goes_at + takes
        yield Reaching(campaign.pk, begins_at, ends_at)
        if rest_at := campaign.has_stages and campaign.wait_ends_at(ends_at):
            yield _rest(campaign, rest_at)
    elif campaign.is_waiting_for_rest and campaign.rest_due_at:
        yield _rest(campaign, campaign.rest_due_at)


def _of_zones(campaign: Campaign, at: datetime) -> Reaching:
    """From whom it reaches first, or from now on, to whom it reaches last."""
    first, last = campaign.begins_at or at, max(campaign.ends_at or at, at)
    return Reaching(campaign.pk, min(clock.now(), last) if campaign.is_under_way else min(first, at), last)


def _rest(campaign: Campaign, begins_at: datetime) -> Reaching:
    takes = _takes((campaign.calls or 0) - campaign.first_calls)
    return Reaching(campaign.pk, begins_at, begins_at + takes)


def _of_repeat(moment: datetime, recurrence: Recurrence) -> Reaching:
    calls = (recurrence.latest or recurrence.campaign).calls or 0
    return Reaching(repeat_key(moment, recurrence), moment, moment + _takes(calls))


def _takes(calls: int) -> timedelta:
    return timedelta(seconds=outbox.seconds_for(calls))
