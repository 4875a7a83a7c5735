"""Answers that come late, broken or not at all: one message each, and none is called sent without proof."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.test import Client as Browser

from accounts.models import User
from gateway import clock
from gateway.models import Call, Connection, ConnectionState, Operation, OperationState
from gateway.outbox import QueuedCall, retry
from gateway.outbox.draining import drain
from gateway.smartdialog.client import Client
from gateway.smartdialog.errors import NoAnswer
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import stats_of
from tests.faults.call_cases import CALL_CASES, FINAL_STATES, CallCase
from tests.people import client_of
from tests.sandbox_process import Sandbox

pytestmark = pytest.mark.django_db

API_SCOPES = "https://arenafi.onmicrosoft.com/smartdialog-integrations-api/"
BROKEN = ["malformed", "page", "empty", "no_content", "wrong_shape", "truncate", "bomb", "deep"]
# What an SMS may be answered with, and for the other kinds what differs most.
ANSWERS = [("sms", each) for each in BROKEN]
ANSWERS += [(kind, each) for kind in ("whatsapp", "contact", "reply") for each in ("malformed", "page")]


def act_of(kind: str, person: User, sandbox: Sandbox) -> CallCase:
    CALL_CASES[kind].do(person, sandbox)
    return CALL_CASES[kind]


def misbehave(sandbox: Sandbox, *faults: dict) -> None:
    sandbox.post("/_faults", list(faults)).raise_for_status()


def calls(sandbox: Sandbox, act: CallCase) -> list[dict]:
    return sandbox.ledger(operation=act.call)["calls"]


def the_operation() -> Operation:
    """The last one that a person's act queued, or what followed it."""
    return Operation.objects.exclude(kind__startswith="directory").latest("pk")


@pytest.mark.parametrize(("kind", "answer"), ANSWERS)
def test_a_broken_success_is_checked_and_never_called_sent(kind, answer, signed_in, sandbox, later):
    act = act_of(kind, signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": answer, "when": "nth", "n": 1})
    drain(signed_in.connection.pk)

    operation = the_operation()
    assert (operation.state, operation.possibly_accepted) == (OperationState.WAITING, True)
    assert act.told() not in {"accepted", "delivered", "sent", "synced"}
    assert "may have taken this" in operation.reason_text
    assert balance() == ({"waiting": 1} if kind in {"sms", "whatsapp"} else None)

    later(150)
    drain(signed_in.connection.pk)

    assert (act.held(sandbox), act.told()) == (1, FINAL_STATES[kind])
    assert len(calls(sandbox, act)) == 2
    assert not Operation.objects.needing_a_person().exists()


def test_what_cannot_be_read_is_kept_with_its_call_and_shown_to_the_admin(signed_in, sandbox, aino):
    act = act_of("sms", signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": "page"})

    drain(signed_in.connection.pk)

    call = Call.objects.get(name="campaign.sms")
    assert "<h1>502 Bad Gateway" in call.error
    aino.customers.add(*signed_in.customers.all())
    assert "502 Bad Gateway" in client_of(aino).get("/settings/usage/").content.decode()


@pytest.mark.parametrize("answer", ["without_ids", "short_recipients"])
def test_who_is_not_named_in_the_answer_is_uncertain_and_not_accepted(answer, signed_in, sandbox):
    act = act_of("sms", signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": answer})

    drain(signed_in.connection.pk)

    assert act.told() == "uncertain"
    assert balance() == {"uncertain": 1}
    assert the_operation().state == OperationState.DONE


@pytest.mark.parametrize("answer", ["page", "hold_after_accept"])
def test_a_template_that_was_answered_oddly_is_left_to_people(answer, signed_in, sandbox, later, settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    act = act_of("template", signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": answer, "ms": 1500})
    drain(signed_in.connection.pk)
    later(300)
    drain(signed_in.connection.pk)

    assert (act.held(sandbox), act.told(), len(calls(sandbox, act))) == (1, "unknown", 1)


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "contact", "reply"])
def test_what_was_taken_and_not_answered_in_time_is_asked_once_more_with_the_same_bytes(
    kind, signed_in, sandbox, later, settings
):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    act = act_of(kind, signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": "hold_after_accept", "ms": 2000, "when": "nth", "n": 1})

    drain(signed_in.connection.pk)
    assert (the_operation().state, len(calls(sandbox, act))) == (OperationState.WAITING, 1)
    assert (the_operation().due_at - clock.now()).total_seconds() > settings.SMARTDIALOG_UNKNOWN_GRACE - 5
    later(settings.SMARTDIALOG_UNKNOWN_GRACE - 5)
    drain(signed_in.connection.pk)
    assert len(calls(sandbox, act)) == 1

    later(settings.SMARTDIALOG_UNKNOWN_GRACE + 60)
    drain(signed_in.connection.pk)
    made = calls(sandbox, act)
    assert (len(made), len({call["body_sha256"] for call in made})) == (2, 1)
    assert (act.held(sandbox), act.told()) == (1, FINAL_STATES[kind])


def test_meanwhile_people_read_that_it_is_being_checked(signed_in, sandbox, settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    act = act_of("sms", signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": "hold_after_accept", "ms": 2000})
    drain(signed_in.connection.pk)

    page = page_of(signed_in, f"/campaigns/{Campaign.objects.get().pk}/")
    assert "A call is being checked" in page

    act = act_of("reply", signed_in, sandbox)
    misbehave(sandbox, {"op": act.call, "do": "hold_after_accept", "ms": 2000})
    Connection.objects.update(blocked_until=None)
    drain(signed_in.connection.pk)
    assert "It is being checked." in page_of(signed_in, "/inbox/")


@pytest.mark.parametrize("kind", ["sms", "whatsapp", "reply"])
def test_a_platform_that_knows_a_request_id_only_after_a_while_has_one_message(
    kind, signed_in, sandbox, later, settings
):
    """Within its forgetful time a second request would be a second message: ours comes after it."""
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    act = act_of(kind, signed_in, sandbox)
    forgetful = {"op": act.call, "do": "forget_request_id", "ms": 1000 * settings.SMARTDIALOG_UNKNOWN_GRACE}
    misbehave(sandbox, forgetful, {"op": act.call, "do": "hold_after_accept", "ms": 2000})

    for passed in (0, 20, 40, 55, 62, 120):
        later(passed)
        sandbox.post("/_clock", {"offset": passed}).raise_for_status()
        Connection.objects.update(blocked_until=None)
        drain(signed_in.connection.pk)

    assert act.held(sandbox) == 1
    assert len(calls(sandbox, act)) >= 2


def test_the_old_connection_is_closed_before_a_call_is_given_up(settings):
    settings.SMARTDIALOG_CALL_TIMEOUT = 1
    with silent_platform() as (address, closed):
        settings.SMARTDIALOG_API_URL = address
        with pytest.raises(NoAnswer):
            Client("token").call("GetUserCustomers")
        assert closed.wait(1), "its socket was left open"


@contextmanager
def silent_platform() -> Iterator[tuple[str, threading.Event]]:
    """Takes one request and says nothing; tells when the other side has closed."""
    closed = threading.Event()

    def listen(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            while connection.recv(65536):
                pass
        closed.set()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=listen, args=(server,))
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", closed
        thread.join(5)


@pytest.mark.parametrize("kind", CALL_CASES)
def test_a_401_in_the_middle_is_one_refresh_and_one_repeat(kind, signed_in, sandbox):
    act = act_of(kind, signed_in, sandbox)
    sandbox.post("/_events", {"type": "sign_in", "person": "mikko", "action": "expire"}).raise_for_status()
    before = len(sandbox.ledger(operation="token")["calls"])

    drain(signed_in.connection.pk)

    assert (act.held(sandbox), act.told()) == (1, FINAL_STATES[kind])
    assert [call["status"] for call in calls(sandbox, act)] == [401, 204 if kind == "template" else 200]
    assert len(sandbox.ledger(operation="token")["calls"]) - before == 1


@pytest.mark.parametrize("fault", [{"do": "revoked", "when": "nth", "n": 1}, {"do": "401"}])
def test_a_dead_grant_keeps_all_in_order_until_the_person_has_signed_in_again(
    fault, signed_in, browser, sandbox
):
    kinds = ["sms", "contact", "reply"]
    acts = [act_of(kind, signed_in, sandbox) for kind in kinds]
    before = len(sandbox.ledger(operation="token")["calls"])
    misbehave(sandbox, {"op": "CreateGroupContact"} | fault)
    drain(signed_in.connection.pk)

    connection = Connection.objects.get()
    assert connection.state == ConnectionState.RECONNECT
    assert len(sandbox.ledger(operation="token")["calls"]) - before == 1
    assert [act.held(sandbox) for act in acts] == [0, 0, 0]
    assert Operation.objects.unsettled().count() == 3
    assert not drain(connection.pk)

    misbehave(sandbox)
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain(connection.pk)
    assert [act.held(sandbox) for act in acts] == [1, 1, 1]
    assert [act.told() for act in acts] == [FINAL_STATES[kind] for kind in kinds]
    made = [call["operation"] for call in sandbox.ledger()["calls"] if call["status"] == 200]
    lanes = [name for name in made if name in {act.call for act in acts}]
    assert lanes == ["CreateGroupContact", "SendReplyMessage", "SendMessage"]  # by lane, then as they came


def test_a_scope_that_was_not_granted_is_said_and_what_needs_it_is_kept(signed_in, browser, sandbox, later):
    act = act_of("sms", signed_in, sandbox)
    browser.come_back(
        browser.consent(
            browser.start(), person="mikko", grant=["offline_access", f"{API_SCOPES}Group.Management"]
        )
    )

    drain(signed_in.connection.pk)

    operation = Operation.objects.get(kind="campaign.sms")
    assert (operation.state, act.held(sandbox)) == (OperationState.FAILED, 0)
    assert "Gateway.Send is missing" in operation.reason_text

    browser.come_back(browser.consent(browser.start(), person="mikko"))
    assert retry(QueuedCall(operation), by=signed_in)
    later(5)  # the calls of two sign-ins count in the pace of the one before
    drain(signed_in.connection.pk)
    assert (act.held(sandbox), act.told()) == (1, "accepted")


@pytest.mark.parametrize("kind", ["sms", "contact", "reply"])
def test_a_customer_that_is_lost_fails_what_is_theirs_and_nothing_else(kind, signed_in, sandbox):
    lost = act_of(kind, signed_in, sandbox)
    misbehave(sandbox, {"op": lost.call, "do": "403"})

    drain(signed_in.connection.pk)

    assert (lost.held(sandbox), lost.told()) == (0, "failed")
    assert the_operation().state == OperationState.FAILED
    assert Connection.objects.get().is_active


def balance() -> dict[str, int] | None:
    """Of the only campaign, by where its one recipient is; None without a campaign."""
    campaign = Campaign.objects.first()
    if campaign is None:
        return None
    stats = stats_of(campaign)
    assert stats.total == 1
    names = ("waiting", "accepted", "delivered", "failed", "uncertain", "skipped")
    return {name: number for name in names if (number := getattr(stats, name))}


def page_of(person: User, path: str) -> str:
    browser: Browser = client_of(person)
    return browser.get(path, follow=True).content.decode()
