"""When a campaign's calls are made, beside all others of the same connection that wait or are scheduled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import clock, outbox, quirks
from gateway.models import Connection, Lane
from messaging.campaigns.dispatch import planner
from messaging.campaigns.dispatch.planner import Submission, Window
from messaging.campaigns.models import Campaign, CampaignQuerySet

A_MOMENT = timedelta(seconds=1)
WAITING = "calls that wait already"


@dataclass(frozen=True)
class Plan:
    """`rest_done_at`: of one sent in stages, where it waits for no person.

    `earliest`: where the chosen time cannot be kept, the first that can; `before`: what is in its way.
    """

    submission: Submission
    rest_done_at: datetime | None = None
    earliest: datetime | None = None
    before: Sequence[Window] = ()


def plan(campaign: Campaign, connection: Connection, *, calls: int) -> Plan:
    now = clock.now()
    send_at = campaign.send_at or now
    seconds = outbox.seconds_for(campaign.number_of_first(calls))
    busy = _busy(connection, now, besides=campaign)
    lead = quirks.of(campaign.customer_id).lead
    submission = planner.submission(send_at, seconds=seconds, now=now, busy=busy, lead=lead)
    rest_done_at = _rest_done_at(campaign, submission, calls, busy)
    if campaign.send_at is None or submission.keeps(send_at):
        return Plan(submission, rest_done_at)
    before = [window for window in busy if window.begins_at < submission.ends_at]
    earliest = planner.earliest_hour(seconds, now=now, busy=busy, lead=lead)
    return Plan(submission, rest_done_at, earliest, before)


def _rest_done_at(
    campaign: Campaign, submission: Submission, calls: int, busy: Sequence[Window]
) -> datetime | None:
    begins_at = campaign.wait_ends_at(max(submission.ends_at, campaign.send_at or submission.ends_at))
    if not campaign.has_stages or campaign.is_for_a_person or begins_at is None:
        return None
    return planner.earliest_end(begins_at, _takes(calls - campaign.number_of_first(calls)), busy)


def unwritten_calls(connection: Connection) -> int:
    """Of campaigns under way, those that are not in the outbox yet."""
    planning = Campaign.objects.planning().filter(connection=connection)
    return sum(max(each.calls_now - each.batches, 0) for each in planning)


def _busy(connection: Connection, now: datetime, *, besides: Campaign) -> list[Window]:
    """What waits in the outbox is made first; each scheduled campaign when it is to begin."""
    ends_at = outbox.eta(connection, calls=unwritten_calls(connection), lane=Lane.CAMPAIGN)
    waiting = Window(now, ends_at, WAITING)
    scheduled = Campaign.objects.upcoming().filter(connection=connection, begins_at__isnull=False)
    in_order = scheduled.exclude(pk=besides.pk).order_by("begins_at", "pk")
    windows = [window for each in in_order for window in _windows(each)]
    windows += [
        window for each in _before_rest(connection) for window in _rest_window(each, each.rest_due_at)
    ]
    return [window for window in (waiting, *windows) if window.ends_at - window.begins_at > A_MOMENT]


def _before_rest(connection: Connection) -> CampaignQuerySet:
    return Campaign.objects.before_rest().filter(connection=connection)


def _windows(campaign: Campaign) -> Iterator[Window]:
    assert campaign.begins_at
    ends_at = campaign.begins_at + _takes(campaign.first_calls)
    yield Window(campaign.begins_at, ends_at, str(campaign))
    yield from _rest_window(campaign, campaign.wait_ends_at(max(ends_at, campaign.send_at or ends_at)))


def _rest_window(campaign: Campaign, begins_at: datetime | None) -> Iterator[Window]:
    """Of the rest, where it is known when it goes on."""
    if campaign.has_stages and begins_at:
        takes = _takes((campaign.calls or 0) - campaign.first_calls)
        yield Window(begins_at, begins_at + takes, f"The rest of {campaign}")


def _takes(calls: int) -> timedelta:
    return timedelta(seconds=outbox.seconds_for(calls))
