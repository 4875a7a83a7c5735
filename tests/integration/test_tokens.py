"""A grant at a platform that revokes it when a refresh token is used twice, over real HTTP."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import OperationalError
from django.db import connection as database
from django.db.backends.utils import CursorWrapper

from accounts.models import AuditEvent
from gateway import clock, tasks
from gateway.hooks import subscribe
from gateway.models import (
    Connection,
    ConnectionState,
    HookSubscription,
    Operation,
    OperationState,
    ServiceKind,
)
from gateway.sign_in import connections, oauth, tokens
from tests.factories import make_operation, make_service
from tests.integration.conftest import MIKKO, make_mikko
from tests.worker_loop import drain_until_idle

pytestmark = pytest.mark.django_db(transaction=True)

DRAINS, EXPIRIES = 50, 20


@pytest.fixture
def grant(browser, sandbox, settings) -> Connection:
    """Mikko's, at a platform that revokes a grant whose refresh token is used twice."""
    settings.SMARTDIALOG_CALLS_PER_MINUTE = 10**6  # the limiter is not what is tried here
    sandbox.post("/_switches", {"reuse_revokes_family": True, "calls_per_minute": 10**6}).raise_for_status()
    mikko = make_mikko()
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain_until_idle(mikko.connection.pk)
    return mikko.connection


@pytest.fixture
def crowd() -> Iterator[Callable[[Callable[[], object]], list[object]]]:
    """Runs one thing in so many threads, which all begin at the same moment."""
    with ThreadPoolExecutor(DRAINS) as pool:

        def run(what: Callable[[], object]) -> list[object]:
            together = threading.Barrier(DRAINS)

            def one(_: int) -> object:
                try:
                    together.wait(30)
                    return what()
                finally:
                    database.close()

            return list(pool.map(one, range(DRAINS)))

        yield run


def refreshes(sandbox) -> list[int]:
    """The statuses of all refreshes so far."""
    calls = sandbox.ledger(operation="token", limit=10_000)["calls"]
    return [call["status"] for call in calls if call["subject"] == "refresh_token"]


def reads(connection: Connection, state: str = OperationState.DONE) -> int:
    return connection.operations.filter(kind="directory.customers", state=state).count()


@pytest.mark.timeout(400)
def test_fifty_drains_over_twenty_expiries_refresh_once_each_and_keep_the_grant(grant, sandbox, crowd):
    customer = grant.user.customers.first()
    light = {"kind": "directory.identities", "payload": {"customer": customer.remote_id}}
    work = []
    for _ in range(EXPIRIES):
        work.append(make_operation(grant, customer=customer, **light).pk)
        sandbox.grants(MIKKO, "expire")
        crowd(lambda: drain_until_idle(grant.pk))

    grant.refresh_from_db()
    assert grant.state == ConnectionState.ACTIVE
    assert refreshes(sandbox) == [200] * EXPIRIES
    done = Operation.objects.filter(pk__in=work, state=OperationState.DONE)
    assert list(done.values_list("attempts", flat=True)) == [2] * EXPIRIES  # refused once, then taken


def test_fifty_that_ask_for_a_token_at_once_share_one_refresh(grant, sandbox, crowd):
    for expiry in range(1, 4):
        Connection.objects.update(expires_at=clock.now())

        given = crowd(lambda: tokens.bearer(Connection.objects.get()))

        assert len(set(given)) == 1
        assert refreshes(sandbox) == [200] * expiry


def test_a_refresh_whose_answer_is_lost_asks_to_reconnect_and_drops_nothing(grant, sandbox, browser):
    waiting = [make_operation(grant) for _ in range(3)]
    Connection.objects.update(expires_at=clock.now())
    sandbox.post("/_faults", [{"op": "token", "do": "reset_after", "when": "nth"}]).raise_for_status()

    drain_until_idle(
        grant.pk
    )  # the platform has used the token up: asked again with it, it thinks of a thief

    grant.refresh_from_db()
    assert refreshes(sandbox) == [200, 400]
    assert grant.state == ConnectionState.RECONNECT
    assert reads(grant, OperationState.WAITING) == len(waiting)
    assert Operation.objects.filter(possibly_accepted=True).count() == 0

    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain_until_idle(grant.pk)

    assert reads(grant, OperationState.WAITING) == 0


@pytest.mark.parametrize("fault", ["500", "html", "malformed", "empty", "429", "reset_before", "truncate"])
def test_while_the_sign_in_service_is_ill_what_waits_waits_and_no_grant_is_lost(grant, sandbox, fault):
    sandbox.post("/_switches", {"refresh_rotation": "same"}).raise_for_status()  # asked again, it is one
    sandbox.post("/_switches", {"reuse_revokes_family": False}).raise_for_status()
    reply = make_operation(grant)
    Connection.objects.update(expires_at=clock.now())
    sandbox.post("/_faults", [{"op": "token", "do": fault, "when": "until", "n": 1}]).raise_for_status()

    drain_until_idle(grant.pk)

    reply.refresh_from_db()
    assert (reply.state, reply.attempts, reply.possibly_accepted) == (OperationState.DONE, 2, False)


def test_a_revoked_grant_in_the_middle_of_the_work_keeps_it_in_order(grant, sandbox, browser):
    work = [make_operation(grant) for _ in range(3)]
    sandbox.post("/_faults", [{"op": "GetUserCustomers", "do": "revoked", "when": "nth", "n": 2}])

    drain_until_idle(grant.pk)

    assert [each.state for each in Operation.objects.filter(pk__in=[o.pk for o in work]).order_by("pk")] == [
        OperationState.DONE,
        OperationState.WAITING,
        OperationState.WAITING,
    ]
    assert "sign in again" in Connection.objects.get().state_reason.lower()
    assert AuditEvent.objects.filter(verb="connection.lost").count() == 1

    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain_until_idle(grant.pk)

    tried = Operation.objects.filter(pk__in=[o.pk for o in work]).order_by("settled_at")
    assert [(each.pk, each.state) for each in tried] == [(o.pk, OperationState.DONE) for o in work]


def test_a_new_key_in_front_writes_and_the_old_one_still_reads(grant, sandbox, settings):
    [old], new = settings.TOKEN_ENCRYPTION_KEYS, Fernet.generate_key().decode()
    before = Connection.objects.get().access_token
    settings.TOKEN_ENCRYPTION_KEYS = [new, old]
    assert Connection.objects.get().access_token == before

    make_operation(grant)
    sandbox.grants(MIKKO, "expire")
    drain_until_idle(grant.pk)

    settings.TOKEN_ENCRYPTION_KEYS = [new]
    assert Connection.objects.get().access_token != before
    assert reads(grant, OperationState.WAITING) == 0


def test_rewriting_the_secrets_lets_the_old_key_go(grant, settings, kahvila):
    subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=grant.user)
    secret, token = HookSubscription.objects.get().secret, Connection.objects.get().refresh_token
    [old], new = settings.TOKEN_ENCRYPTION_KEYS, Fernet.generate_key().decode()

    settings.TOKEN_ENCRYPTION_KEYS = [new, old]
    call_command("rewrite_secrets")

    settings.TOKEN_ENCRYPTION_KEYS = [new]
    assert (HookSubscription.objects.get().secret, Connection.objects.get().refresh_token) == (secret, token)
    settings.TOKEN_ENCRYPTION_KEYS = [old]
    with pytest.raises(SystemExit):
        call_command("rewrite_secrets")


def test_a_missing_key_locks_the_connection_until_it_is_back(grant, settings, browser):
    make_operation(grant)
    keys, settings.TOKEN_ENCRYPTION_KEYS = settings.TOKEN_ENCRYPTION_KEYS, [Fernet.generate_key().decode()]

    drain_until_idle(grant.pk)
    tasks.recover_connections()

    locked = Connection.objects.get()
    assert (locked.state, reads(grant, OperationState.WAITING)) == (ConnectionState.LOCKED, 1)
    for page in ("/", "/connection/", "/contacts/", "/campaigns/", "/inbox/", "/meter/"):
        assert browser.client.get(page, follow=True).status_code == 200
    assert b"encryption key is missing" in browser.client.get("/").content

    settings.TOKEN_ENCRYPTION_KEYS = keys
    connections.unlock()
    drain_until_idle(grant.pk)

    assert Connection.objects.get().state == ConnectionState.ACTIVE
    assert reads(grant, OperationState.WAITING) == 0


def test_signing_in_again_needs_no_old_key(grant, settings, browser):
    make_operation(grant)
    settings.TOKEN_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    drain_until_idle(grant.pk)

    browser.come_back(browser.consent(browser.start(), person="mikko"))
    drain_until_idle(grant.pk)

    assert Connection.objects.get().state == ConnectionState.ACTIVE
    assert reads(grant, OperationState.WAITING) == 0


def test_new_tokens_are_kept_through_a_database_that_goes_away_as_they_come(grant, monkeypatch):
    """The former refresh token is good no more: used again, it would end the grant."""
    renew, until = oauth.refresh, 0.0
    execute = CursorWrapper.execute

    def refresh(token: str) -> oauth.Tokens:
        nonlocal until
        renewed, until = renew(token), time.monotonic() + 1.5
        return renewed

    def sometimes(*asked: object) -> object:
        if time.monotonic() < until:
            raise OperationalError("terminating connection due to administrator command")
        return execute(*asked)

    monkeypatch.setattr(oauth, "refresh", refresh)
    monkeypatch.setattr(CursorWrapper, "execute", sometimes)
    former = grant.refresh_token
    tokens.expire(grant, grant.token_version)

    assert tokens.bearer(grant)

    grant.refresh_from_db()
    assert grant.refresh_token != former
    monkeypatch.undo()
    tokens.expire(grant, grant.token_version)
    assert tokens.bearer(grant)
