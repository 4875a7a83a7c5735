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
    form = {"phone": second.phone, "first_name": second.first_name, "last_name": "", "active": "on"}
    mikko.post(f"{page}new/", form)
    wait_until(lambda: len(invariants.contacts_at(stack, workloads.GROUP)) == 2, "both", patience=BACK)
    assert {one["created_count"] for one in invariants.contacts_at(stack, workloads.GROUP)} == {1}
    assert [child.pid for child in stack.children] == pids
    for log in stack.logs.glob("*.log"):
        text = log.read_text(encoding="utf-8")
        assert text.count("Traceback") == 0, f"{log}: {text[-3000:]}"


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
