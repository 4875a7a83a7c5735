"""How far a batch is, and when calls still to be made will have been made."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count

from gateway import clock
from gateway.ledger import WINDOW
from gateway.models import Connection, Lane, Operation, OperationState


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


def progress(batch: str) -> Progress:
    """One query."""
    counts = dict(
        Operation.objects.filter(batch=batch).order_by().values_list("state").annotate(count=Count("pk"))
    )
    return Progress(
        waiting=counts.get(OperationState.WAITING, 0) + counts.get(OperationState.INFLIGHT, 0),
        done=counts.get(OperationState.DONE, 0),
        failed=counts.get(OperationState.FAILED, 0),
        unknown=counts.get(OperationState.UNKNOWN, 0),
        cancelled=counts.get(OperationState.CANCELLED, 0),
    )


def eta(connection: Connection, *, calls: int, lane: Lane = Lane.BULK) -> datetime:
    """When `calls` more calls in `lane` would be over: after all that waits in it and before it."""
    ahead = Operation.objects.filter(
        connection=connection, state=OperationState.WAITING, lane__lte=lane, due_at__lte=clock.now()
    ).count()
    return clock.after(seconds_for(ahead + calls))


def seconds_for(calls: int) -> float:
    return calls * WINDOW / settings.SMARTDIALOG_CALLS_PER_MINUTE
