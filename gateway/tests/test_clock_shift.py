"""On SQLite the host’s clock is the only one: set back, it delays nothing; set ahead, it hurries nothing."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from gateway import clock
from gateway.hooks.processing import process_due
from gateway.hooks.subscriptions import subscribe
from gateway.models import Connection, EventState, HookEvent, HookSubscription, OperationState, ServiceKind
from gateway.outbox.claiming import due_operations, safe_retry_at
from gateway.outbox.holding import release
from gateway.workers import sweeping
from tests.factories import make_operation, make_service

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite")]
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def set_clock(monkeypatch):
    sweeping.sync_host_clock()
    real = timezone.now

    def set_by(by: timedelta) -> None:
        monkeypatch.setattr(timezone, "now", lambda: real() + by)
        sweeping.sync_host_clock()

    return set_by


@pytest.fixture
def inbound_hook(kahvila, mikko, connection) -> HookSubscription:
    return subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)


def is_near(one: datetime, other: datetime) -> bool:
    return abs(one - other) < timedelta(seconds=5)


def test_a_clock_set_back_delays_no_call_that_waits(connection, set_clock):
    for _ in range(3):
        make_operation(connection)

    set_clock(-HOUR)

    assert due_operations(connection).count() == 3


def test_nor_one_that_was_released_or_is_to_be_made_again(connection, set_clock):
    make_operation(connection, state=OperationState.HELD, subject="contact:1")
    make_operation(connection, attempts=1, tried_at=clock.now() - HOUR)
    release(kinds=["directory.customers"])

    set_clock(-HOUR)

    assert due_operations(connection).count() == 2


def test_what_is_for_a_time_that_somebody_named_waits_for_that_time(connection, set_clock):
    at = clock.now() - 10 * MINUTE
    named = make_operation(connection, created_at=at - HOUR, due_at=at)

    set_clock(-HOUR)

    named.refresh_from_db()
    assert named.due_at == at
    assert not due_operations(connection).exists()


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "ahead"])
def test_a_pause_before_the_next_try_lasts_as_long(connection, set_clock, by):
    tried = make_operation(connection, attempts=1, tried_at=clock.now(), due_at=clock.now() + MINUTE)

    set_clock(by)

    tried.refresh_from_db()
    assert is_near(tried.due_at, clock.now() + MINUTE)


def test_what_a_dead_worker_left_is_tried_no_sooner(connection, set_clock):
    left = make_operation(
        connection, state=OperationState.INFLIGHT, tried_at=clock.now(), first_tried_at=clock.now()
    )

    set_clock(HOUR)

    left.refresh_from_db()
    assert safe_retry_at(left.tried_at) > clock.now() + MINUTE
    assert is_near(left.first_tried_at, clock.now())


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "ahead"])
def test_a_token_and_its_refresh_end_as_late_as_before(connection, set_clock, by):
    Connection.objects.update(expires_at=clock.now() + HOUR, refreshing_until=clock.now() + MINUTE)

    set_clock(by)

    connection.refresh_from_db()
    assert is_near(connection.expires_at, clock.now() + HOUR)
    assert is_near(connection.refreshing_until, clock.now() + MINUTE)


def test_a_clock_set_back_delays_nothing_that_came_in(inbound_hook, set_clock):
    HookEvent.objects.create(subscription=inbound_hook, body=b"what is no JSON")

    set_clock(-HOUR)
    process_due()

    assert HookEvent.objects.get().state == EventState.QUARANTINED


@pytest.mark.parametrize("by", [-HOUR, HOUR], ids=["back", "ahead"])
def test_what_is_parked_is_looked_at_again_as_late_as_before(inbound_hook, set_clock, by):
    later = {"state": EventState.PARKED, "due_at": clock.now() + MINUTE}
    event = HookEvent.objects.create(subscription=inbound_hook, body=b"{}", **later)

    set_clock(by)

    event.refresh_from_db()
    assert is_near(event.due_at, clock.now() + MINUTE)
