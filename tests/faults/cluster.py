"""Several worker processes and beat on one database, beside the sandbox: what carries an outbox, no pages.

It stands on what DATABASE_URL and CELERY_BROKER_URL name, as `tests.faults.stack` does.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import requests

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests.faults import servers
from tests.faults.rate_limit import LIMIT, Arrival
from tests.faults.remote_python import ROOT, RemotePython, run_python
from tests.faults.stack import wait_until
from tests.sandbox_process import Sandbox, running_sandbox

BULK, INTERACTIVE = "GetCustomerWhatsappIdentities", "GetCustomerServices"  # what the sandbox calls ours
SECRETS = {
    "SECRET_KEY": "only-for-the-processes-of-a-test-" + "0123456789" * 3,
    "TOKEN_ENCRYPTION_KEYS": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
}

# In the sandbox's own Python: people whom nobody signs in, each with a token that outlives the run.
PEOPLE = """
import django
django.setup()
import json
from uuid import UUID
from django.conf import settings
from sandbox import switches
from sandbox.models import Customer, Person
from sandbox.oauth import clients, tokens
scope = " ".join(clients.API_SCOPES)
usual = dict(switches.current(), access_token_seconds=86_400)
answer = []
for number in range(1, {people} + 1):
    person = Person.objects.create(subject=UUID(int=number), username=f"cluster{{number}}", name="Crew")
    person.customers.set(Customer.objects.filter(name="Kahvila Aalto"))
    token = tokens.access_token(person, usual, scope=scope, origin="http://127.0.0.1")
    answer.append([str(person.subject), token])
print(json.dumps(answer))
"""
CONNECT = """
from accounts.models import Customer, Role
from gateway import clock
from tests.factories import make_connection
from tests.people import make_person
customer = Customer.objects.create(remote_id="aaaaaaaa-0000-4000-8000-000000000001", name="Kahvila Aalto")
answer = []
for subject, token in {tokens!r}:
    user = make_person(f"Crew{{subject[-4:]}}", Role.MARKETER, customer)
    fields = dict(subject=subject, access_token=token, expires_at=clock.after(86_000))
    answer.append(make_connection(user, **fields).pk)
"""
BACKLOG = """
from accounts.models import Customer
from gateway.models import Connection, Lane, Operation
customer = Customer.objects.get()
def rows():
    for connection in Connection.objects.order_by("pk"):
        for number in range({each}):
            yield Operation(
                connection=connection, customer=customer, lane=Lane.BULK, kind="directory.identities",
                payload={{"customer": customer.remote_id}}, subject=f"cluster:{{connection.pk}}:{{number}}",
            )
Operation.objects.bulk_create(rows(), batch_size=1000)
answer = Operation.objects.count()
"""
# As a page would: one interactive call of every connection, again and again.
ADD_INTERACTIVE = """
import time
from accounts.models import Customer
from gateway import outbox
from gateway.models import Connection, Lane
customer = Customer.objects.get()
payload = {{"customer": customer.remote_id, "kind": "Group", "allow_reply": None}}
for _ in range({times}):
    began = time.monotonic()
    for connection in Connection.objects.order_by("pk"):
        outbox.add(
            connection=connection, customer=customer, lane=Lane.INTERACTIVE, kind="directory.services",
            payload=payload,
        )
        time.sleep({every} / {people})
    time.sleep(max(0, {every} - (time.monotonic() - began)))
answer = None
"""
INTERACTIVE_OPERATIONS = """
from gateway.models import Operation
asked = Operation.objects.filter(kind="directory.services").order_by("pk")
rows = asked.values_list("connection__subject", "created_at")
answer = [[subject, made.isoformat()] for subject, made in rows]
"""


class Cluster:
    def __init__(self, folder: Path, sandbox: Sandbox, environment: dict[str, str], *, workers: int) -> None:
        self.sandbox = sandbox
        self.environment = environment
        self._sandbox_database = str(folder / "sandbox.sqlite3")
        self.workers = [
            processes.worker(folder / "log" / str(number), environment) for number in range(workers)
        ]
        self.beat = processes.beat(folder / "log", environment)
        self._asker = RemotePython(environment)

    def prepare(self, *, people: int) -> None:
        self._run("-m", "smartdialog_admin.launcher.prepare")
        tokens = self._in_sandbox(PEOPLE.format(people=people))
        self.people = len(self.ask(CONNECT.format(tokens=tokens)))

    def add_backlog(self, *, each: int) -> None:
        """That many bulk operations of every connection, and once it is found, its first calls."""
        self.ask(BACKLOG.format(each=each))
        wait_until(lambda: len(self.busy()) == self.people, "a call of every connection")

    def busy(self) -> set[str]:
        """The connections that have made a bulk call."""
        return {call.connection for call in self.arrivals() if call.operation == BULK}

    def start(self) -> None:
        for child in self.children:
            child.start()

    def stop(self) -> None:
        self._asker.stop()
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(time.monotonic() + 8)

    @property
    def children(self) -> list[ChildProcess]:
        return [*self.workers, self.beat]

    def add_interactive_calls(self, *, times: int, every: float) -> None:
        """Interactive operations, every so many seconds of each connection, in a process of their own."""
        self.ask(ADD_INTERACTIVE.format(times=times, every=every, people=self.people))

    def waits(self) -> list[float]:
        """Seconds from the making of each interactive operation to the arrival of its call, in order."""
        asked = self.ask(INTERACTIVE_OPERATIONS)
        wait_until(lambda: len(self._interactive()) >= len(asked), "every interactive call", pause=1)
        arrived: dict[str, list[str]] = {}
        for call in self._interactive():
            arrived.setdefault(call.connection, []).append(call.at)
        pairs = [(made, arrived[subject].pop(0)) for subject, made in asked]
        return [
            (datetime.fromisoformat(at) - datetime.fromisoformat(made)).total_seconds() for made, at in pairs
        ]

    def _interactive(self) -> list[Arrival]:
        return [call for call in self.arrivals() if call.operation == INTERACTIVE]

    def arrivals(self) -> list[Arrival]:
        answer = requests.get(f"{self.sandbox.url}/_ledger", params={"limit": 1_000_000}, timeout=60)
        return [
            Arrival(
                connection=call["connection"],
                operation=call["operation"],
                seconds=call["arrived_ns"] / 1e9,
                at=call["arrived_at"],
                status=call["status"],
            )
            for call in answer.json()["calls"]
        ]

    def ask(self, code: str) -> Any:
        """What the dashboard's own Python answers: `code` leaves it, ready for JSON, in `answer`."""
        return self._asker.ask(code)

    def start_python(self, code: str) -> "subprocess.Popen[bytes]":
        """The dashboard's own Python running `code`; whoever starts it ends it."""
        return subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code],
            env=os.environ | self.environment,
            cwd=ROOT,
        )

    def _in_sandbox(self, code: str) -> Any:
        theirs = {"DJANGO_SETTINGS_MODULE": "sandbox.settings", "SANDBOX_DATABASE": self._sandbox_database}
        return json.loads(self._run("-c", code, **theirs).splitlines()[-1])

    def _run(self, *arguments: str, **environment: str) -> str:
        return run_python(*arguments, **self.environment | environment)


@contextmanager
def running_cluster(
    folder: Path, *, workers: int = 4, people: int = 10, sandbox_limit: int = LIMIT, **environment: str
) -> Iterator[Cluster]:
    """At rest. `environment` is the dashboard's."""
    limit = {"SANDBOX_CALLS_PER_MINUTE": str(sandbox_limit)}
    with servers.temporary_servers() as addresses, running_sandbox(folder, **limit) as sandbox:
        variables = {
            "DATA_DIR": str(folder),
            "SANDBOX_PORT": sandbox.url.rsplit(":", 1)[1],
            "SMARTDIALOG_CALLS_PER_MINUTE": str(LIMIT),
            "DJANGO_SETTINGS_MODULE": "smartdialog_admin.settings",
        }
        cluster = Cluster(folder, sandbox, variables | SECRETS | addresses | environment, workers=workers)
        cluster.prepare(people=people)
        try:
            cluster.start()
            yield cluster
        finally:
            cluster.stop()
