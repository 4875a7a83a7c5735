"""The number of the call that carries somebody, given as they are listed: their row is written once.

Those who share a key share calls, and one is filled before the next begins. In stages, for people with a time
of their own, and for keys beyond MOST_KEYS, nobody is given one: the planner puts them into calls later.
"""

from django.db.models import Count, F, Max

from messaging.campaigns.models import Campaign, RecipientQuerySet, RecipientState
from messaging.campaigns.outcome import recipient_counts

MOST_KEYS = 100_000  # kept in memory: 30 MB

_Seen = tuple[int, int, int]


class Numbers:
    """Those given so far, as recipients have them: looked up again where others may have given some."""

    def __init__(self) -> None:
        self._seen: _Seen | None = None
        self._last = 0
        self._calls: dict[str, list[int]] = {}  # by key: the number of the last call, and its people

    def catch_up(self, campaign: Campaign) -> None:
        """In the transaction that lists the next people of `campaign`, as it was before."""
        self._size = 0 if campaign.has_stages else campaign.batch_size
        if self._seen == _seen(campaign):
            return
        highest = campaign.recipients.aggregate(last=Max("batch"))["last"] or 0
        self._last = max(highest, campaign.batches)
        numbered = campaign.recipients.filter(batch__gt=0, state=RecipientState.PLANNED).order_by("batch")
        calls = numbered.values_list("key", "batch").annotate(people=Count("pk"))
        self._calls = {key: [number, people] for key, number, people in calls}

    def keep_up(self, campaign: Campaign, row: int, contact: int) -> None:
        """All up to there are listed."""
        self._seen = campaign.revision, row, contact

    def next(self, key: str) -> int | None:
        """The number of one more with this key."""
        call = self._calls.get(key)
        if call is None:
            if not self._size or len(self._calls) >= MOST_KEYS:
                return None
            call = self._calls[key] = [0, self._size]
        if call[1] >= self._size:
            self._last += 1
            call[:] = self._last, 0
        call[1] += 1
        return call[0]


def of_no_call_yet(campaign: Campaign) -> RecipientQuerySet:
    """Who were given a number whose call is still to be written."""
    return campaign.recipients.of_calls_after(campaign.batches)


def make_room(campaign: Campaign, calls: int) -> None:
    """So many calls take the next numbers; those who were given these get higher ones than all others."""
    unwritten = campaign.recipients.filter(batch__gt=campaign.batches)
    if last := unwritten.aggregate(last=Max("batch"))["last"]:
        by = max(last - campaign.batches, calls)
        unwritten.filter(batch__lte=campaign.batches + calls).update(batch=F("batch") + by)


def last_of_about(campaign: Campaign, people: int) -> int | None:
    """The number up to which calls still to be written have about so many people; None without any.

    What is read beyond is read in vain, each time.
    """
    last = of_no_call_yet(campaign).aggregate(last=Max("batch"))["last"]
    if last is None:
        return None
    states = {state: number for _, state, number in recipient_counts.by_state([campaign.pk])}
    planned = states.get(RecipientState.PLANNED, 0)
    return min(last, campaign.batches + max(1, people * last // max(planned, 1)))


def _seen(campaign: Campaign) -> _Seen:
    return campaign.revision, campaign.list_cursor, campaign.cursor
