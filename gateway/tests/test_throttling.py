"""A 429 is obeyed in each of its forms, told to people when it is long, and nobody's failure."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from accounts.models import Role
from gateway import clock
from gateway.models import Connection, Lane, OperationState
from gateway.outbox import eta
from gateway.outbox.claiming import claim_next
from gateway.outbox.draining import drain
from gateway.rate_limit.call_meter import meter_of
from gateway.rate_limit.ledger import NotBefore
from gateway.tests.conftest import API
from gateway.workers.sweeping import wake_due_connections
from tests.factories import make_connection, make_operation
from tests.people import make_person

CUSTOMERS = f"{API}/customers"
# By the platform's clock, which is ten minutes behind ours.
SAID_AT = datetime.now(UTC) - timedelta(minutes=10)
IN_FORTY_SECONDS = format_datetime(SAID_AT + timedelta(seconds=40), usegmt=True)
BACKOFF = 0.5  # seconds, the least after the first one
FORMS = [
    ("40", 40.0),
    pytest.param(IN_FORTY_SECONDS, 40.0, id="a date"),
    ("0", BACKOFF),
    ("-1", BACKOFF),
    (None, BACKOFF),
    ("86400", 86_400.0),
    ("soon", BACKOFF),
    ("Wed, 99 Foo 2026 25:00:00 GMT", BACKOFF),
]
pytestmark = pytest.mark.django_db


def throttle(smartdialog, retry_after: str | None):
    headers = {"Date": format_datetime(SAID_AT, usegmt=True)}
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    return smartdialog.get(CUSTOMERS, status=429, headers=headers)


@pytest.mark.parametrize(("retry_after", "least"), FORMS)
@pytest.mark.parametrize("lane", [Lane.INTERACTIVE, Lane.BULK])
def test_no_call_of_the_connection_comes_before_the_time_that_a_429_states(
    connection, smartdialog, retry_after, least, lane
):
    refused = throttle(smartdialog, retry_after)
    make_operation(connection, lane=lane)
    make_operation(connection, lane=Lane.BULK)
    told_at = clock.now()

    again_at = drain(connection.pk)

    assert refused.call_count == 1
    assert again_at >= told_at + timedelta(seconds=least)
    make_operation(connection, lane=Lane.INTERACTIVE)
    connection.refresh_from_db()
    assert claim_next(connection, lease=None) == NotBefore(again_at)
    assert wake_due_connections() == 0


@pytest.mark.parametrize("retry_after", [None, "0", "40"])
def test_a_call_that_was_throttled_is_made_again_and_has_failed_nobody(connection, smartdialog, retry_after):
    throttle(smartdialog, retry_after)
    operation = make_operation(connection)

    drain(connection.pk)

    operation.refresh_from_db()
    assert (operation.state, operation.attempts, operation.possibly_accepted) == (
        OperationState.WAITING,
        0,
        False,
    )
    assert operation.due_at <= clock.now()


def test_a_platform_that_states_nothing_again_and_again_is_asked_ever_less(connection, smartdialog):
    throttle(smartdialog, "0")
    make_operation(connection)
    pauses = []

    for _ in range(6):
        asked_at = clock.now()
        pauses.append((drain(connection.pk) - asked_at).total_seconds())
        Connection.objects.update(blocked_until=None)

    assert pauses[5] >= 2**5 / 2


def test_another_connection_is_not_held(connection, smartdialog):
    throttle(smartdialog, "86400")
    make_operation(connection)
    drain(connection.pk)
    other = make_connection(make_person("Other", Role.MARKETER))
    smartdialog.replace("GET", CUSTOMERS, json={"customerUsers": []})
    operation = make_operation(other)

    drain(other.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.DONE


def test_a_wait_of_over_a_quarter_of_an_hour_is_told_with_its_end(connection, mikko, smartdialog):
    throttle(smartdialog, "86400")
    make_operation(connection)

    again_at = drain(connection.pk)

    told = meter_of(mikko)
    assert f"takes no calls before {timezone.localtime(again_at):%-d %B}" in told.failure_text
    assert told.done_at > again_at
    connection.refresh_from_db()
    assert eta(connection, calls=1) > again_at


def test_a_short_wait_is_no_alarm(connection, mikko, smartdialog):
    throttle(smartdialog, "40")
    make_operation(connection)

    drain(connection.pk)

    connection.refresh_from_db()
    assert not connection.is_held_long
    assert "before" not in meter_of(mikko).failure_text
