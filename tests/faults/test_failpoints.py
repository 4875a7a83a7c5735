"""A worker killed, or paused, at every failpoint of a call: what the platform has, and what people read."""

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from gateway import clock
from gateway.models import Connection, ConnectionState, Operation, OperationState
from gateway.outbox.draining import drain
from gateway.smartdialog.contract import ENDPOINTS
from tests.faults.call_cases import CALL_CASES, FINAL_STATES, CallCase
from tests.faults.crash.failpoints import FAILPOINTS
from tests.faults.crashing_worker import drain_and_crash, drain_and_pause
from tests.faults.stack import wait_until
from tests.sandbox_process import Sandbox

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.django_db(transaction=True)]

NOT_LEFT = ["slot reserved", "before connect"]
TAKEN = ["no answer", "answer read", "outcome written"]
WRITTEN = ["committed", "before next wake-up"]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def act(request: pytest.FixtureRequest, signed_in: User, sandbox: Sandbox) -> CallCase:
    """Done: its call waits in the outbox, and nothing else does."""
    act = CALL_CASES[request.param]
    act.do(signed_in, sandbox)
    assert Operation.objects.get(state=OperationState.WAITING).connection == signed_in.connection
    return act


@pytest.mark.parametrize("failpoint", [*NOT_LEFT, *TAKEN, *WRITTEN])
@pytest.mark.parametrize("act", CALL_CASES, indirect=True)
def test_a_kill_at_any_seam_of_a_call_loses_nothing_and_repeats_nothing(
    act, failpoint, signed_in, sandbox, tmp_path, later, request
):
    kind = request.node.callspec.params["act"]
    connection = signed_in.connection
    drain_and_crash(connection.pk, failpoint=failpoint, folder=tmp_path)
    first = 0 if failpoint in NOT_LEFT else 1
    wait_until(lambda: arrivals(sandbox, act) == first, "the call to have arrived")

    if failpoint != "before next wake-up":
        assert not drain(connection.pk)  # while the dead worker's lease runs
    later(50)  # its lease has run out; a request it sent may still be on its way
    drain(connection.pk)
    assert arrivals(sandbox, act) == first
    doubtful = Operation.objects.filter(possibly_accepted=True).exclude(state=OperationState.DONE)
    assert doubtful.count() == (0 if failpoint in WRITTEN else 1)
    later(150)
    drain(connection.pk)

    again = 1 if failpoint in TAKEN or failpoint in NOT_LEFT else 0
    if ENDPOINTS[act.call].repeatable or failpoint in WRITTEN:
        assert (act.held(sandbox), act.told()) == (1, FINAL_STATES[kind])
        assert arrivals(sandbox, act) == first + again
        assert not Operation.objects.needing_a_person().exists()
    else:
        assert (act.held(sandbox), act.told()) == (first, "unknown")
        assert arrivals(sandbox, act) == first
        assert Operation.objects.needing_a_person().count() == 1
    assert len(set(bodies(sandbox, act))) <= 1
    assert not Operation.objects.unsettled().exists()


@pytest.mark.parametrize("act", ["sms"], indirect=True)
def test_a_second_kill_while_the_first_is_made_good_changes_nothing(act, signed_in, sandbox, tmp_path, later):
    connection = signed_in.connection
    drain_and_crash(connection.pk, failpoint="answer read", folder=tmp_path)
    Connection.objects.update(leased_until=clock.now())
    drain_and_crash(connection.pk, failpoint="taken up", folder=tmp_path)

    later(150)
    drain(connection.pk)

    assert (act.held(sandbox), act.told(), arrivals(sandbox, act)) == (1, "accepted", 2)


@pytest.mark.parametrize("failpoint", [*NOT_LEFT, "no answer", "answer read"])
@pytest.mark.parametrize("act", ["sms", "template"], indirect=True)
def test_a_worker_that_wakes_after_its_lease_calls_nothing_and_writes_nothing(
    act, failpoint, signed_in, sandbox, tmp_path, later
):
    connection = signed_in.connection
    with drain_and_pause(connection.pk, failpoint=failpoint, folder=tmp_path):
        later(150)
        drain(connection.pk)
        before = arrivals(sandbox, act), act.held(sandbox), act.told(), rows()

    assert (arrivals(sandbox, act), act.held(sandbox), act.told(), rows()) == before
    repeatable = ENDPOINTS[act.call].repeatable
    assert before[1] == (1 if repeatable or failpoint not in NOT_LEFT else 0)
    assert before[2] == ("accepted" if repeatable else "unknown")


@pytest.mark.parametrize("act", ["sms"], indirect=True)
@pytest.mark.parametrize("failpoint", ["tokens answered", "tokens kept"])
@pytest.mark.parametrize("reuse_revokes", [False, True])
def test_a_kill_in_a_refresh_loses_no_call_and_at_worst_asks_for_a_new_sign_in(
    act, failpoint, reuse_revokes, signed_in, browser, sandbox, tmp_path, later
):
    sandbox.post("/_switches", {"reuse_revokes_family": reuse_revokes}).raise_for_status()
    connection = signed_in.connection
    Connection.objects.update(expires_at=clock.now())
    drain_and_crash(connection.pk, failpoint=failpoint, folder=tmp_path)

    later(150)
    drain(connection.pk)  # takes up what was left
    connection.refresh_from_db()
    if failpoint == "tokens answered" and reuse_revokes:
        assert (connection.state, arrivals(sandbox, act)) == (ConnectionState.RECONNECT, 0)
        assert Operation.objects.get(kind="campaign.sms").state == OperationState.WAITING
        browser.come_back(browser.consent(browser.start(), person="mikko"))
    later(180)  # what signing in asked of the platform has its place in the pace, too
    drain(connection.pk)

    assert (act.held(sandbox), act.told(), arrivals(sandbox, act)) == (1, "accepted", 1)


def test_every_function_that_calls_the_platform_or_commits_an_outcome_is_a_seam():
    watched = {_defined(failpoint.module, failpoint.function) for failpoint in FAILPOINTS.values()}
    found = _calling() | _committing()

    assert found - watched - PASSED_THROUGH == WATCHED_BY_A_PERSON
    assert len(found) > len(WATCHED_BY_A_PERSON)


def test_only_the_drain_and_a_command_that_a_person_watches_call_the_platform():
    made = {
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("[acgm]*/**/*.py")
        if "Client(" in path.read_text() and "/tests/" not in path.as_posix()
    }

    assert made == {"gateway/outbox/draining.py", "gateway/account_check/checker.py"}


# Who signs in looks at a page that failed, and signs in again: no worker holds anything then.
WATCHED_BY_A_PERSON = {"gateway.sign_in.oauth.exchange_code"}
PASSED_THROUGH = {"gateway.sign_in.oauth._Session.send"}  # by fetch_token and refresh_token
LEAVING = {"send", "fetch_token", "refresh_token"}  # methods of HTTP and OAuth sessions that send bytes


def _calling() -> set[str]:
    return {
        name
        for name, function in _functions(
            "gateway/smartdialog/client.py", "gateway/sign_in/oauth.py", "gateway/sign_in/tokens.py"
        )
        if any(isinstance(node, ast.Attribute) and node.attr in LEAVING for node in _called(function))
    }


def _committing() -> set[str]:
    """Transactions of the drain, and whoever writes tokens."""
    outbox = _functions(*(f"gateway/outbox/{name}.py" for name in ("draining", "claiming", "outcomes")))
    tokens = _functions("gateway/sign_in/tokens.py")
    return {name for name, function in outbox if "transaction.atomic" in ast.unparse(function)} | {
        name for name, function in tokens if "access_token=" in ast.unparse(function)
    }


def _functions(*paths: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Each with its dotted name."""
    for path in paths:
        module = path.removesuffix(".py").replace("/", ".")
        for node in ast.parse((ROOT / path).read_text()).body:
            if isinstance(node, ast.FunctionDef):
                yield f"{module}.{node.name}", node
            elif isinstance(node, ast.ClassDef):
                methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
                yield from ((f"{module}.{node.name}.{each.name}", each) for each in methods)


def _called(function: ast.FunctionDef) -> Iterator[ast.expr]:
    return (node.func for node in ast.walk(function) if isinstance(node, ast.Call))


def _defined(module: str, name: str) -> str:
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return f"{found.__module__}.{found.__qualname__}"


def arrivals(sandbox: Sandbox, act: CallCase) -> int:
    return len(bodies(sandbox, act))


def bodies(sandbox: Sandbox, act: CallCase) -> list[str]:
    """The bytes of each of its calls, as a digest; `act` may itself have made one before."""
    return [call["body_sha256"] for call in sandbox.ledger(operation=act.call)["calls"]]


def rows() -> list[dict[str, Any]]:
    return list(Operation.objects.order_by("pk").values("pk", "state", "attempts", "fence", "status"))
