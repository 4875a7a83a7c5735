"""The call ledger is the limiter: never more than the agreed calls in any 60 s of a connection."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from gateway import clock
from gateway.models import Call, Connection, Lane, Operation

WINDOW = 60.0  # seconds
# How long a call may run beyond its time-out before its slot counts as free again, in seconds.
SLACK = 5.0


@dataclass(frozen=True)
class NotBefore:
    """No slot now; there may be one at `at`."""

    at: datetime


def reserve(
    connection: Connection, *, name: str, lane: Lane, operation: Operation | None = None
) -> Call | NotBefore:
    """A slot for one call, or when to ask again. Commit before calling: the slot must outlive us.

    Counting and adding are one step for all processes, because each first updates the connection's row.
    """
    with transaction.atomic():
        Connection.objects.filter(pk=connection.pk).update(calls_made=F("calls_made") + 1)
        connection.refresh_from_db(fields=["paced_until", "blocked_until"])
        now = clock.now()
        wait = _held_up(connection, lane, now) or _window_full(connection, now)
        if wait is not None:
            transaction.set_rollback(True)
            return NotBefore(wait)
        if lane != Lane.INTERACTIVE:
            Connection.objects.filter(pk=connection.pk).update(paced_until=now + _pace())
        return Call.objects.create(
            connection=connection,
            operation=operation,
            name=name,
            lane=lane,
            reserved_at=now,
            held_until=now + timedelta(seconds=settings.SMARTDIALOG_CALL_TIMEOUT + SLACK + WINDOW),
        )


def answered(call: Call, *, status: int | None, error: str = "") -> None:
    """The call has ended, with or without an answer: its slot is used for 60 s more."""
    now = clock.now()
    call.answered_at = now
    call.held_until = now + timedelta(seconds=WINDOW)
    call.milliseconds = int((now - call.reserved_at).total_seconds() * 1000)
    call.status, call.error = status, error[:300]
    call.save(update_fields=["answered_at", "held_until", "milliseconds", "status", "error"])


def give_back(call: Call) -> None:
    """Free a slot whose call was never started."""
    call.delete()


def used(connection: Connection) -> int:
    """Slots in use now."""
    return Call.objects.filter(connection=connection, held_until__gt=clock.now()).count()


def prune(*, days: int = 30) -> int:
    """Forget calls older than `days`; returns how many."""
    return Call.objects.filter(reserved_at__lt=clock.now() - timedelta(days=days)).delete()[0]


def _held_up(connection: Connection, lane: Lane, now: datetime) -> datetime | None:
    holds = [connection.blocked_until]
    if lane != Lane.INTERACTIVE:
        holds.append(connection.paced_until)
    return max((hold for hold in holds if hold and hold > now), default=None)


def _window_full(connection: Connection, now: datetime) -> datetime | None:
    """When the slot that has to be freed first is freed, or None while there is room."""
    limit = settings.SMARTDIALOG_CALLS_PER_MINUTE
    in_use = Call.objects.filter(connection=connection, held_until__gt=now).order_by("-held_until")
    return in_use.values_list("held_until", flat=True)[limit - 1 : limit].first()


def _pace() -> timedelta:
    """Bulk calls are spread evenly, so that an interactive one never waits for a full window."""
    return timedelta(seconds=WINDOW / settings.SMARTDIALOG_CALLS_PER_MINUTE)
