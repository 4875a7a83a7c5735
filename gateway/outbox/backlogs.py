"""Backlogs: what is too much to be written down as operations at once is planned a little ahead of its turn.

A floor that owns rows registers a Planner for its kind of backlog. Whoever lets rows name a backlog calls
`add` in the same transaction: it holds the backlog, so that a plan made meanwhile sees all of them or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, Q
from django.db.models.functions import Greatest

from accounts.models import Customer, User
from accounts.registry import Registry
from gateway.models import Backlog, BacklogState, Connection, Lane, Operation
from gateway.outbox.calls import QueuedCall
from gateway.workers.leases import Lease
from gateway.workers.wake_up import DROP_BACKLOG, wake_drain, wake_on_commit

CHUNK = 5000  # rows told of a cancelled backlog in one transaction


@dataclass(frozen=True)
class BacklogRef:
    """A backlog, to be named by rows and read only: what may be done to it are verbs of this module."""

    _backlog: Backlog

    @property
    def id(self) -> int:
        """What rows name it by."""
        return self._backlog.pk

    @property
    def connection(self) -> Connection:
        return self._backlog.connection

    @property
    def created_by(self) -> User | None:
        return self._backlog.created_by

    @property
    def batch(self) -> str:
        return self._backlog.batch

    @property
    def lane(self) -> Lane:
        return Lane(self._backlog.lane)

    @property
    def left(self) -> int:
        """Calls still to be planned, as it was read."""
        return self._backlog.left


class Planner:
    """The rows of one kind of backlog. All of it runs inside a transaction that holds the backlog."""

    def plan(self, backlog: BacklogRef, limit: int) -> int:
        """Write the operations of the next rows and take those off; returns how many, 0 for no more."""
        raise NotImplementedError

    def take_back(self, backlog: BacklogRef, calls: Sequence[QueuedCall]) -> None:
        """These are about to be deleted untaken: let their rows name the backlog again."""
        raise NotImplementedError

    def drop(self, backlog: BacklogRef, limit: int) -> int:
        """Tell the next rows that their call is not made, and take them off; how many, 0 for no more."""
        raise NotImplementedError


PLANNERS = Registry[Planner]("planner of backlogs of")
plans = PLANNERS.register  # @plans("contact")


def open_backlog(
    connection: Connection,
    *,
    kind: str,
    customer: Customer,
    by: User | None,
    batch: str = "",
    lane: Lane = Lane.BULK,
) -> BacklogRef:
    PLANNERS[kind]  # raises where nobody plans it
    return BacklogRef(
        Backlog.objects.create(
            connection=connection, kind=kind, customer=customer, created_by=by, batch=batch, lane=lane
        )
    )


def backlog_of(batch: str) -> BacklogRef | None:
    found = Backlog.objects.filter(batch=batch).select_related("connection").first()
    return BacklogRef(found) if found else None


def names(batch: str) -> Q:
    """Rows that name the backlog of the batch, as a condition."""
    return Q(backlog__batch=batch)


def running_batches(customer: Customer, naming: Exists) -> list[str]:
    """Batches of the customer's running backlogs for which the condition holds, of rows that name them."""
    running = Backlog.objects.running().filter(naming, customer=customer).exclude(batch="")
    return list(running.values_list("batch", flat=True))


def add_rows(backlog: BacklogRef, count: int) -> None:
    """So many more rows name the backlog, in the transaction that made them."""
    Backlog.objects.filter(pk=backlog.id).update(left=F("left") + count)
    wake_drain(backlog.connection)


def remove_row(backlog_id: int) -> None:
    """One that named the backlog no longer does, in the transaction that made it so."""
    Backlog.objects.filter(pk=backlog_id, left__gte=1).update(left=F("left") - 1)


def plan_next(connection: Connection, lease: Lease) -> int:
    """A minute's worth of the backlog whose turn it is; returns how many operations were written."""
    waiting = Backlog.objects.running().filter(connection=connection).order_by("lane", "pk")
    if not waiting.exists():  # nothing is written for nothing
        return 0
    with transaction.atomic():
        lease.renew()
        for backlog in waiting:
            if planned := _plan(backlog):
                return planned
    return 0


def plan_now(batch: str) -> None:
    """Write the operations of a batch that a person waits for, ahead of what is planned already.

    In the transaction of the caller.
    """
    for backlog in Backlog.objects.running().filter(batch=batch, lane=Lane.INTERACTIVE):
        _plan(backlog)


def pause(batch: str) -> int:
    """Make no more calls of the batch: what is planned and has not left goes back. How many backlogs."""
    return _stop(batch, BacklogState.PAUSED)


def resume(batch: str) -> int:
    """Go on where it was paused; returns how many backlogs do."""
    with transaction.atomic():
        paused = Backlog.objects.filter(batch=batch, state=BacklogState.PAUSED)
        resumed = list(paused.select_related("connection"))
        paused.update(state=BacklogState.RUNNING)
        for backlog in resumed:
            wake_drain(backlog.connection)
    return len(resumed)


def cancel(batch: str) -> int:
    """Make no more calls of the batch, for good; a worker tells the rows. How many calls are not made."""
    with transaction.atomic():
        _stop(batch, BacklogState.CANCELLED)
        cancelled = list(Backlog.objects.unplanned().filter(batch=batch))
        for backlog in cancelled:
            _wake_drop(backlog)
    return sum(backlog.left for backlog in cancelled)


def drop(backlog_id: int) -> None:
    """Tell every row of a cancelled backlog; may be called again and again."""
    while _drop_some(backlog_id):
        pass


def wake_cancelled() -> None:
    """For a sweep: cancelled backlogs whose worker died."""
    for backlog in Backlog.objects.unplanned().filter(state=BacklogState.CANCELLED):
        _wake_drop(backlog)


def _plan(backlog: Backlog) -> int:
    _lock_row(backlog)
    planned = PLANNERS[backlog.kind].plan(BacklogRef(backlog), settings.SMARTDIALOG_CALLS_PER_MINUTE)
    if planned:
        Backlog.objects.filter(pk=backlog.pk, left__gte=planned).update(left=F("left") - planned)
    else:
        Backlog.objects.filter(pk=backlog.pk).update(left=0)
    return planned


def _stop(batch: str, state: BacklogState) -> int:
    with transaction.atomic():
        stopped = 0
        for backlog in Backlog.objects.filter(batch=batch).exclude(state=BacklogState.CANCELLED):
            _lock_row(backlog)
            _take_back(backlog)
            stopped += Backlog.objects.filter(pk=backlog.pk).update(state=state)
    return stopped


def _take_back(backlog: Backlog) -> None:
    """The operations of the batch that surely were not taken become rows of the backlog again."""
    waiting = Operation.objects.never_left().filter(batch=backlog.batch, connection=backlog.connection_id)
    operations = list(waiting.select_for_update())  # SQLite has one writer, which is us
    PLANNERS[backlog.kind].take_back(BacklogRef(backlog), [QueuedCall(row) for row in operations])
    Operation.objects.filter(pk__in=[operation.pk for operation in operations]).delete()
    Backlog.objects.filter(pk=backlog.pk).update(left=F("left") + len(operations))


def _drop_some(backlog_id: int) -> int:
    with transaction.atomic():
        cancelled = Backlog.objects.unplanned().filter(pk=backlog_id, state=BacklogState.CANCELLED)
        if not cancelled.update(left=F("left")):
            return 0
        backlog = cancelled.get()
        dropped = PLANNERS[backlog.kind].drop(BacklogRef(backlog), CHUNK)
        left = Greatest(F("left") - dropped, 0) if dropped else 0
        cancelled.update(left=left, dropped=F("dropped") + dropped)
    return dropped


def _lock_row(backlog: Backlog) -> None:
    """Keep others from adding or planning until the commit."""
    Backlog.objects.filter(pk=backlog.pk).select_for_update(no_key=True).first()


def _wake_drop(backlog: Backlog) -> None:
    wake_on_commit(DROP_BACKLOG, backlog.pk)
