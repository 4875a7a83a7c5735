"""A worker's turn ends when nothing may be called: it says when to come again, and an alarm asks it to."""

import time
from collections.abc import Iterator

import pytest

from gateway import clock, tasks
from gateway.models import Call, Connection, Lane
from gateway.outbox.draining import drain
from gateway.tests.conftest import API
from gateway.workers import wake_up
from gateway.workers.leases import Lease
from gateway.workers.wake_up import wake_at
from tests.factories import make_operation

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> Iterator[list[tuple[str, tuple[int, ...]]]]:
    """The wake-ups that left; no alarm outlives its test."""
    left: list[tuple[str, tuple[int, ...]]] = []
    alarms = wake_up._Timers()
    monkeypatch.setattr(wake_up, "_timers", alarms)
    monkeypatch.setattr(wake_up, "wake_now", lambda task, *ids: left.append((task, ids)))
    yield left
    for _, timer in alarms._set.values():
        timer.cancel()


@pytest.fixture
def customers(smartdialog):
    return smartdialog.get(f"{API}/customers", json={"customerUsers": []})


def test_a_turn_ends_when_the_next_call_has_to_wait_and_says_until_when(connection, customers):
    for _ in range(20):
        make_operation(connection, lane=Lane.BULK)

    again_at = drain(connection.pk)

    connection.refresh_from_db()
    assert again_at == connection.paced_until > Call.objects.latest("reserved_at").reserved_at
    assert connection.leased_until is None
    assert 0 < Call.objects.count() < 20


def test_a_turn_in_a_full_window_makes_no_call_and_comes_again_when_a_slot_is_free(
    connection, customers, settings
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    make_operation(connection)
    make_operation(connection)
    drain(connection.pk)

    assert drain(connection.pk) == Call.objects.get().held_until
    assert customers.call_count == 1


def test_a_turn_with_nothing_left_to_do_ends_for_good(connection, customers):
    make_operation(connection)

    assert drain(connection.pk) is None


def test_what_was_added_while_a_worker_was_leaving_is_seen(connection, customers, monkeypatch):
    release = Lease.release

    def add_and_release(lease):
        make_operation(connection)
        release(lease)

    monkeypatch.setattr(Lease, "release", add_and_release)

    assert drain(connection.pk) <= clock.now()


def test_bulk_work_that_waits_for_its_pace_is_not_asked_for_at_once(connection, customers, sent):
    for _ in range(20):
        make_operation(connection, lane=Lane.BULK)

    tasks.drain(connection.pk)

    assert sent == []


def test_an_alarm_asks_once_for_the_earliest_moment(connection, sent):
    for seconds in (0.3, 0.05, 0.2):
        wake_at(clock.after(seconds), wake_up.DRAIN, connection.pk)

    time.sleep(0.3)
    while not sent:
        time.sleep(0.01)

    assert sent == [(wake_up.DRAIN, (connection.pk,))]


def test_what_is_due_much_later_is_left_to_the_sweep(connection, sent):
    wake_at(clock.after(wake_up.MAX_DELAY + 1), wake_up.DRAIN, connection.pk)

    assert not wake_up._timers._set


def test_a_paused_connection_is_left_in_peace(connection):
    make_operation(connection)
    Connection.objects.update(state="paused")

    assert drain(connection.pk) is None
