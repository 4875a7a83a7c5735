"""The rest of a campaign whose people have times of their own: by the end of the wait, theirs have passed.

They get it at the same time of the day where they are, on the first day on which that comes after the wait.
"""

from collections import defaultdict
from datetime import datetime

from django.db.models import Max, Min, Value
from django.db.models.functions import Concat, Substr

from messaging.campaigns.audiences.calling_codes import BEGINNING
from messaging.campaigns.audiences.new_recipients import MARK, MARK_LENGTH, mark_of, moment_of
from messaging.campaigns.models import FIRST, REST, Campaign, RecipientQuerySet, RecipientState
from messaging.campaigns.rules.own_times import OwnTimes


def last_of_first(campaign: Campaign) -> datetime | None:
    """When the last of the first have it, where they have times of their own."""
    first = campaign.recipients.filter(stage=FIRST, key__startswith=MARK)
    last = first.exclude(state=RecipientState.SKIPPED).aggregate(key=Max("key"))["key"]
    return moment_of(last) if last else None


def move_on(campaign: Campaign) -> None:
    """Once the rest was let go; in the transaction that holds the campaign. Who rests until later still does.

    A statement for each of the times; one query where it is done already. What is sent again, without a
    winner, goes at once.
    """
    times = OwnTimes.of(campaign)
    if times is None or campaign.rest_begun_at is None or campaign.winner is None:
        return
    passed = _passed(campaign, campaign.rest_begun_at)
    for (old, new), beginnings in _new_marks(passed, times, campaign.rest_begun_at).items():
        own = passed.alias(start=Substr("phone", 1, BEGINNING)).filter(key__startswith=old)
        own.filter(start__in=beginnings).update(key=Concat(Value(new), Substr("key", MARK_LENGTH + 1)))


def _passed(campaign: Campaign, let_go_at: datetime) -> RecipientQuerySet:
    rest = campaign.recipients.filter(state=RecipientState.PLANNED, batch=None, stage=REST)
    return rest.filter(key__startswith=MARK, key__lt=mark_of(let_go_at))


def _new_marks(
    passed: RecipientQuerySet, times: OwnTimes, let_go_at: datetime
) -> dict[tuple[str, str], list[str]]:
    """By the mark that keys begin with and the one that they get: the beginnings of the numbers."""
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    rows = passed.order_by().values(mark=Substr("key", 1, MARK_LENGTH), start=Substr("phone", 1, BEGINNING))
    for row in rows.annotate(example=Min("phone")):
        at = times.next_in(times.zone_of(row["example"]), let_go_at)
        found[row["mark"], mark_of(at)].append(row["start"])
    return found
