import pytest
import requests

from gateway import clock, leases
from gateway.models import Call, Connection, ConnectionState, Lane, Operation, OperationState
from gateway.outbox import cancel_waiting, retry
from gateway.outbox.claiming import LeaseLost
from gateway.outbox.draining import drain
from gateway.outbox.settling import settle_done
from gateway.tests.conftest import API
from tests.makers import make_operation

CUSTOMERS = f"{API}/customers"
pytestmark = pytest.mark.django_db


def listing(*names: str) -> dict:
    return {"customerUsers": [{"customerId": f"customer-{name}", "customerName": name} for name in names]}


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


def test_a_refusal_is_kept_with_the_platforms_words(connection, smartdialog):
    smartdialog.get(CUSTOMERS, status=400, json={"errorMessage": "No such thing"})
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.FAILED
    assert "No such thing" in operation.error_text


def test_a_platform_that_is_down_keeps_everything_and_says_so(connection, smartdialog):
    smartdialog.get(CUSTOMERS, body=requests.exceptions.ConnectionError("NewConnectionError: refused"))
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert not operation.may_be_taken
    assert connection.blocked_until > clock.now()
    assert "did not answer" in connection.trouble_text


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
    assert operation.may_be_taken
    assert (operation.due_at - clock.now()).total_seconds() > settings.SMARTDIALOG_UNKNOWN_GRACE - 5


def test_a_worker_that_died_in_a_call_leaves_it_to_the_next_lease(connection, smartdialog):
    smartdialog.get(CUSTOMERS, json=listing())
    long_ago = clock.after(-600)
    operation = make_operation(
        connection, state=OperationState.INFLIGHT, fence=0, tried_at=long_ago, attempts=1
    )

    drain(connection.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert operation.may_be_taken


def test_f12_a_worker_that_lost_its_lease_writes_nothing(connection):
    mine = leases.take(connection.pk)
    operation = make_operation(connection, state=OperationState.INFLIGHT, fence=mine.fence)
    Connection.objects.update(leased_until=clock.now())
    assert leases.take(connection.pk)

    with pytest.raises(LeaseLost):
        settle_done(connection, mine, operation, [])

    operation.refresh_from_db()
    assert operation.state == OperationState.INFLIGHT


def test_f13_a_second_drain_leaves_at_once(connection, smartdialog):
    make_operation(connection)
    assert leases.take(connection.pk)

    assert drain(connection.pk) == 0
    assert not Call.objects.exists()


def test_a_dead_grant_pauses_and_drops_nothing(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, status=400, json={"error": "invalid_grant"})
    Connection.objects.update(expires_at=clock.now())
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert connection.state == ConnectionState.RECONNECT


def test_a_401_renews_the_token_once_and_repeats_the_call_once(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    reply = {"access_token": "fresh", "token_type": "Bearer", "expires_in": "3600", "refresh_token": "next"}
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json=reply)
    smartdialog.get(CUSTOMERS, status=401)
    smartdialog.get(CUSTOMERS, json=listing())
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.DONE
    assert (connection.access_token, connection.refresh_token) == ("fresh", "next")


def test_a_second_401_asks_the_person_to_sign_in_again(connection, smartdialog, settings):
    settings.SMARTDIALOG_TOKEN_URL = "http://127.0.0.1/token"
    smartdialog.post(settings.SMARTDIALOG_TOKEN_URL, json={"access_token": "a", "token_type": "Bearer"})
    smartdialog.get(CUSTOMERS, status=401)
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    connection.refresh_from_db()
    assert operation.state == OperationState.WAITING
    assert connection.state == ConnectionState.RECONNECT


def test_cancelling_takes_what_waits_and_leaves_what_may_have_been_sent(connection):
    waiting = make_operation(connection, batch="campaign:1")
    taken = make_operation(connection, batch="campaign:1", may_be_taken=True)

    assert cancel_waiting(batch="campaign:1") == 1

    waiting.refresh_from_db()
    taken.refresh_from_db()
    assert (waiting.state, taken.state) == (OperationState.CANCELLED, OperationState.WAITING)


def test_a_failed_operation_is_retried_by_one_person_only(connection, mikko):
    operation = make_operation(connection, state=OperationState.FAILED)

    assert [retry(operation, by=mikko), retry(operation, by=mikko)] == [True, False]
    assert Operation.objects.get().state == OperationState.WAITING
