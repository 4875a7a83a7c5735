"""Calls that were never tried, or not taken, changed before they leave: what may be taken keeps its bytes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction

from accounts.db.state_moves import move
from gateway import clock
from gateway.models import OperationState
from gateway.outbox.calls import QueuedCall, Which, select
from gateway.reasons import Reason

CHUNK = 200  # rows in memory


@dataclass(frozen=True)
class NewBytes:
    """What a call is to carry instead. `request_id`: an idempotency key that no other request has.

    `due_at`: when it may leave, if not when it might before.
    """

    payload: dict[str, Any]
    request_id: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True)
class Rebuilt:
    """How many took new bytes, were dropped, and keep theirs since they have left or may have."""

    rebuilt: int = 0
    dropped: int = 0
    kept: int = 0


@transaction.atomic
def take_back(value: str, **which: Unpack[Which]) -> list[Any]:
    """Cancel those that surely were not taken, for others to say it. Returns that value of each payload."""
    untaken = select(**which).never_left().filter(state=OperationState.WAITING)  # held ones stay held
    found = dict(untaken.select_for_update().order_by("pk").values_list("pk", f"payload__{value}"))
    split = {"settled_at": clock.now(), **Reason("split").fields}
    move(untaken.filter(pk__in=found), OperationState.WAITING, to=OperationState.CANCELLED, **split)
    return list(found.values())


@transaction.atomic
def rebuild(
    with_: Callable[[QueuedCall], NewBytes | None], *, tried: bool = False, **which: Unpack[Which]
) -> Rebuilt:
    """Give all of them that wait or are held and were never tried new bytes, or drop them for None.

    `tried`: also those that were tried and not taken; they have to keep their RequestId.

    All or none. Each by compare-and-swap: a claim made meanwhile wins, and its call is counted as kept; one
    that comes later reads what it claimed, and so the new bytes.
    """
    calls = select(**which)
    untried = calls.may_be_rebuilt() if tried else calls.queued().filter(attempts=0)
    rebuilt = dropped = 0
    # Locked on PostgreSQL; SQLite has one writer, which is us.
    for row in untried.select_for_update().order_by("pk").iterator(CHUNK):
        new = with_(QueuedCall(row))
        mine = untried.filter(pk=row.pk)
        if new is None:
            dropped += mine.cancel()
        else:
            due_at = new.due_at or row.due_at
            rebuilt += mine.update(payload=new.payload, request_id=new.request_id, due_at=due_at)
    return Rebuilt(rebuilt, dropped, kept=calls.unsettled().filter(attempts__gt=0).count())
