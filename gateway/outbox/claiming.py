"""Taking the next operation of a connection, and recovering those whose worker died."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from gateway import clock, ledger
from gateway.leases import Lease
from gateway.ledger import NotBefore
from gateway.models import UNSETTLED, Call, Connection, Operation, OperationState
from gateway.outbox.handling import handler_of


@dataclass(frozen=True)
class Claim:
    """An operation that is ours to call, with its slot in the ledger."""

    operation: Operation
    call: Call


class LeaseLost(Exception):
    """Another worker drains this connection now: write nothing more, call nothing more."""


def claim_next(connection: Connection, lease: Lease) -> Claim | NotBefore | None:
    """The next operation by lane, claimed and with a slot; or when to ask again; None when nothing waits."""
    with transaction.atomic():
        if not lease.renew():
            raise LeaseLost
        operation = due_operations(connection).first()
        if operation is None:
            return _next_due(connection)
        call = ledger.reserve(connection, name=operation.kind, lane=operation.lane, operation=operation)
        if isinstance(call, NotBefore):
            return call
        if not _mark_in_flight(operation, lease):
            ledger.give_back(call)
            return NotBefore(clock.now())
    operation.refresh_from_db()
    return Claim(operation, call)


def due_operations(connection: Connection):
    """What may be called now, in order: nothing while an earlier operation of its subject is unsettled."""
    earlier = Operation.objects.filter(
        subject=OuterRef("subject"), pk__lt=OuterRef("pk"), state__in=UNSETTLED
    )
    return (
        Operation.objects.filter(connection=connection, state=OperationState.WAITING, due_at__lte=clock.now())
        .filter(Q(subject="") | ~Exists(earlier))
        .select_related("customer")
        .order_by("lane", "pk")
    )


def recover(connection: Connection, lease: Lease) -> int:
    """Settle what a dead worker left in flight: its call may have been taken. Returns how many."""
    left = Operation.objects.filter(
        connection=connection, state=OperationState.INFLIGHT, fence__lt=lease.fence
    )
    for operation in left:
        with transaction.atomic():
            if lease.renew() and left.filter(pk=operation.pk).update(may_be_taken=True):
                _settle_unknown(operation)
    return len(left)


def _settle_unknown(operation: Operation) -> None:
    handler = handler_of(operation)
    if handler.retry_unknown:
        operation.state, operation.due_at = OperationState.WAITING, safe_again(operation.tried_at)
    else:
        operation.state, operation.settled_at = OperationState.UNKNOWN, clock.now()
        operation.error_text = "The worker stopped while this was being sent. It may have been sent."
    operation.save(update_fields=["state", "due_at", "settled_at", "error_text"])
    if operation.state == OperationState.UNKNOWN:
        handler.uncertain(operation)


def safe_again(tried_at: datetime | None) -> datetime:
    """When a request sent at `tried_at` is surely dead, so that a second one is never beside it."""
    longest = settings.SMARTDIALOG_CALL_TIMEOUT + settings.SMARTDIALOG_UNKNOWN_GRACE
    return (tried_at or clock.now()) + timedelta(seconds=longest)


def _mark_in_flight(operation: Operation, lease: Lease) -> bool:
    now = clock.now()
    return (
        Operation.objects.filter(pk=operation.pk, state=OperationState.WAITING).update(
            state=OperationState.INFLIGHT,
            fence=lease.fence,
            attempts=F("attempts") + 1,
            tried_at=now,
            first_tried_at=operation.first_tried_at or now,
        )
        == 1
    )


def _next_due(connection: Connection) -> NotBefore | None:
    waiting = Operation.objects.filter(
        connection=connection, state=OperationState.WAITING, due_at__gt=clock.now()
    )
    due_at = waiting.order_by("due_at").values_list("due_at", flat=True).first()
    return NotBefore(due_at) if due_at else None
