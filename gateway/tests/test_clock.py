"""F14: on PostgreSQL the database's time decides, whatever is done to the clock of a host."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection as database
from django.utils import timezone

from gateway import clock, leases, ledger
from gateway.models import Call, Lane

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=5)


@pytest.fixture(params=[MINUTES, -MINUTES], ids=["ahead", "behind"])
def set_clock(request, monkeypatch) -> None:
    """The host's clock is set. SQLite has no other: there nothing is set, and the same holds."""
    clock.now()
    if database.vendor == "postgresql":
        real = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: real() + request.param)
        monkeypatch.setattr("time.time", lambda: real().timestamp() + request.param.total_seconds())


def test_f14_the_limiter_keeps_to_the_databases_time(set_clock, connection, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)

    assert abs(slot.reserved_at - databases_time()) < timedelta(seconds=2)
    ledger.answered(slot, status=200)
    assert abs(slot.held_until - databases_time() - timedelta(seconds=60)) < timedelta(seconds=2)


def test_f14_a_process_that_starts_after_the_clock_was_set_reads_the_same(
    set_clock, connection, settings, monkeypatch
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 1
    ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    lease = leases.take(connection.pk)

    monkeypatch.setattr(clock, "_last", None)

    assert not isinstance(ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE), Call)
    assert leases.take(connection.pk) is None
    assert lease.renew()


def test_the_time_goes_on_between_two_questions_to_the_database(connection, django_assert_num_queries):
    with django_assert_num_queries(0):
        earlier = clock.now()
        assert earlier < clock.now() < earlier + timedelta(seconds=5)


def databases_time() -> datetime:
    asking = {
        "postgresql": "SELECT extract(epoch FROM clock_timestamp())",
        "sqlite": "SELECT unixepoch('now')",
    }
    with database.cursor() as cursor:
        cursor.execute(asking[database.vendor])
        return datetime.fromtimestamp(float(cursor.fetchone()[0]), UTC)
