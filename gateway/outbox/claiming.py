"""Taking the next operation of a connection, and recovering those whose worker died."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection as database
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from accounts.db.kept_queries import kept
from accounts.db.state_moves import move
from gateway import clock
from gateway.models import UNSETTLED, Call, Connection, ConnectionState, Lane, Operation, OperationState
from gateway.models.outbox import OperationQuerySet
from gateway.outbox.calls import QueuedCall
from gateway.outbox.handlers import HANDLERS, handler_of
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore
from gateway.reasons import Reason
from gateway.smartdialog.retry import MAX_REPEATS
from gateway.workers import disk_space
from gateway.workers.leases import Lease, unleased

PACED = [lane for lane in Lane if lane != Lane.INTERACTIVE]


@dataclass
class Claim:
    """An operation that is ours to call, with its slot in the ledger."""

    operation: Operation
    call: Call
    token_version: int = 0  # of the access token that it is called with


@dataclass(frozen=True)
class Idle:
    """Nothing is due; `until` something is, or None when nothing waits at all."""

    until: datetime | None


LaneWatermarks = dict[Lane, int]


def lane_watermarks(connection: Connection) -> LaneWatermarks:
    """The key of each paced lane's first waiting operation, to be used for a while.

    Before it lies only what has been settled, which a database that still serves an older snapshot would
    walk through at every claim. What a person retries meanwhile is older, and waits until they are looked
    at again; the interactive lane has no watermark, so nothing of it waits. SQLite's indexes hold no such
    rows.
    """
    if database.vendor != "postgresql":
        return {}
    waiting = Operation.objects.filter(connection=connection, state=OperationState.WAITING).order_by("pk")
    firsts = {lane: waiting.filter(lane=lane).values_list("pk", flat=True).first() for lane in PACED}
    return {lane: first for lane, first in firsts.items() if first is not None}


def claim_next(
    connection: Connection,
    lease: Lease,
    watermarks: LaneWatermarks | None = None,
    *,
    lanes: Sequence[Lane] = tuple(Lane),
) -> Claim | NotBefore | Idle:
    """The next operation by lane, claimed and with a slot; or when to ask again.

    It looks before it writes: while there is no slot, nothing is written, nor are paced lanes looked into.
    """
    paced_until = ledger.next_slot_at(connection, Lane.BULK)
    operation = _first_due(connection, [Lane.INTERACTIVE] if paced_until else lanes, watermarks or {})
    if operation is None and len(lanes) < len(Lane):
        return NotBefore(paced_until or clock.now())
    if operation is None:
        return NotBefore(paced_until) if paced_until else Idle(until=_next_due(connection))
    lane = Lane(operation.lane)
    if paced_until and (opens_at := ledger.next_slot_at(connection, lane)):
        return NotBefore(opens_at)
    if not disk_space.is_sufficient():
        return NotBefore(clock.now() + disk_space.RECHECK_AFTER)
    with transaction.atomic():
        lease.renew()
        call = _take(connection, operation, lease)
    if isinstance(call, NotBefore):
        return call
    operation.refresh_from_db()
    return Claim(operation, call)


def _take(connection: Connection, operation: Operation, lease: Lease) -> Call | NotBefore:
    """Its slot in the ledger, once it is in flight; else when to look again."""
    look_again = NotBefore(clock.now())
    if operation.is_request_id_expired:
        escalate(operation, "request_id_expired")
        return look_again
    handler_of(operation).before_try(QueuedCall(operation))
    if not _is_as_seen(operation).exists():  # it was held, dropped or put off: no slot is spent on it
        return look_again
    lane = Lane(operation.lane)
    call = ledger.reserve(connection, name=operation.kind, lane=lane, operation=operation)
    if isinstance(call, Call) and not _mark_in_flight(operation, lease):
        ledger.release(call)
        return look_again
    return call


def due_operations(connection: Connection) -> OperationQuerySet:
    """What may be called now, in order: nothing while an earlier operation of its subject is unsettled."""
    return _due(connection, clock.now(), _kinds_that_let_pass()).select_related("customer")


def _kinds_that_let_pass() -> tuple[str, ...]:
    """Never empty: no operation is of no kind."""
    return ("", *(kind for kind in HANDLERS.names() if not HANDLERS[kind].holds_place_until_due))


def _due(connection: Connection, now: datetime, passable: tuple[str, ...]) -> OperationQuerySet:
    """Nor while a later one is being sent: a person may have put the earlier one back meanwhile. What is for
    later and was never tried lets others pass, where its kind says so.
    """
    before_it = Q(pk__lt=OuterRef("pk"), state__in=UNSETTLED) | Q(state=OperationState.INFLIGHT)
    for_later = Q(
        kind__in=passable,
        state=OperationState.WAITING,
        attempts=0,
        possibly_accepted=False,
        due_at__gt=now,
    )
    earlier = Operation.objects.filter(before_it & ~for_later, subject=OuterRef("subject"))
    return (
        Operation.objects.filter(connection=connection, state=OperationState.WAITING, due_at__lte=now)
        .filter(Q(subject="") | ~Exists(earlier))
        .order_by("lane", "pk")
    )


@kept
def _next_of_lane(
    connection: Connection, now: datetime, passable: tuple[str, ...], lane: Lane
) -> OperationQuerySet:
    return _due(connection, now, passable).filter(lane=lane).order_by("pk")[:1]


@kept
def _next_of_lane_from(
    connection: Connection, now: datetime, passable: tuple[str, ...], lane: Lane, watermark: int
) -> OperationQuerySet:
    return _due(connection, now, passable).filter(lane=lane, pk__gte=watermark).order_by("pk")[:1]


def _first_due(connection: Connection, lanes: Iterable[Lane], watermarks: LaneWatermarks) -> Operation | None:
    """A look into each lane, so that none walks through the other's."""
    asked = connection, clock.now(), _kinds_that_let_pass()
    for lane in lanes:
        if lane in watermarks:
            found = _next_of_lane_from(*asked, lane, watermarks[lane])
        else:
            found = _next_of_lane(*asked, lane)
        if found:
            return found[0]
    return None


def is_thread_wanted() -> bool:
    """Whether a connection that nobody drains has calls to make now."""
    now = clock.now()
    waiting = Operation.objects.filter(
        connection=OuterRef("pk"), state=OperationState.WAITING, due_at__lte=now
    )
    held = Q(blocked_until__gt=now) | Q(paced_until__gt=now)
    return Connection.objects.active().filter(unleased(), Exists(waiting)).exclude(held).exists()


def recover_abandoned(connection: Connection, lease: Lease) -> int:
    """Settle what was left in flight under an older fencing token: it may have been taken. How many."""
    left = Operation.objects.filter(
        connection=connection, state=OperationState.INFLIGHT, fence__lt=lease.fence
    )
    for operation in left:
        with transaction.atomic():
            lease.renew()
            if left.filter(pk=operation.pk).update(possibly_accepted=True):
                _settle_unknown(operation)
    return len(left)


def _settle_unknown(operation: Operation) -> None:
    handler = handler_of(operation)
    is_repeatable = handler.may_repeat(QueuedCall(operation))
    if is_repeatable and (handler.is_harmless or operation.repeats < MAX_REPEATS):
        move(
            Operation.objects.filter(pk=operation.pk),
            OperationState.INFLIGHT,
            to=OperationState.WAITING,
            due_at=safe_retry_at(operation.tried_at),
            repeats=operation.repeats + 1,
            **Reason("abandoned_checking").fields,
        )
        operation.refresh_from_db()
        handler.delayed(QueuedCall(operation))
    else:
        escalate(operation, "abandoned")


def escalate(operation: Operation, reason: str) -> bool:
    """It may have been taken, and a person decides. False where it is not as it was seen any more."""
    as_seen = Operation.objects.filter(pk=operation.pk, state=operation.state)
    said = {"settled_at": clock.now(), **Reason(reason).fields}
    if not move(as_seen, *UNSETTLED, to=OperationState.UNKNOWN, **said):
        return False
    operation.refresh_from_db(fields=["state", "settled_at", "reason", "reason_params"])
    handler_of(operation).uncertain(QueuedCall(operation))
    return True


def safe_retry_at(tried_at: datetime | None) -> datetime:
    """When a request sent at `tried_at` is surely dead, so that a second one is never beside it."""
    longest = settings.SMARTDIALOG_CALL_TIMEOUT + settings.SMARTDIALOG_UNKNOWN_GRACE
    return (tried_at or clock.now()) + timedelta(seconds=longest)


def _is_as_seen(operation: Operation) -> OperationQuerySet:
    return Operation.objects.filter(
        pk=operation.pk,
        state=OperationState.WAITING,
        due_at=operation.due_at,
        connection=operation.connection_id,  # nobody took it over
        connection__state=ConnectionState.ACTIVE,  # the lease holds its row: who pauses it now comes after
    )


def _mark_in_flight(operation: Operation, lease: Lease) -> bool:
    """By compare-and-swap: False when somebody cancelled it, put it off, or paused all, since the look."""
    now = clock.now()
    return (
        move(
            _is_as_seen(operation),
            OperationState.WAITING,
            to=OperationState.INFLIGHT,
            fence=lease.fence,
            attempts=F("attempts") + 1,
            tried_at=now,
            first_tried_at=operation.first_tried_at or now,
        )
        == 1
    )


def _next_due(connection: Connection) -> datetime | None:
    waiting = Operation.objects.filter(
        connection=connection, state=OperationState.WAITING, due_at__gt=clock.now()
    )
    return waiting.order_by("due_at").values_list("due_at", flat=True).first()
