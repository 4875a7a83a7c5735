"""PostgreSQL away for a while: callers are told to try again, and all goes on. (SQLite is a file.)"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import pytest
import requests

from tests.database import with_path
from tests.faults import invariants, workloads
from tests.faults.broker_faults import stack_with_a_broker_that_breaks
from tests.faults.stack import Stack, wait_until

pytestmark = [
    pytest.mark.faults,
    pytest.mark.serial,
    pytest.mark.timeout(200),
    pytest.mark.only_on("postgresql"),
]

AWAY = 12.0  # seconds: beat asks twice for each sweep
REST = 20.0  # seconds, in which some twenty tasks run
BACK = 30.0  # seconds until work goes on


def test_with_the_database_away_callers_are_told_and_all_goes_on_by_itself(stack):
    mikko = workloads.sign_in(stack)
    first, second = workloads.make_rows(2)
    workloads.write_contact(stack, first)
    page = f"/contacts/{stack.pk_of('gateway.models', 'Service', name=workloads.GROUP)}/"
    pids = [child.pid for child in stack.children]

    with database_away(stack):
        hook = requests.post(f"{stack.url}/hooks/inbound/{'a' * 43}/", data=b"{}", timeout=10)
        shown = mikko.session.get(stack.url + page, timeout=10)
        health = requests.get(f"{stack.url}/healthz", timeout=10)
        time.sleep(AWAY)
    assert hook.status_code == shown.status_code == health.status_code == 503
    assert "What was saved before is kept" in shown.text
    assert health.json()["parts"] == {"database": False}

    wait_until(lambda: requests.get(f"{stack.url}/healthz", timeout=10).ok, "all to be well", patience=BACK)
    mikko.post(f"{page}new/", form_of(second))
    wait_until(lambda: len(invariants.contacts_at(stack, workloads.GROUP)) == 2, "both", patience=BACK)
    assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}
    assert [child.pid for child in stack.children] == pids
    for log in stack.logs.glob("*.log"):
        text = log.read_text(encoding="utf-8")
        assert text.count("Traceback") == 0, f"{log}: {text[-3000:]}"


@pytest.mark.parametrize("silently", [False, True])
@pytest.mark.parametrize("returns_first", ["database", "broker"])
def test_with_the_broker_away_as_well_all_goes_on_whichever_comes_back_first(
    tmp_path, returns_first, silently
):
    with stack_with_a_broker_that_breaks(tmp_path, silently=silently) as (stack, broken):
        mikko = workloads.sign_in(stack)
        page = f"/contacts/{stack.pk_of('gateway.models', 'Service', name=workloads.GROUP)}/new/"
        pids = [child.pid for child in stack.children]
        faults = [lambda: database_away(stack), broken]
        first, second = workloads.make_rows(2)

        outer, inner = reversed(faults) if returns_first == "database" else faults
        with outer():
            with inner():
                assert answers(stack, "/healthz", seconds=AWAY) == {503}
            time.sleep(AWAY)
            if returns_first == "database":
                mikko.post(page, form_of(first))
                wait_until(lambda: at_the_platform(stack) == 1, "a worker's own look", patience=BACK)
        wait_until(
            lambda: requests.get(f"{stack.url}/healthz", timeout=10).ok, "all to be well", patience=BACK
        )
        before = at_the_platform(stack)
        mikko.post(page, form_of(second))
        wait_until(lambda: at_the_platform(stack) == before + 1, "the second", patience=BACK)

        assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}
        assert [child.pid for child in stack.children] == pids


def answers(stack: Stack, path: str, *, seconds: float) -> set[int]:
    """Of all that is asked in that time."""
    until, found = time.monotonic() + seconds, set()
    while time.monotonic() < until:
        answer = requests.get(stack.url + path, timeout=10)
        if answer.status_code == 500:
            print(answer.text[:2000])
        found.add(answer.status_code)
        time.sleep(0.05)
    return found


def at_the_platform(stack: Stack) -> int:
    return len(invariants.contacts_at(stack, workloads.GROUP))


def form_of(row: workloads.Row) -> dict[str, str]:
    return {"phone": row.phone, "first_name": row.first_name, "last_name": "", "active": "on"}


def test_a_worker_at_rest_keeps_its_connections_to_the_database(stack):
    workloads.sign_in(stack)
    time.sleep(REST)  # until each thread has one
    before = sessions_of(stack)
    time.sleep(REST)
    assert sessions_of(stack) - before <= 4, "each of the tasks that ran meanwhile made one"


def sessions_of(stack: Stack) -> int:
    """How many were made since the database was; PostgreSQL tells of one when it ends."""
    url = stack.environment["DATABASE_URL"]
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(with_path(url, "postgres")) as server:
        asked = server.execute("SELECT sessions FROM pg_stat_database WHERE datname = %s", [name])
        return int((asked.fetchone() or [0])[0])


@contextmanager
def database_away(stack: Stack) -> Iterator[None]:
    """No connection stands, and none is taken."""
    url = stack.environment["DATABASE_URL"]
    name = urlsplit(url).path.strip("/")
    with psycopg.connect(with_path(url, "postgres"), autocommit=True) as server:
        server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        try:
            yield
        finally:
            server.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
