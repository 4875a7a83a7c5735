"""The sandbox as a real process on a free port, with a database of its own; it dies with its test run."""

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess

POLICY = "arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations/oauth2/v2.0"


class Sandbox:
    """What tests ask of the platform from outside."""

    def __init__(self, port: int, child: ChildProcess | None = None) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.switched: dict[str, Any] = {}  # away from how it stands after a reset
        self._child = child

    def start_if_ended(self) -> None:
        """So that what ended it in one test is not said of all others that share it."""
        if self._child and not self._child.is_alive:
            print(self._child.look())  # how it ended
            self._child.start()
            _wait_until_up(self, self._child.log)

    @property
    def api_url(self) -> str:
        return f"{self.url}/api-integrations/v1"

    def ledger(self, **query: Any) -> dict[str, Any]:
        return requests.get(f"{self.url}/_ledger", params=query, timeout=30).json()

    def state(self, **query: Any) -> dict[str, Any]:
        return requests.get(f"{self.url}/_state", params=query, timeout=30).json()

    def get(self, path: str) -> dict[str, Any]:
        return requests.get(f"{self.url}{path}", timeout=10).json()

    def grants(self, subject: str, action: str) -> None:
        """`expire` a person's access tokens or `revoke` their grants, as the control page does."""
        self.press(f"/_control/people/{subject}/grants/", action=action)

    def approve_templates(self) -> None:
        """Every one on the control page."""
        page = requests.get(f"{self.url}/_control/", timeout=10).text
        for path in re.findall(r'action="(/_control/templates/[^"]+/review/)"', page):
            self.press(path, verdict="approved")

    def press(self, path: str, **fields: str) -> None:
        """Send one of the control page's forms."""
        with requests.Session() as browser:
            page = browser.get(f"{self.url}/_control/", timeout=10).text
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            token = {"csrfmiddlewaretoken": found[1]} if found else {}
            browser.post(f"{self.url}{path}", data=fields | token, timeout=10).raise_for_status()

    def post(self, path: str, body: Any) -> requests.Response:
        if path == "/_reset":
            self.switched = {}
        if path == "/_switches":
            self.switched = self.switched | body
        return requests.post(f"{self.url}{path}", json=body, timeout=30)


@contextmanager
def running_sandbox(folder: Path, **environment: str) -> Iterator[Sandbox]:
    port = free_port()
    database = str(folder / "sandbox.sqlite3")
    variables = {"SANDBOX_PORT": str(port), "SANDBOX_DATABASE": database, "DATA_DIR": str(folder)}
    child = processes.sandbox(folder, variables | environment)
    child.start()
    try:
        sandbox = Sandbox(port, child)
        _wait_until_up(sandbox, child.log)
        yield sandbox
    finally:
        child.ask_to_stop()
        child.wait(time.monotonic() + 10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(sandbox: Sandbox, log: Path) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up:
        try:
            sandbox.ledger()
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"the sandbox did not start:\n{log.read_text()}")
