"""Which recipients go into which call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Protocol, TypeVar

SHORT_SUBMISSION = timedelta(seconds=60)  # a submission this short leaves at the chosen time itself
HEAD_START = timedelta(minutes=5)  # SmartDialog's sibling gateway asks for this before a SendDateTime
SAFETY_MARGIN = timedelta(minutes=1)  # with less than this to spare, calls no longer name a time


class HasBatchKey(Protocol):
    @property
    def key(self) -> str: ...


_STEP = 300  # seconds

R = TypeVar("R", bound=HasBatchKey)


@dataclass(frozen=True)
class Submission:
    """When the calls begin, counted back from send_at, and whether they carry it, for SmartDialog to wait."""

    begins_at: datetime
    ends_at: datetime
    carries_time: bool

    def keeps(self, send_at: datetime) -> bool:
        """Whether all get it at that time, or so soon after it that nobody minds."""
        return self.carries_time or self.ends_at - send_at <= SHORT_SUBMISSION


@dataclass(frozen=True)
class Window:
    """A time in which other calls of the same connection are made; `what` names them."""

    begins_at: datetime
    ends_at: datetime
    what: str = ""


def batches(recipients: Sequence[R], *, size: int, more: bool) -> list[list[R]]:
    """Calls of at most `size` recipients with equal keys, from recipients sorted by key.

    `more`: others follow these. Then the last batch is left for them to join unless it is full.
    """
    found = [
        batch[start : start + size]
        for batch in (list(group) for _, group in groupby(recipients, key=lambda each: each.key))
        for start in range(0, len(batch), size)
    ]
    if more and len(found) > 1 and len(found[-1]) < size:
        found.pop()
    return found


def submission(
    send_at: datetime,
    *,
    seconds: float,
    now: datetime,
    busy: Sequence[Window] = (),
    lead: timedelta = timedelta(),
) -> Submission:
    """`seconds`: what the calls take, beside those of the `busy` windows.

    `lead`: by which SmartDialog was seen to want a time to be ahead.

    Where there is no time to be early, they begin at the chosen time.
    """
    need = timedelta(seconds=seconds)
    begins_at = max(send_at, now)
    at_the_time = Submission(begins_at, earliest_end(begins_at, need, busy), carries_time=False)
    deadline = send_at - _head_start(lead)
    early = latest_start(deadline, need, busy)
    if at_the_time.keeps(send_at) or early < now:
        return at_the_time
    return Submission(early, deadline, carries_time=True)


def _head_start(lead: timedelta) -> timedelta:
    return max(HEAD_START, lead + SAFETY_MARGIN)


def earliest_hour(
    seconds: float, *, now: datetime, busy: Sequence[Window] = (), lead: timedelta = timedelta()
) -> datetime:
    """The first time, in whole steps of five minutes, that calls which begin now can keep."""
    done_at = earliest_end(now, timedelta(seconds=seconds), busy) + _head_start(lead)
    return datetime.fromtimestamp(-(-done_at.timestamp() // _STEP) * _STEP, UTC)


def earliest_end(start: datetime, need: timedelta, busy: Sequence[Window]) -> datetime:
    """When so much time has been free from `start` on."""
    end = start + need
    for window in _one_after_the_other(busy):
        if window.ends_at > start and window.begins_at < end:
            end += window.ends_at - max(window.begins_at, start)
    return end


def latest_start(end: datetime, need: timedelta, busy: Sequence[Window]) -> datetime:
    """From when on so much time is free before `end`."""
    start = end - need
    for window in reversed(_one_after_the_other(busy)):
        if window.begins_at < end and window.ends_at > start:
            start -= min(window.ends_at, end) - window.begins_at
    return start


def _one_after_the_other(windows: Sequence[Window]) -> list[Window]:
    """As the calls are made: what is to begin while others are made begins after them."""
    made: list[Window] = []
    for window in sorted(windows, key=lambda each: each.begins_at):
        begins_at = max(window.begins_at, made[-1].ends_at) if made else window.begins_at
        made.append(Window(begins_at, begins_at + (window.ends_at - window.begins_at), window.what))
    return made


def may_be_named(send_at: datetime, *, now: datetime, lead: timedelta = timedelta()) -> bool:
    """Whether a call that leaves now may carry the time: nearer than the margin it would be refused."""
    return now + max(lead, SAFETY_MARGIN) <= send_at


def in_time(send_at: datetime, *, seconds: float, now: datetime, lead: timedelta = timedelta()) -> bool:
    """Whether the last of calls that begin now and name `send_at` is made before it."""
    return may_be_named(send_at, now=now + timedelta(seconds=seconds), lead=lead)
