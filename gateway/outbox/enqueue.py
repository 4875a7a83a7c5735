"""Adding operations, in the transaction of the change they carry."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection as database
from django.db.models import Model

from accounts.db.bulk_copy import copy_rows
from accounts.models import Customer, User
from gateway import clock
from gateway.models import Connection, Lane, Operation
from gateway.outbox.calls import QueuedCall, spelled
from gateway.outbox.handlers import HANDLERS
from gateway.workers.wake_up import wake_drain

# What one new operation has otherwise than another; the rest is as the model has it.
_OWN = ("customer_id", "kind", "lane", "subject", "batch", "payload", "request_id", "due_at", "created_by_id")


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

    def own(self, now: datetime) -> tuple[Any, ...]:
        """By _OWN."""
        return (
            self.customer and self.customer.pk,
            self.kind,
            HANDLERS[self.kind].contract.lane if self.lane is None else self.lane,
            spelled(self.subject),
            self.batch,
            self.payload,
            self.request_id,
            self.due_at or now,
            self.by and self.by.pk,
        )


def add(*, connection: Connection, coalesce: bool = False, **fields: Any) -> QueuedCall:
    """One operation, with the fields of NewOperation.

    `coalesce`: a waiting, never tried operation of the same kind and subject takes this payload
    instead, so that three edits before the push are one call.
    """
    new = NewOperation(**fields)
    if coalesce and (earlier := _coalesced(connection, new)):
        return QueuedCall(earlier)
    own = dict(zip(_OWN, new.own(clock.now()), strict=True))
    operation = Operation.objects.create(connection=connection, **own)
    wake_drain(connection)
    return QueuedCall(operation)


def add_many(connection: Connection, operations: Iterable[NewOperation]) -> int:
    """Many at once; returns how many. As `add` would, which takes five times as long."""
    now, adapt = clock.now(), database.ops.adapt_datetimefield_value
    same = _same_of_all(connection)
    rows = []
    for each in operations:
        *others, payload, request_id, due_at, by = each.own(now)
        rows.append((*same.values(), *others, json.dumps(payload), request_id, adapt(due_at), by))
    if rows:
        with database.cursor() as cursor:
            columns = map(database.ops.quote_name, (*same, *_OWN))
            copy_rows(cursor, Operation._meta.db_table, list(columns), rows)
        wake_drain(connection)
    return len(rows)


def _same_of_all(connection: Connection) -> dict[str, Any]:
    """What all new operations of a connection have, as the database has it, by the columns."""
    blank = Operation(connection=connection)
    fields = [each for each in Operation._meta.concrete_fields if not each.primary_key]
    return {
        str(each.column): each.get_db_prep_save(getattr(blank, each.attname), database)
        for each in fields
        if each.column not in _OWN
    }


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
