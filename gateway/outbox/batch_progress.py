"""How far a batch is, and when calls still to be made will have been made."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection as database
from django.db.models import Count, Max, Min, Q, Sum

from gateway import clock
from gateway.models import UNSETTLED, Backlog, BacklogState, Connection, Lane, Operation, OperationState
from gateway.rate_limit import ledger, shared_limit

# In SQL, as each page of a campaign asks it: Django takes longer to write it than the database to answer.
_PROGRESS_SQL = """
    SELECT state, COUNT(*) FROM gateway_operation WHERE batch = %(batch)s GROUP BY state
    UNION ALL
    SELECT 'left ' || state, CAST(SUM("left") AS bigint)
    FROM gateway_backlog WHERE batch = %(batch)s GROUP BY state
    UNION ALL
    SELECT 'dropped ' || state, CAST(SUM(dropped) AS bigint)
    FROM gateway_backlog WHERE batch = %(batch)s GROUP BY state
"""


@dataclass(frozen=True)
class Progress:
    """Operations of a batch by where they are; `total` is their sum."""

    waiting: int = 0  # includes those being sent
    done: int = 0
    failed: int = 0
    unknown: int = 0
    cancelled: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.settled

    @property
    def settled(self) -> int:
        return self.done + self.failed + self.unknown + self.cancelled

    @property
    def is_over(self) -> bool:
        return self.waiting == 0


def progress_of(batch: str) -> Progress:
    """One statement: between two, calls could be planned and be in neither, and a batch over too early."""
    with database.cursor() as cursor:
        cursor.execute(_PROGRESS_SQL, {"batch": batch})
        counts: Counter[str] = Counter(dict(cursor.fetchall()))
    cancelled = f"left {BacklogState.CANCELLED}"
    left = sum(count for name, count in counts.items() if name.startswith("left ") and name != cancelled)
    dropped = sum(count for name, count in counts.items() if name.startswith("dropped "))
    return Progress(
        waiting=sum(counts[state] for state in UNSETTLED) + left,
        done=counts[OperationState.DONE],
        failed=counts[OperationState.FAILED],
        unknown=counts[OperationState.UNKNOWN],
        cancelled=counts[OperationState.CANCELLED] + dropped + counts[cancelled],
    )


def failed_calls(batches: Collection[str]) -> dict[str, int]:
    """How many calls of each batch failed, or nobody knows of; of those that have any. One query."""
    failed = Operation.objects.filter(
        batch__in=batches, state__in=[OperationState.FAILED, OperationState.UNKNOWN]
    )
    return dict(failed.order_by().values_list("batch").annotate(count=Count("pk")))


def is_outcome_unknown(batch: str) -> bool:
    """Whether SmartDialog may have taken a call that is to be made once more."""
    return Operation.objects.filter(
        batch=batch, state=OperationState.WAITING, possibly_accepted=True
    ).exists()


def waits_until(batch: str) -> datetime | None:
    """When the next call may leave; None where one may now, or none waits."""
    waiting = Operation.objects.filter(batch=batch, state=OperationState.WAITING)
    due_at: datetime | None = waiting.aggregate(first=Min("due_at"))["first"]
    return due_at if due_at and due_at > clock.now() else None


def has_moved_since(connection: Connection, since: datetime, *, lane: Lane, batch: str = "") -> bool:
    """Whether SmartDialog has taken a call of the lane since then; or, of it, one of the batch."""
    return ledger.has_taken_since(connection, since, lane=lane, batch=batch)


def calls_for_later(connection: Connection, *, lane: Lane) -> dict[datetime, int]:
    """How many calls in `lane` and before it may leave only then, by the minute."""
    waiting = Operation.objects.filter(
        connection=connection, state=OperationState.WAITING, lane__lte=lane, due_at__gt=clock.now()
    )
    found: Counter[datetime] = Counter()
    for due_at, number in waiting.order_by().values_list("due_at").annotate(number=Count("pk")):
        found[due_at.replace(second=0, microsecond=0)] += number
    return dict(found)


def eta(connection: Connection, *, calls: int, lane: Lane = Lane.BULK) -> datetime:
    """When `calls` more calls in `lane` would be over: after all that waits in it and before it."""
    return done_at(connection, calls_ahead(connection, lane=lane) + calls)


def calls_ahead(connection: Connection, *, lane: Lane = Lane.BULK, without: str = "") -> int:
    """How many calls wait in `lane` and before it, `without` those of a batch that is to be withdrawn."""
    waiting = Operation.objects.filter(
        connection=connection, state=OperationState.WAITING, lane__lte=lane, due_at__lte=clock.now()
    )
    backlogs = Backlog.objects.running().filter(connection=connection, lane__lte=lane)
    if without:
        waiting, backlogs = waiting.exclude(batch=without), backlogs.exclude(batch=without)
    return int(waiting.count() + backlogs.aggregate(left=Sum("left", default=0))["left"])


def seconds_left(connection: Connection, batch: str, *, lane: Lane, to_come: int = 0) -> float:
    """Until the last waiting call of the batch is made, and so many that are still `to_come`.

    After all that waits before it; at the pace of the last minute where enough was made to tell.
    """
    waiting = Operation.objects.filter(connection=connection, state=OperationState.WAITING)
    own = Q(batch=batch)
    before_it = Q(lane__lte=lane)  # also those that are still to come are written behind them
    if not to_come:
        last = waiting.filter(own).aggregate(last=Max("pk"))["last"] or 0
        before_it = Q(lane__lt=lane) | Q(lane=lane, pk__lte=last)
    ahead = waiting.filter(own | before_it & Q(due_at__lte=clock.now())).count()
    allowed = seconds_for(1, connection)
    return (ahead + to_come) * max(allowed, ledger.seconds_for_a_call(connection, lane=lane) or 0)


def done_at(connection: Connection, calls: int) -> datetime:
    """When so many calls will have been made, from when the connection may make any."""
    now = clock.now()
    return max(now, connection.blocked_until or now) + timedelta(seconds=seconds_for(calls, connection))


def seconds_for(calls: int, connection: Connection | None = None) -> float:
    """By the pace that is kept, shared with who shares the limit; or by the one that SmartDialog allows."""
    pace = ledger.pacing_interval().total_seconds()
    if connection is None or not calls:
        return calls * pace
    shared = pace * shared_limit.sharers(connection)
    return calls * max(shared, shared_limit.seconds_for_a_call(connection))
