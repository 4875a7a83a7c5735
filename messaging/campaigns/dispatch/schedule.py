"""When a campaign's calls are made, beside all others of the same connection that wait or are scheduled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway import clock, outbox, quirks
from gateway.models import Connection, Lane
from messaging.campaigns.dispatch import planner
from messaging.campaigns.dispatch.planner import Submission, Window
from messaging.campaigns.models import Campaign

A_MOMENT = timedelta(seconds=1)
WAITING = "calls that wait already"


@dataclass(frozen=True)
class Plan:
    """`earliest`: where the chosen time cannot be kept, the first that can; `before`: what is in its way."""

    submission: Submission
    earliest: datetime | None = None
    before: Sequence[Window] = ()


def plan(campaign: Campaign, connection: Connection, *, calls: int) -> Plan:
    now = clock.now()
    send_at = campaign.send_at or now
    seconds = outbox.seconds_for(calls)
    busy = _busy(connection, now, besides=campaign)
    lead = quirks.of(campaign.customer_id).lead
    submission = planner.submission(send_at, seconds=seconds, now=now, busy=busy, lead=lead)
    if campaign.send_at is None or submission.keeps(send_at):
        return Plan(submission)
    before = [window for window in busy if window.begins_at < submission.ends_at]
    return Plan(submission, planner.earliest_hour(seconds, now=now, busy=busy, lead=lead), before)


def unwritten_calls(connection: Connection) -> int:
    """Of campaigns under way, those that are not in the outbox yet."""
    planning = Campaign.objects.planning().filter(connection=connection)
    return sum(max((each.calls or 0) - each.batches, 0) for each in planning)


def _busy(connection: Connection, now: datetime, *, besides: Campaign) -> list[Window]:
    """What waits in the outbox is made first; each scheduled campaign when it is to begin."""
    ends_at = outbox.eta(connection, calls=unwritten_calls(connection), lane=Lane.CAMPAIGN)
    waiting = Window(now, ends_at, WAITING)
    scheduled = Campaign.objects.upcoming().filter(connection=connection, begins_at__isnull=False)
    windows = [_window(each) for each in scheduled.exclude(pk=besides.pk).order_by("begins_at", "pk")]
    return [window for window in (waiting, *windows) if window.ends_at - window.begins_at > A_MOMENT]


def _window(campaign: Campaign) -> Window:
    assert campaign.begins_at
    takes = timedelta(seconds=outbox.seconds_for(campaign.calls or 0))
    return Window(campaign.begins_at, campaign.begins_at + takes, str(campaign))
