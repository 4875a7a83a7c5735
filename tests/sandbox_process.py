"""The sandbox as a real process on a free port, with a database of its own."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

POLICY = "arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations/oauth2/v2.0"


class Sandbox:
    """What tests ask of the platform from outside."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api-integrations/v1"

    def ledger(self, **query: Any) -> dict[str, Any]:
        return requests.get(f"{self.url}/_ledger", params=query, timeout=10).json()

    def state(self) -> dict[str, Any]:
        return requests.get(f"{self.url}/_state", timeout=10).json()

    def grants(self, subject: str, action: str) -> None:
        """`expire` a person's access tokens or `revoke` their grants, as the control page does."""
        self.press(f"/_control/people/{subject}/grants/", action=action)

    def press(self, path: str, **fields: str) -> None:
        """Send one of the control page's forms."""
        with requests.Session() as browser:
            page = browser.get(f"{self.url}/_control/", timeout=10).text
            found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            token = {"csrfmiddlewaretoken": found[1]} if found else {}
            browser.post(f"{self.url}{path}", data=fields | token, timeout=10).raise_for_status()

    def post(self, path: str, body: Any) -> requests.Response:
        return requests.post(f"{self.url}{path}", json=body, timeout=10)


@contextmanager
def running_sandbox(folder: Path, **environment: str) -> Iterator[Sandbox]:
    port = free_port()
    database = str(folder / "sandbox.sqlite3")
    variables = {"SANDBOX_PORT": str(port), "SANDBOX_DATABASE": database, "DATA_DIR": str(folder)}
    with (folder / "sandbox.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sandbox"],
            env=os.environ | variables | environment,
            stdout=log,
            stderr=log,
        )
    try:
        sandbox = Sandbox(port)
        _wait_until_up(sandbox, process, folder / "sandbox.log")
        yield sandbox
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_up(sandbox: Sandbox, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + 30
    while time.monotonic() < give_up and process.poll() is None:
        try:
            sandbox.ledger()
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"the sandbox did not start:\n{log.read_text()}")
