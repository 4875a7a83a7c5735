"""Calls that wait for more than their turn: held until whoever held them releases or cancels them.

They stay what they are: in their place before later ones of their subject, and taking in later edits.
"""

from typing import Unpack

from django.db.models import F
from django.db.models.functions import Least

from accounts.db.state_moves import move
from gateway import clock
from gateway.models import Connection, OperationState
from gateway.models.outbox import QUEUED
from gateway.outbox.calls import Which, select
from gateway.workers.wake_up import wake_drain


def hold(*, in_doubt: bool = False, **which: Unpack[Which]) -> int:
    """Those of them that surely have not left, in one statement; returns how many.

    `in_doubt`: also those that are to be made again, as an earlier try may have been taken.
    """
    found = select(**which)
    return move(found if in_doubt else found.never_left(), *QUEUED, to=OperationState.HELD)


def release(**which: Unpack[Which]) -> int:
    """Those of them that are held may leave; returns how many."""
    held = select(**which).filter(state=OperationState.HELD)
    connections = list(Connection.objects.filter(pk__in=held.values("connection")))
    soon = Least(F("due_at"), clock.now())
    released = move(held, OperationState.HELD, to=OperationState.WAITING, due_at=soon)
    for connection in connections:
        wake_drain(connection)
    return released


def cancel_held(**which: Unpack[Which]) -> int:
    """Those of them that are held never leave; returns how many."""
    return select(**which).filter(state=OperationState.HELD).cancel()
