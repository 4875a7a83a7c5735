"""Adding operations, in the transaction of the change they carry."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.copying import copy_new
from accounts.models import Customer, User
from gateway import clock
from gateway.models import Connection, Lane, Operation
from gateway.outbox.calls import QueuedCall, spelled
from gateway.outbox.handlers import HANDLERS
from gateway.wake_up import wake_drain


@dataclass(frozen=True, kw_only=True)
class NewOperation:
    """See the fields of Operation. `lane`: only where a person waits for a call that few wait for."""

    kind: str
    payload: dict[str, Any]
    lane: Lane | None = None
    customer: Customer | None = None
    subject: Model | str = ""  # a row, or what `named` gave
    batch: str = ""
    request_id: str = ""
    due_at: datetime | None = None
    by: User | None = None

    def row(self, connection: Connection) -> Operation:
        return Operation(
            connection=connection,
            customer=self.customer,
            kind=self.kind,
            lane=HANDLERS[self.kind].contract.lane if self.lane is None else self.lane,
            subject=spelled(self.subject),
            batch=self.batch,
            payload=self.payload,
            request_id=self.request_id,
            due_at=self.due_at or clock.now(),
            created_by=self.by,
        )


def add(*, connection: Connection, coalesce: bool = False, **fields: Any) -> QueuedCall:
    """One operation, with the fields of NewOperation.

    `coalesce`: a waiting, never tried operation of the same kind and subject takes this payload
    instead, so that three edits before the push are one call.
    """
    new = NewOperation(**fields)
    if coalesce and (earlier := _coalesced(connection, new)):
        return QueuedCall(earlier)
    operation = new.row(connection)
    operation.save()
    wake_drain(connection)
    return QueuedCall(operation)


def add_many(connection: Connection, operations: Iterable[NewOperation]) -> int:
    """Many at once; returns how many."""
    rows = [each.row(connection) for each in operations]
    copy_new(rows)
    if rows:
        wake_drain(connection)
    return len(rows)


def _coalesced(connection: Connection, new: NewOperation) -> Operation | None:
    """The earlier operation with the new payload, by compare-and-swap: a claim made in between wins."""
    waiting = Operation.objects.queued().filter(
        connection=connection, kind=new.kind, subject=spelled(new.subject), attempts=0
    )
    earlier = waiting.order_by("-pk").first()
    if earlier is None or not waiting.filter(pk=earlier.pk).update(payload=new.payload):
        return None
    earlier.payload = new.payload
    return earlier
