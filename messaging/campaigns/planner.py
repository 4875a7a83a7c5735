"""Which recipients go into which call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol, TypeVar

SHORT_SUBMISSION = timedelta(seconds=60)  # a submission this short leaves at the chosen time itself
HEAD_START = timedelta(minutes=5)  # SmartDialog's sibling gateway asks for this before a SendDateTime
SAFETY_MARGIN = timedelta(minutes=1)  # with less than this to spare, calls no longer name a time
OVERDUE_AFTER = timedelta(
    minutes=30
)  # past its time by more than this, a campaign is asked about, never sent


class HasBatchKey(Protocol):
    key: str


R = TypeVar("R", bound=HasBatchKey)


@dataclass(frozen=True)
class Submission:
    """When the calls begin, counted back from send_at, and whether they carry it, for SmartDialog to wait."""

    begins_at: datetime
    ends_at: datetime
    carries_time: bool


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
    send_at: datetime, *, seconds: float, now: datetime, lead: timedelta = timedelta()
) -> Submission:
    """`seconds`: what the calls take. `lead`: by which SmartDialog was seen to want a time to be ahead.

    Where there is no time to be early, they begin at the chosen time.
    """
    need = timedelta(seconds=seconds)
    head_start = max(HEAD_START, lead + SAFETY_MARGIN) if lead else HEAD_START
    early = send_at - need - head_start
    if need > SHORT_SUBMISSION and early >= now:
        return Submission(early, send_at - head_start, carries_time=True)
    begins_at = max(send_at, now)
    return Submission(begins_at, begins_at + need, carries_time=False)


def in_time(send_at: datetime, *, seconds: float, now: datetime, lead: timedelta = timedelta()) -> bool:
    """Whether the last of calls that begin now and name `send_at` is made before it."""
    return now + timedelta(seconds=seconds) + max(lead, SAFETY_MARGIN) <= send_at
