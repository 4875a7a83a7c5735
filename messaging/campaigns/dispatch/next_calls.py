"""Which people the next calls carry: those who have the number of theirs, and then all others who wait.

Calls are written a little ahead of their turn: of a million that SmartDialog takes over days, each word that
changes meanwhile would have to be found in all of them.
"""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from django.conf import settings

from gateway import clock, outbox
from messaging.campaigns.dispatch import last_look, numbering, pausing, planner, recipient_changes
from messaging.campaigns.dispatch.recipient_changes import WaitingRecipient
from messaging.campaigns.models import Campaign, RecipientQuerySet, RecipientState

MINUTES_AHEAD = 20  # of calls, for which worker and database may be busy with other things
Calls = dict[int, list[WaitingRecipient]]


class NextCalls(NamedTuple):
    """People by the number of their call. `last`: the highest, also of calls of which nobody is left."""

    people: Calls
    last: int
    more: bool


def are_written_ahead(campaign: Campaign) -> bool:
    """Whether enough of its calls wait to leave, or those of a campaign whose turn is earlier come first."""
    if outbox.waits_to_leave(_enough(), batch=campaign.batch):
        return True
    return any(map(_comes_first, campaign.planned_before()))


def wait_for_their_time(campaign: Campaign) -> bool:
    """SmartDialog did not take calls that name it. Where people have times of their own each call waits."""
    if campaign.own_time or campaign.carries_time or campaign.send_at is None:
        return False
    return campaign.send_at > clock.now()


def _enough() -> int:
    return MINUTES_AHEAD * settings.SMARTDIALOG_CALLS_PER_MINUTE


def _comes_first(earlier: Campaign) -> bool:
    """Some of its calls wait to leave, or its next ones are about to be written: its people are being listed,
    or those that were written have left. One that stands still keeps nobody waiting.
    """
    if outbox.waits_to_leave(batch=earlier.batch):
        return True
    if wait_for_their_time(earlier) or outbox.waits_until(earlier.batch):
        return False
    return not pausing.stands_still(earlier)


def take(campaign: Campaign, most: int) -> NextCalls:
    """Of the next `most` people who wait; who wants none any more is left out, with the reason.

    In the transaction that makes their calls, for `campaign` as it is then.
    """
    return _numbered(campaign, most) or _others(campaign, most)


def _numbered(campaign: Campaign, most: int) -> NextCalls | None:
    waiting, size = numbering.of_no_call_yet(campaign), campaign.batch_size
    last = numbering.last_of_about(campaign, most)
    if last is None:
        return None
    last = min(last, campaign.batches + _enough())
    found = _next(campaign, waiting.filter(batch__lte=last).order_by("batch", "pk"), most)
    calls = _by_number(found)
    if any(len(people) > size for people in calls.values()):
        waiting.update(batch=None)  # since they were listed, a call of fewer was found to be the largest
        return None
    if len(found) > most:
        calls.popitem()  # others of the last one may follow
        last = max(calls)
    willing = _willing(campaign, [each for people in calls.values() for each in people])
    return NextCalls(_by_number(willing), last, True)


def _by_number(people: Sequence[WaitingRecipient]) -> Calls:
    return {number: list(group) for number, group in groupby(people, key=attrgetter("batch"))}


def _others(campaign: Campaign, most: int) -> NextCalls:
    waiting = campaign.recipients.filter(
        batch=None, state=RecipientState.PLANNED, stage__lte=campaign.stage, wording__isnull=False
    )
    found = _next(campaign, waiting.order_by("stage", "key", "pk"), most)
    more = len(found) > most
    willing = _willing(campaign, found[:most])
    made = planner.batches(willing, size=campaign.batch_size, more=more)
    last = campaign.batches + len(made)
    return NextCalls(dict(enumerate(made, start=campaign.batches + 1)), last, more)


def _next(campaign: Campaign, waiting: RecipientQuerySet, most: int) -> list[WaitingRecipient]:
    """And one more, if there are more."""
    return recipient_changes.waiting(last_look.judged(campaign, waiting)[: most + 1])


def _willing(campaign: Campaign, people: Sequence[WaitingRecipient]) -> list[WaitingRecipient]:
    skipped = last_look.skip_unwilling(campaign, people)
    return [each for each in people if each.phone not in skipped]
