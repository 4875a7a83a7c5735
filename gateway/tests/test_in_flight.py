"""Several calls of one connection under way at the same time, in threads as a worker has them."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError

from gateway import clock
from gateway.models import Connection, ConnectionState, Lane, Operation, OperationState
from gateway.outbox import draining, in_flight, retry
from gateway.outbox.claiming import due_operations, is_thread_wanted
from gateway.outbox.draining import drain
from gateway.outbox.in_flight import REPLY_PLACES, CallsInFlight
from gateway.tests.conftest import API
from gateway.workers import leases
from gateway.workers.leases import Lease, LeaseLost
from tests.factories import make_connection, make_operation

pytestmark = pytest.mark.django_db
CUSTOMERS = f"{API}/customers"
NOBODY = '{"customerUsers": []}'
PATIENCE = 10.0  # seconds


@pytest.fixture(autouse=True)
def threads(calls_in_turn, monkeypatch) -> None:
    monkeypatch.setattr(in_flight, "ThreadPoolExecutor", ThreadPoolExecutor)


@pytest.fixture
def calls() -> Iterator[CallsInFlight]:
    calls = CallsInFlight(answer_time=0)
    yield calls
    calls.finish()


def test_calls_of_several_subjects_are_under_way_together(connection, smartdialog):
    both = threading.Barrier(2, timeout=PATIENCE)
    smartdialog.add_callback("GET", CUSTOMERS, lambda request: (both.wait(), (200, {}, NOBODY))[1])
    make_operation(connection, subject="one")
    make_operation(connection, subject="two")

    drain(connection.pk)

    assert states() == {OperationState.DONE: 2}
    assert not Connection.objects.filter(leased_until__isnull=False).exists()


def test_calls_of_one_subject_stay_in_order_one_at_a_time(connection, smartdialog):
    beside, met = threading.Barrier(2), []

    def answer(request):
        try:
            beside.wait(timeout=0.1)
            met.append(request)
        except threading.BrokenBarrierError:
            beside.reset()
        return 200, {}, NOBODY

    smartdialog.add_callback("GET", CUSTOMERS, answer)
    first = [make_operation(connection, subject="contact:1") for _ in range(3)]

    drain(connection.pk)

    assert met == []
    tried = Operation.objects.order_by("tried_at").values_list("pk", flat=True)
    assert list(tried) == [operation.pk for operation in first]


def test_what_is_put_back_waits_while_a_later_one_of_its_subject_is_being_sent(connection, mikko):
    earlier = make_operation(connection, subject="contact:1", state=OperationState.FAILED)
    later = make_operation(connection, subject="contact:1", state=OperationState.INFLIGHT)
    retry(earlier, by=mikko)

    assert not due_operations(connection).exists()
    Operation.objects.filter(pk=later.pk).update(state=OperationState.DONE)
    assert due_operations(connection).get() == earlier


@pytest.mark.parametrize(("answer_time", "places"), [(0, 1), (0.5, 1), (3, 6), (600, 32)])
def test_as_many_have_a_place_as_become_due_while_one_is_answered_and_replies_have_more(
    settings, answer_time, places
):
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 100
    calls, answered, settled = CallsInFlight(answer_time=answer_time), threading.Event(), []
    for _ in range(places):
        assert list(calls.open_lanes()) == list(Lane)
        calls.start(lambda: answered.wait(PATIENCE), settled.append)
    for _ in range(REPLY_PLACES):
        assert calls.open_lanes() == [Lane.INTERACTIVE]
        calls.start(lambda: answered.wait(PATIENCE), settled.append)
    assert calls.open_lanes() == []

    answered.set()
    calls.finish()

    assert settled == [True] * (places + REPLY_PLACES)


def test_a_call_asks_the_thread_that_drains_and_hears_what_it_raises(calls):
    asked_in, settled = [], []

    def call():
        calls.run_here(lambda: asked_in.append(threading.get_ident()))
        calls.run_here(lambda: 1 / 0)

    calls.start(call, settled.append)
    calls.finish()

    assert asked_in == [threading.get_ident()]
    assert [type(outcome) for outcome in settled] == [ZeroDivisionError]


def test_each_call_is_settled_though_settling_another_fails(calls):
    settled = []

    def fail(outcome):
        raise OperationalError("database is locked")

    calls.start(lambda: 1, fail)
    calls.start(lambda: 2, settled.append)

    with pytest.raises(OperationalError):
        calls.finish()

    assert (settled, len(calls)) == ([2], 0)


def test_two_401s_of_one_token_renew_it_once_and_lose_nothing(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    reply = {"access_token": "fresh", "token_type": "Bearer", "expires_in": "3600", "refresh_token": "next"}
    renewals = smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json=reply)
    both = threading.Barrier(2, timeout=PATIENCE)

    def answer(request):
        if request.headers["Authorization"] == "Bearer fresh":
            return 200, {}, NOBODY
        both.wait()
        return 401, {}, ""

    smartdialog.add_callback("GET", CUSTOMERS, answer)
    make_operation(connection)
    make_operation(connection)

    drain(connection.pk)

    connection.refresh_from_db()
    assert (states(), renewals.call_count) == ({OperationState.DONE: 2}, 1)
    assert connection.state == ConnectionState.ACTIVE


def test_calls_that_fail_together_are_one_failure(connection, smartdialog):
    both = threading.Barrier(2, timeout=PATIENCE)
    smartdialog.add_callback("GET", CUSTOMERS, lambda request: (both.wait(), (500, {}, ""))[1])
    make_operation(connection)
    make_operation(connection)

    drain(connection.pk)

    connection.refresh_from_db()
    assert (states(), connection.consecutive_failures) == ({OperationState.WAITING: 2}, 1)


def test_a_call_that_was_under_way_beside_a_429_does_not_lift_its_hold(connection, smartdialog, monkeypatch):
    both, refused = threading.Barrier(2, timeout=PATIENCE), threading.Event()
    settle_error = draining.settle_error

    def settle_and_tell(*arguments, **named):
        settle_error(*arguments, **named)
        refused.set()

    def answer(request):
        if both.wait() == 0:
            return 429, {"Retry-After": "40"}, ""
        refused.wait(PATIENCE)
        return 200, {}, NOBODY

    monkeypatch.setattr(draining, "settle_error", settle_and_tell)
    smartdialog.add_callback("GET", CUSTOMERS, answer)
    for _ in range(2):
        make_operation(connection)

    drain(connection.pk)

    connection.refresh_from_db()
    assert states() == {OperationState.DONE: 1, OperationState.WAITING: 1}
    assert (connection.blocked_until - clock.now()).total_seconds() > 35


def test_a_lease_that_is_lost_beside_other_calls_stops_them_all(connection, smartdialog, monkeypatch):
    called = smartdialog.get(CUSTOMERS, body=NOBODY)
    renew, renewals = Lease.renew, []

    def lose_at_the_third(lease):
        renewals.append(lease)
        if len(renewals) == 3:
            Connection.objects.update(leased_until=clock.now())
            assert leases.take_connection(connection.pk)
        renew(lease)

    monkeypatch.setattr(Lease, "renew", lose_at_the_third)
    for _ in range(5):
        make_operation(connection)

    assert drain(connection.pk) is None

    assert called.call_count <= 1
    assert OperationState.DONE not in states()
    with pytest.raises(LeaseLost):
        renew(renewals[0])


def test_a_long_turn_gives_its_thread_to_a_connection_that_has_calls_to_make_now(connection, aino):
    other = make_connection(aino)
    make_operation(other)
    assert is_thread_wanted()

    for reason in ({"paced_until": clock.after(60)}, {"blocked_until": clock.after(60)}):
        Connection.objects.filter(pk=other.pk).update(**reason)
        assert not is_thread_wanted()
        Connection.objects.filter(pk=other.pk).update(paced_until=None, blocked_until=None)
    leases.take_connection(other.pk)
    assert not is_thread_wanted()


def states() -> Counter[str]:
    return Counter(Operation.objects.values_list("state", flat=True))
