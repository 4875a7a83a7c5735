"""A platform that is odd in ways that other platforms are, and a database that goes away as it answers."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

from accounts.models import User
from gateway.models import Connection, Operation, Service
from gateway.outbox.draining import drain
from gateway.smartdialog.client import Client
from tests.factories import make_contact
from tests.faults.call_cases import CALL_CASES, FINAL_STATES
from tests.integration.test_campaigns import send, states
from tests.integration.test_unsaid_answers import carry, received, take_reports, throw
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db
TAKEN = {"accepted", "delivered", "sent", "synced", "submitted", "listed"}


@pytest.fixture
def two(mikko_signed_in: User) -> Service:
    group = Service.objects.groups().get(name="Jäsenet")
    for number in (1, 2):
        make_contact(group, phone=f"+35840123000{number}", first_name="Maija")
    return group


@pytest.mark.parametrize("named", ["recipientId - -", "- messageId address", "recipientId messageId address"])
def test_ids_that_are_numbers_are_ids(browser, sandbox, mikko_signed_in, two, named):
    throw(sandbox, id_form="number", report_names=f"{named} status - timestamp")
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=1)
    assert states(campaign) == ["accepted", "accepted"]

    take_reports(sandbox, 2)
    assert states(campaign) == ["delivered", "delivered"]
    assert set(received(sandbox).values()) == {1}


@pytest.mark.parametrize("seconds", [1, 2, 5])
def test_tokens_that_live_for_a_moment_carry_what_they_can(browser, sandbox, mikko_signed_in, two, seconds):
    throw(sandbox, access_token_seconds=seconds, reuse_revokes_family=True)
    Connection.objects.update(expires_at="2026-01-01T00:00:00Z")
    campaign = send(browser, two)

    carry(campaign, mikko_signed_in, turns=3)

    assert states(campaign) == ["accepted", "accepted"]
    assert set(received(sandbox).values()) == {1}


@pytest.mark.parametrize("kind", CALL_CASES)
def test_a_refusal_with_the_status_of_a_success_is_none(sandbox, mikko_signed_in, kind):
    act = CALL_CASES[kind]
    act.do(mikko_signed_in, sandbox)
    throw(sandbox, error_body="success")
    sandbox.post("/_faults", [{"op": act.call, "do": "403"}]).raise_for_status()

    settle(mikko_signed_in, turns=5)

    assert act.held(sandbox) == 0
    assert act.told() not in TAKEN


def settle(person: User, *, turns: int) -> None:
    for _ in range(turns):
        Operation.objects.filter(state="waiting").update(due_at="2026-01-01T00:00:00Z")
        Connection.objects.update(blocked_until=None)
        drain(person.connection.pk)


@pytest.fixture
def goes_away(monkeypatch) -> Callable[[str], None]:
    """The database, for a second, as the answer to that call comes."""
    call, execute, until = Client.call, CursorWrapper.execute, 0.0

    def begin(name: str) -> None:
        def asked(self: Client, called: str, **options: Any) -> Any:
            nonlocal until, name
            answer = call(self, called, **options)
            if called == name:
                until, name = time.monotonic() + 1, ""
            return answer

        def sometimes(*query: Any) -> Any:
            if time.monotonic() < until:
                raise OperationalError("server closed the connection unexpectedly")
            return execute(*query)

        monkeypatch.setattr(Client, "call", asked)
        monkeypatch.setattr(CursorWrapper, "execute", sometimes)

    return begin


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", CALL_CASES)
def test_what_was_taken_as_the_database_went_away_is_there_once_and_told_truly(
    sandbox: Sandbox, mikko_signed_in, kind, goes_away, later
):
    throw(sandbox, duplicate_request_id="empty_success")
    act = CALL_CASES[kind]
    act.do(mikko_signed_in, sandbox)
    goes_away(act.call)

    try:
        drain(mikko_signed_in.connection.pk)
    except OperationalError:
        time.sleep(1.1)
    for passed in (200, 400, 600, 800):
        later(passed)
        Connection.objects.update(blocked_until=None)
        drain(mikko_signed_in.connection.pk)

    assert act.held(sandbox) == 1
    assert act.told() == ("unknown" if kind == "template" else FINAL_STATES[kind])
