"""How long an action takes, in the words beside its button."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gateway import clock
from gateway.models import Lane
from gateway.templatetags.gateway_ui import call_cost
from tests.factories import make_connection, make_operation

pytestmark = pytest.mark.django_db


@pytest.fixture
def connection(mikko):
    return make_connection(mikko)


@pytest.fixture
def evening(monkeypatch):
    """A quarter to midnight in Helsinki."""
    now = datetime(2026, 11, 27, 21, 45, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(timezone, "now", lambda: now)
    with timezone.override("Europe/Helsinki"):
        yield now


def test_a_price_tells_minutes_and_the_end(connection, evening):
    assert call_cost(connection, 1) == "a few seconds, done 23:45"
    assert call_cost(connection, 1000) == "about 10 minutes, done 23:55"
    assert call_cost(None, 2) == "as soon as you have signed in with SmartDialog"


def test_an_end_on_another_day_carries_the_day(connection, evening):
    assert call_cost(connection, 3000).endswith("done Sat 28 Nov 00:15")


def test_a_price_tells_what_it_waits_for(connection, evening):
    make_operation(connection, lane=Lane.BULK, due_at=evening - timedelta(1))
    assert call_cost(connection, 1).endswith(", after 1 that waits")
    make_operation(connection, lane=Lane.BULK, due_at=evening - timedelta(1))
    assert call_cost(connection, 1).endswith(", after 2 that wait")

    assert call_cost(connection, 1, lane=Lane.INTERACTIVE) == "a few seconds, done 23:45"


def test_what_an_action_withdraws_is_not_waited_for(connection, evening):
    make_operation(connection, lane=Lane.BULK, batch="import:1", due_at=evening - timedelta(1))
    make_operation(connection, lane=Lane.BULK, due_at=evening - timedelta(1))

    assert call_cost(connection, 1, without="import:1").endswith(", after 1 that waits")
