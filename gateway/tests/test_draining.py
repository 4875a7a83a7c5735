from datetime import timedelta

import pytest
import requests
from django.db import OperationalError

from gateway import clock, operation_handlers, outbox
from gateway.models import Call, Connection, Lane, Operation, OperationState
from gateway.outbox import QueuedCall, cancel_waiting, claiming, draining, retry
from gateway.outbox.claiming import Idle, claim_next, due_operations, lane_watermarks
from gateway.outbox.draining import drain
from gateway.outbox.handlers import Handler
from gateway.outbox.outcomes import settle_done
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore
from gateway.sign_in import tokens
from gateway.smartdialog import directory
from gateway.tests.directory_answers import CUSTOMERS, listing
from gateway.workers import leases
from gateway.workers.leases import LeaseLost
from tests.factories import make_connection, make_operation

pytestmark = pytest.mark.django_db


def test_a_due_operation_is_called_once_and_its_outcome_handed_over(connection, smartdialog, mikko):
    smartdialog.get(CUSTOMERS, json=listing("kahvila"))
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert [customer.name for customer in mikko.customers.all()] == ["kahvila"]
    assert Call.objects.filter(operation=operation, status=200).count() == 1


def test_lanes_go_in_order_whenever_they_were_added(connection, smartdialog):
    smartdialog.get(CUSTOMERS, json=listing())
    bulk = make_operation(connection, lane=Lane.BULK)
    reply = make_operation(connection, lane=Lane.INTERACTIVE)

    drain(connection.pk)

    assert list(Call.objects.order_by("pk").values_list("operation", flat=True)) == [reply.pk, bulk.pk]


def test_operations_of_one_subject_wait_for_each_other(connection, smartdialog):
    smartdialog.get(CUSTOMERS, status=500)
    make_operation(connection, subject="contact:1", due_at=clock.after(60))
    later = make_operation(connection, subject="contact:1")

    drain(connection.pk)

    later.refresh_from_db()
    assert later.attempts == 0


def test_a_call_of_a_contact_keeps_its_place_though_it_is_for_later(connection):
    make_operation(connection, kind="contact.create", subject="contact:1", due_at=clock.after(60))
    make_operation(connection, kind="contact.update", subject="contact:1")

    assert not due_operations(connection).exists()


def test_who_takes_a_call_over_while_it_is_being_claimed_wins(connection, mikko, aino, monkeypatch):
    operation, other = make_operation(connection, subject="thread:1"), make_connection(aino)
    taken_over = []
    monkeypatch.setattr(
        Handler,
        "before_try",
        lambda *_: taken_over.append(outbox.carry_by(other, subject="thread:1")),
    )

    claim = claim_next(connection, leases.take_connection(connection.pk))

    assert taken_over == [True]
    assert isinstance(claim, NotBefore)
    operation.refresh_from_db()
    assert (operation.connection, operation.state) == (other, OperationState.WAITING)


def test_a_refusal_is_kept_with_the_platforms_words(connection, smartdialog):
    smartdialog.get(CUSTOMERS, status=400, json={"errorMessage": "No such thing"})
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.FAILED
    assert "No such thing" in operation.reason_text


def test_a_platform_that_is_down_keeps_everything_and_says_so(connection, smartdialog):
    smartdialog.get(CUSTOMERS, body=requests.exceptions.ConnectionError("NewConnectionError: refused"))
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert not operation.possibly_accepted
    assert connection.blocked_until > clock.now()
    assert "did not answer" in connection.last_failure_text


def test_a_429_is_obeyed_for_as_long_as_it_says(connection, smartdialog):
    smartdialog.get(CUSTOMERS, status=429, headers={"Retry-After": "40"})
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert (connection.blocked_until - clock.now()).total_seconds() > 35


def test_no_answer_to_a_repeatable_call_waits_until_the_old_one_is_dead(connection, smartdialog, settings):
    smartdialog.get(CUSTOMERS, body=requests.exceptions.ReadTimeout())
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    assert operation.possibly_accepted
    assert (operation.due_at - clock.now()).total_seconds() > settings.SMARTDIALOG_UNKNOWN_GRACE - 5


def test_a_worker_that_died_in_a_call_leaves_it_to_the_next_lease(connection, smartdialog):
    called = smartdialog.get(CUSTOMERS, json=listing())
    long_ago = clock.after(-600)
    operation = make_operation(
        connection, state=OperationState.INFLIGHT, fence=0, tried_at=long_ago, attempts=1
    )

    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, called.call_count) == (OperationState.DONE, 1)
    assert operation.possibly_accepted


def test_an_outcome_that_our_own_code_cannot_take_in_is_not_called_for_ever(
    connection, smartdialog, monkeypatch
):
    called = smartdialog.get(CUSTOMERS, json=listing("kahvila"))
    broken, other = make_operation(connection), make_operation(connection)

    def break_once(owner, listed):
        monkeypatch.undo()
        raise KeyError("no such thing")

    monkeypatch.setattr(directory, "store_customers", break_once)
    drain(connection.pk)
    drain(connection.pk)

    broken.refresh_from_db()
    other.refresh_from_db()
    assert (broken.state, other.state) == (OperationState.FAILED, OperationState.DONE)
    assert "Something went wrong here" in broken.reason_text
    assert called.call_count == 2


@pytest.mark.parametrize("kind", ["directory.customers", "hooks.subscribe"])
def test_a_database_that_fails_before_the_call_leaves_it_to_be_made(connection, monkeypatch, kind):
    operation = make_operation(connection, kind=kind)

    def fail(mine):
        raise OperationalError("database is locked")

    monkeypatch.setattr(tokens, "bearer", fail)
    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert (operation.state, operation.possibly_accepted) == (OperationState.WAITING, False)
    assert "tried again" in operation.reason_text
    assert connection.consecutive_failures == 0


def test_a_database_that_fails_inside_the_call_before_it_leaves_leaves_it_to_be_made(connection, monkeypatch):
    operation = make_operation(connection, kind="hooks.subscribe")

    def fail(subscription):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(operation_handlers, "_subscription", fail)
    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, operation.possibly_accepted) == (OperationState.WAITING, False)


def test_a_fault_of_the_platform_is_told_to_who_decides_as_a_doubt_and_else_as_a_delay(
    connection, smartdialog, monkeypatch
):
    smartdialog.get(CUSTOMERS, status=500)
    kept, asked = make_operation(connection), make_operation(connection, subject="asked")
    may_repeat = Handler.may_repeat
    monkeypatch.setattr(
        Handler, "may_repeat", lambda self, each: each.id != asked.pk and may_repeat(self, each)
    )

    drain(connection.pk)
    Connection.objects.update(blocked_until=None)
    drain(connection.pk)

    kept.refresh_from_db()
    asked.refresh_from_db()
    assert (kept.state, asked.state) == (OperationState.WAITING, OperationState.UNKNOWN)
    assert "will be tried again" in kept.reason_text
    assert "for you to decide" in asked.reason_text
    assert "tried again" not in asked.reason_text


def test_a_worker_that_lost_its_lease_writes_nothing(connection):
    mine = leases.take_connection(connection.pk)
    operation = make_operation(connection, state=OperationState.INFLIGHT, fence=mine.fence)
    Connection.objects.update(leased_until=clock.now())
    assert leases.take_connection(connection.pk)

    with pytest.raises(LeaseLost):
        settle_done(connection, mine, operation, [])

    operation.refresh_from_db()
    assert operation.state == OperationState.INFLIGHT


def test_a_worker_whose_lease_ran_out_before_its_call_calls_nothing(connection, smartdialog, monkeypatch):
    called = smartdialog.get(CUSTOMERS, json=listing())
    make_operation(connection)

    def slow_bearer(mine):
        Connection.objects.update(leased_until=clock.now())
        assert leases.take_connection(mine.pk)
        return "access"

    monkeypatch.setattr(tokens, "bearer", slow_bearer)
    drain(connection.pk)

    assert called.call_count == 0
    assert Operation.objects.get().state == OperationState.INFLIGHT


def test_what_may_have_been_sent_six_days_ago_is_asked_about_not_sent(connection, smartdialog, mikko):
    called = smartdialog.get(CUSTOMERS, json=listing())
    operation = make_operation(
        connection,
        request_id="one",
        possibly_accepted=True,
        attempts=1,
        first_tried_at=clock.after(-6 * 86_400 - 1),
    )

    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, called.call_count) == (OperationState.UNKNOWN, 0)

    retry(QueuedCall(operation), by=mikko)
    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, called.call_count) == (OperationState.DONE, 1)


def test_what_a_person_retries_is_seen_from_the_next_turn_on(connection, smartdialog, mikko):
    old = make_operation(connection, lane=Lane.BULK, state=OperationState.FAILED)
    make_operation(connection, lane=Lane.BULK)
    lane_watermarks(connection)
    retry(QueuedCall(old), by=mikko)

    claim = claim_next(connection, leases.take_connection(connection.pk), lane_watermarks(connection))

    assert claim.operation.pk == old.pk


def test_what_a_person_retries_is_seen_at_the_latest_when_nothing_newer_is_left(
    connection, smartdialog, mikko
):
    smartdialog.get(CUSTOMERS, json=listing())
    old = make_operation(connection, lane=Lane.BULK, state=OperationState.FAILED)
    make_operation(connection, lane=Lane.BULK)
    drain(connection.pk)
    retry(QueuedCall(old), by=mikko)
    newer = make_operation(connection, lane=Lane.BULK)

    drain(connection.pk)

    assert Operation.objects.filter(pk__in=[old.pk, newer.pk], state=OperationState.DONE).count() == 2


def test_what_is_held_between_a_look_at_it_and_its_claim_does_not_leave(connection, monkeypatch):
    operation, lease = make_operation(connection), leases.take_connection(connection.pk)
    reserve = ledger.reserve

    def held_meanwhile(*args, **named):
        assert outbox.hold(kinds=[operation.kind]) == 1
        return reserve(*args, **named)

    monkeypatch.setattr(ledger, "reserve", held_meanwhile)

    claim_next(connection, lease)

    operation.refresh_from_db()
    assert operation.state == OperationState.HELD
    assert isinstance(claim_next(connection, lease), Idle)
    assert outbox.release(kinds=[operation.kind]) == 1
    assert due_operations(connection).get() == operation


def test_the_first_of_a_lane_is_not_looked_for_at_every_turn(connection, smartdialog, monkeypatch):
    smartdialog.get(CUSTOMERS, json=listing())
    looks = []
    monkeypatch.setattr(draining, "_watermark_cache", draining._WatermarkCache())
    monkeypatch.setattr(claiming, "lane_watermarks", lambda mine: looks.append(mine.pk) or {})
    monkeypatch.setattr(ledger, "pacing_interval", lambda: timedelta(hours=1))
    for _ in range(4):
        make_operation(connection, lane=Lane.BULK)

    for _ in range(3):
        Connection.objects.update(paced_until=None)
        drain(connection.pk)

    assert Call.objects.count() == 3
    assert looks == [connection.pk]


def test_a_second_drain_leaves_at_once(connection, smartdialog):
    make_operation(connection)
    assert leases.take_connection(connection.pk)

    assert drain(connection.pk) is None
    assert not Call.objects.exists()


def test_cancelling_takes_what_waits_and_leaves_what_may_have_been_sent(connection):
    waiting = make_operation(connection, batch="campaign:1")
    taken = make_operation(connection, batch="campaign:1", possibly_accepted=True)

    assert cancel_waiting(batch="campaign:1") == 1

    waiting.refresh_from_db()
    taken.refresh_from_db()
    assert (waiting.state, taken.state) == (OperationState.CANCELLED, OperationState.WAITING)


def test_what_is_cancelled_while_it_is_being_claimed_is_not_called(connection, smartdialog, monkeypatch):
    called = smartdialog.get(CUSTOMERS, json=listing())
    operation = make_operation(connection, batch="campaign:1")
    reserve = ledger.reserve

    def after_somebody_cancelled(*arguments, **named):
        assert cancel_waiting(batch="campaign:1") == 1
        return reserve(*arguments, **named)

    monkeypatch.setattr(ledger, "reserve", after_somebody_cancelled)
    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, called.call_count) == (OperationState.CANCELLED, 0)
    assert not Call.objects.exists()


def test_a_failed_operation_is_retried_by_one_person_only(connection, mikko):
    operation = make_operation(connection, state=OperationState.FAILED)

    assert [retry(QueuedCall(operation), by=mikko), retry(QueuedCall(operation), by=mikko)] == [True, False]
    assert Operation.objects.get().state == OperationState.WAITING
