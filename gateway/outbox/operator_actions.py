"""What people decide about operations: cancel what waits, try again what failed."""

from collections.abc import Sequence
from typing import Unpack

from django.db import transaction
from django.db.models import Case, Count, Value, When

from accounts.db.array_param import Listed
from accounts.db.state_moves import move
from accounts.models import Customer, User
from accounts.trail import audit
from gateway import clock
from gateway.models import Call, Connection, Operation, OperationState
from gateway.models.outbox import OperationQuerySet
from gateway.outbox.calls import QueuedCall, Which, select, subjects_of
from gateway.outbox.claiming import escalate
from gateway.outbox.handlers import HANDLERS
from gateway.reasons import Reason
from gateway.workers.wake_up import wake_drain

CHUNK = 200  # rows in a statement


def cancel_waiting(**which: Unpack[Which]) -> int:
    """Cancel what has not been claimed; what is being sent, or was, stands. Returns how many."""
    return select(**which).never_left().cancel()


def give_up_in_doubt(**which: Unpack[Which]) -> int:
    """Those that were to be made again are not: whether they were taken, a report tells or nobody."""
    doubted = list(select(**which).queued().filter(possibly_accepted=True).select_for_update())
    return sum(escalate(operation, "given_up") for operation in doubted)


def carry_by(to: Connection, **which: Unpack[Which]) -> int:
    """Those that surely were not taken are made by this connection, or tried again by it; returns how many.

    What may have been taken stays: only the connection that asked first may ask again.
    """
    untaken = select(**which).filter(
        possibly_accepted=False, state__in=[OperationState.WAITING, OperationState.FAILED]
    )
    moved = untaken.update(connection=to)
    wake_drain(to)
    return moved


def retry(call: QueuedCall, *, by: User) -> bool:
    """Put one that failed, or may have been sent, back; False when somebody else just did.

    Its age counts from its next try: that it may be sent a second time was this person's decision. Raises
    CannotRetry.
    """
    with transaction.atomic():
        HANDLERS[call.kind].before_retry(call, by=by)
        if not _put_back(Operation.objects.needing_a_person().filter(pk=call.id)):
            return False
        operation = Operation.objects.select_related("customer", "connection").get(pk=call.id)
        audit.record(actor=by, customer=operation.customer, verb="operation.retried", subject=operation)
        wake_drain(operation.connection)
    return True


def retry_failed(operations: OperationQuerySet, *, kind: str, by: User) -> int:
    """Put back all failed ones of a kind, however many, behind all that waits; returns how many.

    Those of a subject keep their places among what else is said of it. Those that may have been sent stay: a
    person decides on each.
    """
    with transaction.atomic():
        failed = operations.filter(state=OperationState.FAILED, kind=kind)
        if kind in HANDLERS.names() and HANDLERS[kind].retries_by_batch:
            batches = list(failed.order_by("batch").values_list("batch", flat=True).distinct())
            return sum(HANDLERS[kind].retry_batch(batch, by=by) for batch in batches)
        connections = list(Connection.objects.filter(pk__in=failed.values("connection")))
        counts = dict(failed.order_by().values_list("customer").annotate(count=Count("pk")))
        put_back = _put_back_last(failed.filter(subject="")) + _put_back(failed.exclude(subject=""))
        for customer in Customer.objects.filter(pk__in=counts):
            told = {"kind": kind, "count": counts[customer.pk]}
            audit.record(actor=by, customer=customer, verb="operations.retried", subject=customer, after=told)
        for connection in connections:
            wake_drain(connection)
    return put_back


def retry_refused(*, by: User, **which: Unpack[Which]) -> int:
    """Put back those of them that were refused, behind all that waits already; returns how many.

    Of calls without a subject alone, to which no row of a floor above refers: those of one have their places
    among what else is said of it.
    """
    with transaction.atomic():
        moved = _moved_to_the_end(select(**which).filter(state=OperationState.FAILED, subject=""))
        keys: dict[int, list[int]] = {}
        for row in moved:
            if row.customer_id is not None:
                keys.setdefault(row.customer_id, []).append(row.pk)
        put_back = _put_back(Operation.objects.filter(pk__in=Listed([row.pk for row in moved])))
        for owner in Customer.objects.filter(pk__in=keys):
            subjects = subjects_of(Operation, keys[owner.pk])
            audit.record_each(subjects, actor=by, customer=owner, verb="operation.retried")
        for connection in Connection.objects.filter(pk__in={row.connection_id for row in moved}):
            wake_drain(connection)
    return put_back


def _put_back_last(failed: OperationQuerySet) -> int:
    moved = _moved_to_the_end(failed)
    return _put_back(Operation.objects.filter(pk__in=Listed([row.pk for row in moved])))


def _moved_to_the_end(failed: OperationQuerySet) -> list[Operation]:
    keys = list(failed.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    moved: list[Operation] = []
    for start in range(0, len(keys), CHUNK):
        moved += _to_the_end(keys[start : start + CHUNK])
    return moved


def _to_the_end(keys: Sequence[int]) -> list[Operation]:
    """The same calls as new rows, as they leave by their keys; with all that was tried of them."""
    rows = list(Operation.objects.filter(pk__in=keys).order_by("pk"))
    for row in rows:
        row.pk = None
        row._state.adding = True
    moved = Operation.objects.bulk_create(rows)
    cases = [When(operation=old, then=Value(new.pk)) for old, new in zip(keys, moved, strict=True)]
    Call.objects.filter(operation__in=keys).update(operation=Case(*cases))
    Operation.objects.filter(pk__in=keys).delete()
    return moved


def _put_back(operations: OperationQuerySet) -> int:
    return move(
        operations,
        OperationState.FAILED,
        OperationState.UNKNOWN,
        to=OperationState.WAITING,
        due_at=clock.now(),
        settled_at=None,
        first_tried_at=None,
        unauthorized=0,
        **Reason().fields,
    )
