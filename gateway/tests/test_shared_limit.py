"""A limit that counts several people together: kept when we are told, learnt of when we are not."""

from datetime import timedelta

import pytest

from gateway import clock, outbox
from gateway.models import Call, Lane
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore
from tests.factories import make_connection, make_operation
from tests.people import client_of

pytestmark = pytest.mark.django_db


def call(connection, customer=None, lane=Lane.INTERACTIVE):
    operation = make_operation(connection, customer=customer)
    return isinstance(ledger.reserve(connection, name="x", lane=lane, operation=operation), Call)


@pytest.fixture
def two(settings, mikko, aino):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 3
    return make_connection(mikko), make_connection(aino)


@pytest.mark.parametrize(
    ("counts", "same", "other"), [("connection", 3, 3), ("customer", 1, 3), ("client", 1, 1)]
)
def test_what_others_called_counts_where_we_are_told(two, kahvila, trattoria, settings, counts, same, other):
    settings.SMARTDIALOG_LIMIT_COUNTS = counts
    first, second = two
    assert all(call(first, kahvila) for _ in range(2))

    assert sum(call(second, kahvila) for _ in range(5)) == same
    Call.objects.filter(connection=second).delete()
    assert sum(call(second, trattoria) for _ in range(5)) == other


@pytest.mark.parametrize("counts", ["connection", "customer", "client"])
def test_a_connection_never_has_more_than_its_own_limit(two, kahvila, trattoria, settings, counts):
    settings.SMARTDIALOG_LIMIT_COUNTS = counts
    first, _ = two

    assert sum(call(first, customer) for customer in (kahvila, trattoria, None) * 4) == 3


def test_a_full_shared_window_says_when_it_opens(two, kahvila, settings):
    settings.SMARTDIALOG_LIMIT_COUNTS = "client"
    first, second = two
    slots = [ledger.reserve(first, name="x", lane=Lane.INTERACTIVE) for _ in range(3)]
    for slot in slots:
        ledger.record_answer(slot, status=200)

    wait = ledger.reserve(second, name="x", lane=Lane.INTERACTIVE)

    assert isinstance(wait, NotBefore)
    assert 0 < (wait.at - clock.now()).total_seconds() < 61
    assert not Call.objects.filter(connection=second).exists()


@pytest.mark.parametrize(("counts", "times"), [("connection", 1), ("customer", 2), ("client", 2)])
def test_who_shares_a_limit_takes_as_much_longer(two, kahvila, settings, counts, times):
    settings.SMARTDIALOG_LIMIT_COUNTS = counts
    first, second = two
    alone = outbox.seconds_for(60)
    make_operation(second, customer=kahvila)

    assert outbox.seconds_for(60, first) == pytest.approx(times * alone)


def test_a_stranger_with_work_shares_no_customers_limit(two, otto, settings):
    settings.SMARTDIALOG_LIMIT_COUNTS = "customer"
    make_operation(make_connection(otto))

    assert outbox.seconds_for(60, two[0]) == pytest.approx(outbox.seconds_for(60))


def test_refusals_are_learnt_from(connection, aino, settings):
    """Ten calls served in five minutes since the first refusal: a hundred more take fifty."""
    began = clock.now() - timedelta(minutes=5)
    for number in range(20):
        at = began + timedelta(seconds=15 * number)
        Call.objects.create(
            connection=connection,
            name="x",
            lane=Lane.BULK,
            reserved_at=at,
            answered_at=at,
            held_until=at + timedelta(minutes=1),
            status=200 if number % 2 else 429,
        )

    assert outbox.seconds_for(100, connection) == pytest.approx(3000, rel=0.01)
    page = client_of(aino).get("/settings/system/").content.decode()
    assert "refused 10 calls as too many" in page
    assert "SMARTDIALOG_LIMIT_COUNTS" in page
    Call.objects.update(held_until=clock.now() - timedelta(minutes=11))
    assert outbox.seconds_for(100, connection) == outbox.seconds_for(100)
