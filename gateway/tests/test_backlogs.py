"""Backlogs: planned a little ahead, paused, resumed, cancelled; judged here with a planner of numbers."""

from collections.abc import Sequence

import pytest

from gateway.models import Backlog, BacklogState, Lane, Operation, OperationState
from gateway.outbox import (
    BacklogRef,
    NewOperation,
    Planner,
    QueuedCall,
    add_many,
    backlogs,
    eta,
    progress_of,
)
from gateway.rate_limit.call_meter import meter_of
from gateway.tests.conftest import API
from gateway.workers import leases, sweeping
from tests.factories import make_operation
from tests.worker_loop import drain_until_idle

pytestmark = pytest.mark.django_db
KIND, BATCH = "numbers", "import:1"


class Numbers(Planner):
    """Rows are numbers; it remembers what it was told."""

    def __init__(self, rows: int) -> None:
        self.rows = list(range(rows))
        self.dropped: list[int] = []

    def plan(self, backlog: BacklogRef, limit: int) -> int:
        planned, self.rows = self.rows[:limit], self.rows[limit:]
        new = [
            NewOperation(kind="directory.customers", payload={"n": row}, lane=Lane.BULK, batch=backlog.batch)
            for row in planned
        ]
        return add_many(backlog.connection, new)

    def take_back(self, backlog: BacklogRef, calls: Sequence[QueuedCall]) -> None:
        self.rows = sorted([*self.rows, *(call.payload["n"] for call in calls)])

    def drop(self, backlog: BacklogRef, limit: int) -> int:
        gone, self.rows = self.rows[:limit], self.rows[limit:]
        self.dropped += gone
        return len(gone)


@pytest.fixture
def planned(connection, kahvila, mikko, monkeypatch, settings):
    """A backlog of 250 numbers, planned 100 at a time."""
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 100
    planner = Numbers(250)
    monkeypatch.setitem(backlogs.PLANNERS._entries, KIND, planner)
    backlog = backlogs.open_backlog(connection, kind=KIND, customer=kahvila, by=mikko, batch=BATCH)
    backlogs.add_rows(backlog, 250)
    return planner


def plan(connection) -> int:
    lease = leases.take_connection(connection.pk)
    try:
        return backlogs.plan_next(connection, lease)
    finally:
        lease.release()


def waiting() -> list[int]:
    return [operation.payload["n"] for operation in Operation.objects.filter(batch=BATCH).order_by("pk")]


def test_a_minutes_worth_is_planned_when_nothing_else_is_due(connection, planned):
    assert [plan(connection) for _ in range(4)] == [100, 100, 50, 0]
    assert waiting() == list(range(250))
    assert not Backlog.objects.unplanned().exists()


def test_a_drain_carries_a_backlog_to_its_end_after_what_is_interactive(
    connection, planned, smartdialog, settings
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 60_000
    smartdialog.get(f"{API}/customers", json={"customerUsers": []})
    reply = make_operation(connection, lane=Lane.INTERACTIVE)

    drain_until_idle(connection.pk)

    assert progress_of(BATCH).done == progress_of(BATCH).total == 250
    assert Operation.objects.order_by("settled_at").first() == reply


def test_what_is_not_planned_counts_as_waiting_everywhere(connection, planned, mikko):
    before = eta(connection, calls=0)
    plan(connection)

    progress = progress_of(BATCH)
    assert (progress.waiting, progress.total) == (250, 250)
    assert eta(connection, calls=progress.waiting) > before  # also where the database makes no int of a sum
    assert meter_of(mikko).waiting == 250
    assert abs((eta(connection, calls=0) - before).total_seconds()) < 2
    assert eta(connection, calls=0, lane=Lane.CAMPAIGN) < before


def test_a_paused_batch_takes_back_what_has_not_left(connection, planned):
    plan(connection)
    tried = Operation.objects.filter(batch=BATCH).first()
    Operation.objects.filter(pk=tried.pk).update(possibly_accepted=True)

    assert backlogs.pause(BATCH) == 1

    assert waiting() == [0]
    assert planned.rows == list(range(1, 250))
    assert plan(connection) == 0
    assert progress_of(BATCH).waiting == 250


def test_a_resumed_batch_goes_on(connection, planned):
    plan(connection)
    backlogs.pause(BATCH)

    assert backlogs.resume(BATCH) == 1
    assert plan(connection) == 100


def test_a_cancelled_batch_tells_every_row_and_calls_nothing(connection, planned):
    plan(connection)
    backlog = Backlog.objects.get()

    assert backlogs.cancel(BATCH) == 250
    assert progress_of(BATCH).cancelled == 250
    backlogs.drop(backlog.pk)
    assert progress_of(BATCH).cancelled == 250

    assert planned.dropped == list(range(250))
    assert (plan(connection), waiting()) == (0, [])


def test_a_sweep_finds_a_backlog_whose_wake_up_was_lost(connection, planned):
    assert sweeping.wake_due_connections() == 1


def test_a_sweep_finds_a_cancelled_backlog_whose_worker_died(
    connection, planned, django_capture_on_commit_callbacks
):
    Backlog.objects.update(state=BacklogState.CANCELLED)

    with django_capture_on_commit_callbacks() as wake_ups:
        backlogs.wake_cancelled()

    assert len(wake_ups) == 1


def test_rows_that_were_taken_off_elsewhere_are_no_work_for_ever(connection, planned):
    planned.rows = planned.rows[:10]

    assert [plan(connection), plan(connection)] == [10, 0]
    assert not Backlog.objects.unplanned().exists()


def test_a_backlog_of_nobodys_kind_is_refused(connection, kahvila, mikko):
    with pytest.raises(ValueError, match="no planner"):
        backlogs.open_backlog(connection, kind="nobody", customer=kahvila, by=mikko)


def test_only_waiting_operations_are_taken_back(connection, planned):
    plan(connection)
    Operation.objects.filter(payload__n=3).update(state=OperationState.INFLIGHT)

    backlogs.pause(BATCH)

    assert waiting() == [3]
    assert Backlog.objects.get().state == BacklogState.PAUSED


def test_what_is_planned_while_it_is_counted_is_never_in_neither(planned, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert progress_of(BATCH).waiting == 250
