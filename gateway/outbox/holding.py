"""Operations that wait for more than their turn: held until whoever held them lets them go, or cancels them.

They stay what they are: in their place before later ones of their subject, and taking in later edits.
"""

from datetime import UTC, datetime

from gateway import clock
from gateway.models import Connection, OperationState
from gateway.models.outbox import OperationQuerySet
from gateway.wake_up import wake_drain

HELD = datetime(3000, 1, 1, tzinfo=UTC)  # when they are due: no clock comes there


def hold(operations: OperationQuerySet) -> int:
    """Those of them that surely have not left, in one statement; returns how many."""
    return operations.filter(state=OperationState.WAITING, possibly_accepted=False).update(due_at=HELD)


def let_go(operations: OperationQuerySet) -> int:
    """Those of them that are held may leave; returns how many."""
    held = operations.filter(state=OperationState.WAITING, due_at=HELD)
    connections = list(Connection.objects.filter(pk__in=held.values("connection")))
    released = held.update(due_at=clock.now())
    for connection in connections:
        wake_drain(connection)
    return released


def cancel_held(operations: OperationQuerySet) -> int:
    """Those of them that are held never leave; returns how many."""
    held = operations.filter(state=OperationState.WAITING, due_at=HELD)
    return held.update(state=OperationState.CANCELLED, settled_at=clock.now())
