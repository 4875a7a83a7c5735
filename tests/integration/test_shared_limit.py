"""A platform that counts the calls of a customer, or of all people, together."""

import pytest

from accounts.models import Customer
from gateway.models import Connection, Operation, OperationState
from gateway.outbox.draining import drain
from tests.factories import make_operation
from tests.integration.conftest import make_mikko

pytestmark = pytest.mark.django_db

LIMIT = 8


def refused(sandbox):
    return sum(call["decision"] == "limited" for call in sandbox.ledger(limit=1000)["calls"])


@pytest.fixture
def connections(browser, sandbox, settings):
    """Mikko's and Nina's, who reach one customer, with twice the work that a minute has room for."""
    make_mikko()
    found = []
    for person in ("mikko", "nina"):
        browser.come_back(browser.consent(browser.start(), person=person))
        browser.client.logout()
    kahvila = Customer.objects.create(remote_id="aaaaaaaa-0000-4000-8000-000000000001", name="Kahvila")
    Operation.objects.all().delete()
    sandbox.post("/_switches", {"calls_per_minute": LIMIT}).raise_for_status()
    settings.SMARTDIALOG_CALLS_PER_MINUTE = LIMIT
    for connection in Connection.objects.order_by("pk"):
        found.append(connection)
        for _ in range(LIMIT):
            payload = {"customer": kahvila.remote_id}
            make_operation(connection, customer=kahvila, kind="directory.identities", payload=payload)
    return found


@pytest.mark.parametrize("counts", ["customer", "client"])
def test_nobody_is_refused_where_we_are_told_whose_calls_count(connections, sandbox, settings, counts):
    sandbox.post("/_switches", {"limit_counts": counts}).raise_for_status()
    settings.SMARTDIALOG_LIMIT_COUNTS = counts

    for connection in connections:
        drain(connection.pk)

    assert refused(sandbox) == 0
    assert Operation.objects.filter(state=OperationState.DONE).count() == LIMIT


def test_where_we_are_not_told_calls_are_refused_and_nothing_is_lost(connections, sandbox):
    sandbox.post("/_switches", {"limit_counts": "customer"}).raise_for_status()

    for connection in connections:
        drain(connection.pk)

    assert refused(sandbox) >= 1
    states = set(Operation.objects.values_list("state", flat=True))
    assert states == {OperationState.DONE, OperationState.WAITING}
    assert Operation.objects.count() == 2 * LIMIT
