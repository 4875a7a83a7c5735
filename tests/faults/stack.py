"""The whole of it as real processes on free ports: sandbox, web, worker and beat, with data of their own.

It stands on what DATABASE_URL and CELERY_BROKER_URL name (a database made for it and dropped after, and an
empty Redis database), else on SQLite and the embedded broker.
"""

import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests import migrated
from tests.faults import servers
from tests.faults.remote_python import RemotePython, run_python
from tests.faults.web_client import WebClient
from tests.sandbox_process import Sandbox, free_port

PATIENCE = 60.0  # seconds


class Stack:
    limit = 160  # calls in any 60 s

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        port, sandbox_port = free_port(), free_port()
        self.logs = folder / "log"
        self.url = f"http://127.0.0.1:{port}"
        self.sandbox = Sandbox(sandbox_port)
        self.environment = _environment(folder, port, sandbox_port, self.limit) | environment
        self.platform = processes.sandbox(self.logs, self.environment)
        self.web = processes.web(self.logs, port, self.environment)
        self.worker = processes.worker(self.logs, self.environment)
        self.beat = processes.beat(self.logs, self.environment)
        self._asker = RemotePython(self.environment)

    @property
    def children(self) -> list[ChildProcess]:
        return [self.platform, self.web, self.worker, self.beat]

    def start(self) -> None:
        self._run("-m", "smartdialog_admin.launcher.prepare")
        for child in self.children:
            child.start()
        wait_until(lambda: _answers(f"{self.sandbox.url}/_ledger"), "the sandbox to answer")
        wait_until(self.is_up, "the dashboard to answer")

    def is_up(self) -> bool:
        return _answers(f"{self.url}/healthz")

    def stop(self) -> None:
        self._asker.stop()
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.wait(time.monotonic() + 5)

    def web_client(self, person: str) -> WebClient:
        """Someone of the sandbox, signed in through its own sign-in page."""
        web_client = WebClient(self.url, self.sandbox.url)
        web_client.sign_in(person)
        return web_client

    def purge_broker(self) -> None:
        """All that the broker holds."""
        self._run("-m", "celery", "-A", "smartdialog_admin", "purge", "--force")

    def ask(self, code: str) -> Any:
        """What the dashboard's own Python answers: `code` leaves it, ready for JSON, in `answer`."""
        return self._asker.ask(code)

    def ask_sandbox(self, code: str) -> Any:
        """What the sandbox's own Python answers, from its database: it, too, leaves it in `answer`."""
        theirs = {"DJANGO_SETTINGS_MODULE": "sandbox.settings"}
        begun = f"import django\ndjango.setup()\n{code}\nimport json\nprint(json.dumps(answer))"
        return json.loads(self._run("-c", begun, **theirs).splitlines()[-1])

    def pk_of(self, module: str, model: str, **fields: Any) -> int:
        return int(self.ask(f"from {module} import {model}\nanswer = {model}.objects.get(**{fields!r}).pk"))

    def _run(self, *arguments: str, **environment: str) -> str:
        return run_python(*arguments, **self.environment | environment)


@contextmanager
def running_stack(
    folder: Path, *, through: Callable[[str], str] | None = None, **environment: str
) -> Iterator[Stack]:
    """`through`: what becomes of the broker's address, for a broker behind something."""
    with servers.temporary_servers() as addresses:
        if through:
            addresses["CELERY_BROKER_URL"] = through(addresses["CELERY_BROKER_URL"])
        stack = Stack(folder, addresses | environment)
        if "DATABASE_URL" not in stack.environment:
            migrated.copy_to(folder / "db.sqlite3")
        try:
            stack.start()
            yield stack
        finally:
            stack.stop()


def wait_until(
    true: Callable[[], bool], what: str, *, patience: float = PATIENCE, pause: float = 0.1
) -> None:
    give_up = time.monotonic() + patience
    while not true():
        if time.monotonic() > give_up:
            raise AssertionError(f"waited {patience:.0f} s in vain for {what}")
        time.sleep(pause)


def _environment(folder: Path, port: int, sandbox_port: int, limit: int) -> dict[str, str]:
    """The limit is the dashboard's to keep: the sandbox only counts. What waits for a dead worker's
    lease, or for its last request to be dead, waits seconds and not minutes.
    """
    calls = {
        "SANDBOX_CALLS_PER_MINUTE": "6000",
        "CAMPAIGN_GRACE": "0",
        "SMARTDIALOG_CALLS_PER_MINUTE": str(limit),
        "SMARTDIALOG_BATCH_SIZE": "2",
    }
    short = {
        "SMARTDIALOG_CALL_TIMEOUT": "2",
        "SMARTDIALOG_LEASE_MARGIN": "1",
        "SMARTDIALOG_UNKNOWN_GRACE": "1",
    }
    secrets = {
        "SECRET_KEY": "only-for-the-processes-of-a-test-" + "0123456789" * 3,
        "TOKEN_ENCRYPTION_KEYS": "MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA=",
    }
    places = {
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "SANDBOX_PORT": str(sandbox_port),
        "DJANGO_SETTINGS_MODULE": os.environ.get("STACK_SETTINGS", "smartdialog_admin.settings"),
    }
    return calls | short | secrets | places


def _answers(address: str) -> bool:
    try:
        requests.get(address, timeout=5)
    except requests.RequestException:
        return False
    return True
