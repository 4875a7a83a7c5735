"""The call ledger is the rate limiter, a sliding window: no more calls than agreed in any 60 s."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Avg, Count, F, Min, QuerySet

from gateway import clock
from gateway.models import Call, Connection, Lane, Operation
from gateway.rate_limit import shared_limit

WINDOW = 60.0  # seconds
# How long a call may run beyond its time-out before its slot counts as free again, in seconds.
SLACK = 5.0
# How far two processes' readings of the same clock may lie apart, in seconds.
CLOCK_SKEW = 0.05
# Of so many calls one is kept for whoever waits for it in front of a page.
INTERACTIVE_RESERVE = 50
# From how many answers the next one's time is guessed.
LATELY = 10
# From how many calls of the last minute their pace is told.
ENOUGH = 5
# Seconds. Where answers take as long, all slots are worked with: 98 of them make 93 % of the calls.
SLOW_ANSWER = 1.0


@dataclass(frozen=True)
class NotBefore:
    """No slot now; there may be one at `at`."""

    at: datetime


def next_slot_at(connection: Connection, lane: Lane) -> datetime | None:
    """When a call of the lane may be made, as far as `connection` knows; None for now. Reads only."""
    now = clock.now()
    return _blocked_or_paced(connection, lane, now) or _window_frees_at(connection, lane, now)


def reserve(
    connection: Connection, *, name: str, lane: Lane, operation: Operation | None = None
) -> Call | NotBefore:
    """A slot for one call, or when to ask again. Commit before calling: the slot must outlive us.

    Counting and adding are atomic over all processes: each locks the connection's row first, by an update.
    """
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(calls_made=F("calls_made") + 1)
        shared_limit.lock(connection, operation)
        connection.refresh_from_db(fields=["paced_until", "blocked_until"])
        now = clock.now()
        wait = (
            _blocked_or_paced(connection, lane, now)
            or _window_frees_at(connection, lane, now)
            or _shared_window_frees_at(operation, lane, now)
        )
        if wait is not None:
            transaction.set_rollback(True)
            return NotBefore(wait)
        # A reply waits for no pace, and counts in it beside bulk calls: else the window would be full early.
        connection.paced_until = _paced_until(connection, lane, now)
        connection.save(update_fields=["paced_until"])
        slot = Call.objects.create(
            connection=connection,
            operation=operation,
            name=name,
            lane=lane,
            reserved_at=now,
            held_until=now
            + timedelta(seconds=settings.SMARTDIALOG_CALL_TIMEOUT + SLACK + WINDOW + CLOCK_SKEW),
        )
        slot.began = clock.monotonic()
        return slot


@transaction.atomic(savepoint=False)  # the clock that is read must still be the one that the slot is held by
def record_answer(call: Call, *, status: int | None, error: str = "") -> None:
    """The call has ended, with or without an answer: its slot is used for 60 s more."""
    ended = call.ended or clock.monotonic()
    call.answered_at = clock.now() - timedelta(seconds=clock.monotonic() - ended)
    call.held_until = call.answered_at + timedelta(seconds=WINDOW + CLOCK_SKEW)
    call.milliseconds = int((ended - call.began) * 1000)
    call.status, call.error = status, error[:300]
    call.save(update_fields=["answered_at", "held_until", "milliseconds", "status", "error"])


def release(call: Call) -> None:
    """Free a slot whose call was never started."""
    call.delete()


def answer_time(connection: Connection) -> float:
    """Seconds that the last answers took, on average; 0 where nothing is known."""
    answered = Call.objects.filter(connection=connection, milliseconds__isnull=False).order_by("-held_until")
    mean: float | None = answered[:LATELY].aggregate(mean=Avg("milliseconds"))["mean"]
    return (mean or 0.0) / 1000


def has_taken_since(connection: Connection, since: datetime, *, lane: Lane, batch: str = "") -> bool:
    """Of the lane; or only of a batch of it."""
    answered = Call.objects.filter(connection=connection, held_until__gte=since, answered_at__gte=since)
    taken = answered.filter(lane=lane, status=200)
    return (taken.filter(operation__batch=batch) if batch else taken).exists()


def seconds_for_a_call(connection: Connection, *, lane: Lane) -> float | None:
    """As calls of the lane were taken in the last minute, until now; None where they were too few to tell."""
    now = clock.now()
    lately = Call.objects.filter(connection=connection, held_until__gt=now, answered_at__isnull=False)
    taken = lately.filter(lane=lane, status=200).aggregate(number=Count("pk"), first=Min("answered_at"))
    if taken["number"] < ENOUGH:
        return None
    return (now - taken["first"]).total_seconds() / (taken["number"] - 1)


def used(connection: Connection) -> int:
    """Slots in use now."""
    return Call.objects.filter(connection=connection, held_until__gt=clock.now()).count()


def shift_clock(by: timedelta) -> None:
    """The clock is being set: what is held stays so for as long. In the transaction that sets it."""
    held = Call.objects.filter(held_until__gt=clock.now())
    held.update(reserved_at=F("reserved_at") + by, held_until=F("held_until") + by)
    Connection.objects.update(paced_until=F("paced_until") + by, blocked_until=F("blocked_until") + by)


def prune(before: datetime) -> int:
    """Forget calls that were made before; returns how many."""
    return Call.objects.filter(reserved_at__lt=before).delete()[0]


def _blocked_or_paced(connection: Connection, lane: Lane, now: datetime) -> datetime | None:
    holds = [connection.blocked_until]
    if lane != Lane.INTERACTIVE:
        holds.append(connection.paced_until)
    return max((hold for hold in holds if hold and hold > now), default=None)


def _window_frees_at(connection: Connection, lane: Lane, now: datetime) -> datetime | None:
    """When the slot that has to be freed first is freed, or None while there is room."""
    in_use = Call.objects.filter(connection=connection, held_until__gt=now).order_by("-held_until")
    frees_at = _frees_at(in_use, _limit(lane))
    if frees_at and lane != Lane.INTERACTIVE and _may_lend_reserve(connection, in_use):
        return _frees_at(in_use, _limit(Lane.INTERACTIVE))
    return frees_at


def _shared_window_frees_at(operation: Operation | None, lane: Lane, now: datetime) -> datetime | None:
    shared = shared_limit.slots(operation)
    if shared is None:
        return None
    return _frees_at(shared.filter(held_until__gt=now).order_by("-held_until"), _limit(lane))


def _frees_at(in_use: QuerySet[Call], limit: int) -> datetime | None:
    return in_use.values_list("held_until", flat=True)[limit - 1 : limit].first()


def _may_lend_reserve(connection: Connection, in_use: QuerySet[Call]) -> bool:
    """Whether a full window would cost a reply little: its answer takes longer than until a slot is freed.

    And nobody has replied, or asked for anything, within the window.
    """
    is_slow = answer_time(connection) >= SLOW_ANSWER
    return is_slow and not in_use.filter(lane=Lane.INTERACTIVE).exists()


def _limit(lane: Lane) -> int:
    """Paced lanes leave a few slots to interactive calls, so that those never wait for a full window."""
    whole: int = settings.SMARTDIALOG_CALLS_PER_MINUTE
    return whole if lane == Lane.INTERACTIVE else whole - whole // INTERACTIVE_RESERVE


def pacing_interval() -> timedelta:
    """From one bulk call to the next: spread evenly, so that slots come free evenly a minute later."""
    return timedelta(seconds=WINDOW / _limit(Lane.BULK))


def slot_interval() -> float:
    """Seconds from one call to the next where all are used."""
    return WINDOW / settings.SMARTDIALOG_CALLS_PER_MINUTE


def _paced_until(connection: Connection, lane: Lane, now: datetime) -> datetime | None:
    """Counted from when this call was to be made, not from when it was: delays do not add up.

    Where nothing has been paced lately, a reply keeps nobody waiting.
    """
    earliest = now - timedelta(seconds=settings.SMARTDIALOG_MAX_BURST)
    paced_until = connection.paced_until or earliest
    if lane == Lane.INTERACTIVE and paced_until <= earliest:
        return connection.paced_until
    return max(paced_until, earliest) + pacing_interval()
