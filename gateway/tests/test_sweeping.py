"""F20: what a lost wake-up left behind is found from the database alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from gateway import clock
from gateway.models import Connection, ConnectionState, OperationState
from gateway.workers import sweeping
from tests.factories import make_operation

pytestmark = pytest.mark.django_db

TOMORROW = timezone.now() + timedelta(days=1)


@pytest.mark.parametrize("state", [OperationState.WAITING, OperationState.INFLIGHT])
def test_what_waits_and_what_a_dead_worker_left_is_found(connection, state):
    make_operation(connection, state=state)

    assert sweeping.wake_due_connections() == 1


@pytest.mark.parametrize(
    "why",
    [
        {"leased_until": TOMORROW},
        {"blocked_until": TOMORROW},
        {"state": ConnectionState.PAUSED},
        {"state": ConnectionState.RECONNECT},
    ],
    ids=lambda why: "-".join(why),
)
def test_a_connection_that_may_not_be_drained_now_is_left_alone(connection, why):
    make_operation(connection)
    Connection.objects.update(**why)

    assert sweeping.wake_due_connections() == 0


def test_what_is_settled_or_due_later_is_left_alone(connection):
    make_operation(connection, state=OperationState.DONE)
    make_operation(connection, state=OperationState.UNKNOWN)
    make_operation(connection, due_at=TOMORROW)

    assert sweeping.wake_due_connections() == 0


def test_a_lease_that_ran_out_is_no_lease(connection):
    make_operation(connection, state=OperationState.INFLIGHT)
    Connection.objects.update(leased_until=clock.after(-1), blocked_until=clock.after(-1))

    assert sweeping.wake_due_connections() == 1
