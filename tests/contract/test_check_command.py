"""manage.py check_smartdialog against the running sandbox."""

import contextlib
import io
import re
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AuditEvent
from gateway import clock
from gateway.account_check.checker import UnexpectedResult
from gateway.account_check.read_steps import check_number
from gateway.models import Call, Connection, ConnectionState
from gateway.sign_in.identity import identity_of
from gateway.sign_in.signing_in import get_or_create_user
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.contract import ENDPOINTS
from gateway.smartdialog.types import ContactFields, NewTemplate
from tests.contract.sandbox_sign_in import sign_in

pytestmark = pytest.mark.django_db

KAHVILA = "aaaaaaaa-0000-4000-8000-000000000001"
GROUP = "bbbbbbbb-0001-4000-8000-000000000011"
TO = "+358409876543"


@pytest.fixture
def connection(sandbox) -> Connection:
    tokens = sign_in("aino")
    person = get_or_create_user(identity_of(tokens, nonce="tour"), tokens, signed_in=None)
    return Connection.objects.get(user=person)


@pytest.fixture
def api(connection) -> SmartDialog:
    return SmartDialog(Client(connection.access_token))


def check(*arguments: str) -> tuple[int, list[tuple[str, str, str]]]:
    """The exit code, and the state, the step and the words of each line."""
    out, code = io.StringIO(), 0
    try:
        call_command("check_smartdialog", *arguments, stdout=out)
    except SystemExit as ended:
        code = ended.code
    lines = re.findall(
        r"^(ok|FAILED|left out|not tried) +(\S+(?: again)?) +(.*)$", out.getvalue(), re.MULTILINE
    )
    return code, lines


def states(lines, state: str) -> set[str]:
    return {name for line_state, name, _ in lines if line_state == state}


def test_it_reads_what_may_be_read_and_says_a_line_for_each_operation(sandbox, connection):
    code, lines = check("--user", "aino")

    assert code == 0
    assert {name for _, name, _ in lines} == {"Sign-in", *ENDPOINTS}
    assert states(lines, "FAILED") == set()
    assert {call["method"] for call in sandbox.ledger()["calls"]} == {"GET"}
    assert GROUP in str(lines)
    assert all("proves that" in words for state, _, words in lines if state == "ok")
    assert AuditEvent.objects.get(verb="connection.checked").after == {"write": False, "failed": 0}


def test_writing_makes_and_undoes_and_sends_to_one_number_once(sandbox, connection):
    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert (code, states(lines, "FAILED")) == (0, set())
    assert states(lines, "ok") >= {"CreateGroupContact", "DeleteGroupContact", "SendMessage", "DeleteTrigger"}
    state = sandbox.state()
    assert state["subscriptions"] == []
    assert all(group["contacts"] == [] for group in state["contacts"])
    assert [each["address"] for message in state["messages"] for each in message["recipients"]] == [TO]
    assert "the same RequestId was refused" in str(lines)


def test_an_approved_template_without_variables_is_sent_too(sandbox, connection, api):
    identity = api.whatsapp_identities(customer=KAHVILA)[0]
    api.create_template(
        customer=KAHVILA, identity=identity, template=NewTemplate("Plain", "Hei!", "Utility", "fi")
    )
    sandbox.post("/_events", {"type": "review", "template": "Plain", "verdict": "approved"})

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert code == 0
    assert "SendWhatsappTemplateMessage" in states(lines, "ok")


def test_a_contact_that_was_there_before_is_left_alone(sandbox, connection, api):
    api.create_contact(customer=KAHVILA, group=GROUP, contact=ContactFields(phone=TO, active=False))

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert code == 0
    assert {"CreateGroupContact", "UpdateGroupContact", "DeleteGroupContact"} <= states(lines, "left out")
    contacts = [each for group in sandbox.state()["contacts"] for each in group["contacts"]]
    assert [(each["phone"], each["active"]) for each in contacts] == [(TO, False)]


def test_no_number_is_shown_whole(sandbox, connection):
    _, lines = check("--write", "--group", GROUP, "--to", TO)

    assert "+358•••43" in str(lines)
    assert not re.search(r"\+\d{7,}", str(lines))


def test_every_call_is_in_the_ledger_and_waits_for_a_slot(sandbox, connection, settings, monkeypatch):
    naps, now = [], clock.now
    monkeypatch.setattr("gateway.account_check.checker.time.sleep", naps.append)
    monkeypatch.setattr("accounts.db.clock.now", lambda: now() + timedelta(seconds=sum(naps)))
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 5

    code, _ = check()

    assert code == 0
    assert naps
    assert Call.objects.filter(name__startswith="check.").count() == len(sandbox.ledger()["calls"])


def test_a_revoked_grant_stops_it_and_says_so(sandbox, connection):
    sandbox.post("/_events", {"type": "sign_in", "person": "aino", "action": "revoke"})

    code, lines = check()

    assert code == 1
    assert states(lines, "FAILED") == {"GetUserCustomers"}
    assert "Sign in again" in str(lines)
    connection.refresh_from_db()
    assert connection.state == ConnectionState.RECONNECT
    assert len(sandbox.ledger()["calls"]) == 1


def test_a_missing_scope_is_named_with_what_to_ask_for(sandbox):
    tokens = sign_in("aino", without="WhatsApp")
    get_or_create_user(identity_of(tokens, nonce="tour"), tokens, signed_in=None)

    code, lines = check()

    assert code == 1
    assert states(lines, "FAILED") == {
        "GetWhatsappTemplateCategories",
        "GetCustomerWhatsappIdentities",
        "GetCustomerWhatsAppTemplates",
    }
    assert all("ask Arena for the scope WhatsApp" in words for state, _, words in lines if state == "FAILED")


def test_an_expired_access_token_is_renewed_on_the_way(sandbox, connection):
    sandbox.post("/_events", {"type": "sign_in", "person": "aino", "action": "expire"})

    assert check()[0] == 0


def test_a_platform_that_is_down_ends_it_after_one_line(sandbox, connection, settings):
    settings.SMARTDIALOG_API_URL = "http://127.0.0.1:1/api-integrations/v1"

    code, lines = check()

    assert code == 1
    assert states(lines, "FAILED") == {"GetUserCustomers"}
    assert "did not answer" in str(lines)


def test_a_request_id_that_is_sent_twice_is_a_failure(sandbox, connection):
    sandbox.post("/_faults", [{"op": "SendMessage", "do": "forget_request_id"}])

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert code == 1
    assert "sent a second time" in str(lines)


def test_a_trigger_without_location_is_said_to_stay(sandbox, connection):
    sandbox.post("/_switches", {"trigger_location": False})

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert (code, states(lines, "FAILED")) == (1, {"DeleteTrigger"})
    assert sandbox.state()["subscriptions"][0]["id"] in str(lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--user", "nobody"], "nobody is not connected"),
        (["--write"], "needs --group ID and --to NUMBER"),
        (["--to", "0401234567"], "international form"),
    ],
)
def test_a_check_that_cannot_begin_says_why_and_calls_nothing(sandbox, connection, arguments, words):
    with pytest.raises(CommandError, match=words) as refused:
        check(*arguments)

    assert refused.value.returncode == 2
    assert sandbox.ledger()["calls"] == []


def test_a_paused_connection_calls_nothing(sandbox, connection):
    Connection.objects.update(state=ConnectionState.PAUSED)

    with pytest.raises(CommandError, match="is paused"):
        check()


def test_a_group_that_nobody_has_is_said(sandbox, connection):
    code, lines = check("--group", "none", "--to", TO)

    assert code == 1
    assert "no customer has a group with the id none" in str(lines)


def output(*arguments: str) -> str:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("check_smartdialog", *arguments, stdout=out)
    return out.getvalue()


def throw(sandbox, **switches):
    sandbox.post("/_switches", switches).raise_for_status()


def test_a_wrong_secret_fails_once_and_nothing_more_is_said_of_the_rest(sandbox, connection):
    throw(sandbox, client_secret_expired=True)
    Connection.objects.update(expires_at=clock.now())

    code, lines = check()

    assert code == 1
    assert [state for state, name, _ in lines if name == "Sign-in"] == ["FAILED"]
    assert states(lines, "FAILED") == {"Sign-in"}
    assert "GetUserCustomers" in states(lines, "not tried")
    assert not [call for call in sandbox.ledger()["calls"] if call["operation"] != "token"]
    told = output()
    assert "\nSMARTDIALOG_CLIENT_SECRET=…\n" in told
    assert "ask Arena for the scope" not in told


def test_a_sign_in_that_cannot_be_renewed_names_the_scope(sandbox):
    throw(sandbox, grants_offline_access=False)
    tokens = sign_in("aino")
    get_or_create_user(identity_of(tokens, nonce="tour"), tokens, signed_in=None)

    code, lines = check()

    assert (code, states(lines, "FAILED")) == (1, {"Renewal"})
    assert re.search(r"\nSMARTDIALOG_SCOPES='?.*offline_access", output())


def test_a_scope_that_is_not_asked_for_is_a_line_to_write(sandbox, settings):
    tokens = sign_in("aino", without="WhatsApp")
    get_or_create_user(identity_of(tokens, nonce="tour"), tokens, signed_in=None)
    settings.SMARTDIALOG_SCOPES = [each for each in settings.SMARTDIALOG_SCOPES if "WhatsApp" not in each]

    assert re.search(r"\nSMARTDIALOG_SCOPES='.*/WhatsApp'\n", output())


@pytest.mark.parametrize("fault", ["500", "html", "malformed"])
def test_without_customers_what_needs_one_is_not_tried(sandbox, connection, fault):
    sandbox.post("/_faults", [{"op": "GetUserCustomers", "do": fault}]).raise_for_status()

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert (code, states(lines, "FAILED")) == (1, {"GetUserCustomers"})
    assert {"GetCustomerServices", "SendMessage", "NewMessage"} <= states(lines, "not tried")
    assert "ask Arena for the scope" not in str(lines)


@pytest.mark.parametrize("fault", ["429", "500", "html", "malformed", "empty", "truncate", "reset_after"])
@pytest.mark.parametrize("operation", ["GetCustomerServices", "CreateGroupContact", "SendMessage"])
def test_nothing_is_said_to_be_kept_or_tried_again_as_nothing_is(sandbox, connection, fault, operation):
    sandbox.post("/_faults", [{"op": operation, "do": fault}]).raise_for_status()

    told = output("--write", "--group", GROUP, "--to", TO).splitlines()

    failed = [line.partition(" | ")[0] for line in told if line.startswith(f"FAILED    {operation} ")]
    assert failed
    assert not re.search(r"asked again|tried again|is kept|by itself|will go out", str(failed))
    in_doubt = operation != "GetCustomerServices" and fault != "429"
    assert all(("may have taken this" in line) is in_doubt for line in failed)


def test_services_that_cannot_be_read_are_not_said_to_be_missing(sandbox, connection):
    sandbox.post("/_faults", [{"op": "GetCustomerServices", "do": "500"}]).raise_for_status()

    _, lines = check("--write", "--group", GROUP, "--to", TO)

    assert states(lines, "FAILED") == {"GetCustomerServices"}
    assert "no customer has a group" not in str(lines)
    assert "there is no one-way service" not in str(lines)


@pytest.mark.parametrize("fault", ["reset_after", "truncate", "500", "403"])
def test_whatever_becomes_of_a_test_contact_none_is_left(sandbox, connection, fault):
    sandbox.post("/_faults", [{"op": "CreateGroupContact", "do": fault}]).raise_for_status()

    _, lines = check("--write", "--group", GROUP, "--to", TO)

    assert "CreateGroupContact" in states(lines, "FAILED")
    assert "UpdateGroupContact" in states(lines, "not tried")
    assert all(group["contacts"] == [] for group in sandbox.state()["contacts"])


@pytest.mark.parametrize(
    ("asked", "answered", "same"),
    [
        ("+358401230099", "+358401230099", True),
        ("+358401230099", "358401230099", True),
        ("+358401230099", "0401230099", True),
        ("+358401230099", "+358 40 123 0099", True),
        ("+358401230099", "+358401230098", False),
        ("+358401230099", "", False),
        ("+358401230099", "99", False),
    ],
)
def test_the_number_that_is_answered_is_compared_with_the_one_asked_for(asked, answered, same):
    if same:
        check_number(asked, answered)
    else:
        with pytest.raises(UnexpectedResult):
            check_number(asked, answered)


@pytest.mark.parametrize("spelled", ["digits", "zeros"])
def test_another_spelling_of_the_number_is_the_same_number(sandbox, connection, spelled):
    throw(sandbox, answered_addresses=spelled)

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert (code, states(lines, "FAILED")) == (0, set())


def test_an_empty_contact_is_nobody(sandbox, connection):
    throw(sandbox, unknown_contact_read="empty")

    code, lines = check("--write", "--group", GROUP, "--to", TO)

    assert (code, states(lines, "FAILED")) == (0, set())
    assert all(group["contacts"] == [] for group in sandbox.state()["contacts"])


def test_no_services_leave_out_what_needs_them(sandbox, connection):
    throw(sandbox, services_listed="none")

    code, lines = check()

    assert (code, states(lines, "FAILED")) == (0, set())
