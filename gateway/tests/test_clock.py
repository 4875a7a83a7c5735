"""Whatever is done to the clock of a host, a slot stays used for a minute after its answer."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from gateway import clock
from gateway.models import Call, ClockAgreed, Connection, Lane
from gateway.rate_limit import ledger
from gateway.workers import leases, sweeping

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=5)


@pytest.fixture(params=[MINUTES, -MINUTES], ids=["ahead", "behind"])
def set_clock(request, monkeypatch) -> None:
    """The host's clock is set, once its processes have agreed on a time where the database has none."""
    clock.now()
    sweeping.sync_host_clock()
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + request.param)
    monkeypatch.setattr("time.time", lambda: real().timestamp() + request.param.total_seconds())


def test_the_limiter_keeps_to_the_databases_time(set_clock, connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    assert abs(slot.reserved_at - databases_time()) < timedelta(seconds=2)
    ledger.record_answer(slot, status=200)
    assert abs(slot.held_until - databases_time() - timedelta(seconds=60)) < timedelta(seconds=2)


def test_a_process_that_starts_after_the_clock_was_set_reads_the_same(
    set_clock, connection, settings, monkeypatch
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    lease = leases.take_connection(connection.pk)

    monkeypatch.setattr(clock, "_last", None)

    assert not isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)
    assert leases.take_connection(connection.pk) is None
    lease.renew()


def test_the_time_goes_on_between_two_questions_to_the_database(connection, django_assert_num_queries):
    with django_assert_num_queries(0):
        earlier = clock.now()
        assert earlier < clock.now() < earlier + timedelta(seconds=5)


def test_when_the_one_clock_was_set_all_that_is_held_goes_with_it(set_clock, connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    Connection.objects.update(blocked_until=clock.after(90))

    sweeping.sync_host_clock()

    assert abs(clock.now() - time_that_counts()) < timedelta(seconds=2)
    ledger.record_answer(slot, status=200)
    slot.refresh_from_db()
    connection.refresh_from_db()
    assert timedelta(seconds=59) < slot.held_until - clock.now() < timedelta(seconds=61)
    assert timedelta(seconds=88) < connection.blocked_until - clock.now() < timedelta(seconds=91)
    assert slot.milliseconds < 5000, "the call did not last as long as the clock was set by"


def test_a_slot_without_an_answer_is_freed_no_sooner_when_the_clock_is_set(set_clock, connection):
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    held_for = slot.held_until - clock.now()

    sweeping.sync_host_clock()

    slot.refresh_from_db()
    assert abs(slot.held_until - clock.now() - held_for) < timedelta(seconds=2)


def test_another_start_of_the_host_agrees_anew_and_moves_nothing(connection, monkeypatch):
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    ClockAgreed.objects.create(boot="an earlier one", epoch_at_boot=0)

    sweeping.sync_host_clock()

    assert abs(clock.now() - time_that_counts()) < timedelta(seconds=2)
    assert ClockAgreed.objects.count() == 1
    assert Call.objects.get().held_until == slot.held_until


def time_that_counts() -> datetime:
    return databases_time() if database.vendor == "postgresql" else timezone.now()


def databases_time() -> datetime:
    asking = {
        "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
        "sqlite": "SELECT unixepoch('now')",
    }
    with database.cursor() as cursor:
        cursor.execute(asking[database.vendor])
        return datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)
