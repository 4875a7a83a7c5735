"""The tour by way of the recording proxy, and what the published contract says to its record."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from tests.contract.every_operation import EveryOperation
from tests.contract.sandbox_sign_in import point_at, sign_in
from tests.contract.swagger_diff import differences
from tests.database import temporary_database
from tests.sandbox_process import Sandbox, running_sandbox

NO_CALLS = "^/hooks/dlr/"  # delivery reports come to us, and the contract does not describe them


def exit_code(folder: Path) -> int:
    """The exit code: 0 when nothing is wrong."""
    with (
        temporary_database(),
        tempfile.TemporaryDirectory() as scratch,
        running_sandbox(Path(scratch)) as sandbox,
    ):
        record = Path(scratch, "calls.jsonl")
        with recording(folder, sandbox, record) as proxy:
            point_at(sandbox, api_url=f"{proxy}/api-integrations/v1")
            EveryOperation(SmartDialog(Client(sign_in("aino").access_token)), sandbox, hooks=proxy).make()
        return max(check(folder, record), compare(folder, sandbox))


@contextmanager
def recording(folder: Path, sandbox: Sandbox, record: Path) -> Iterator[str]:
    """The address of a proxy before the sandbox that writes down what passes."""
    command = [sys.executable, folder / "record_proxy.py", sandbox.url, "-p", "0", "-o", record]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield re.match(r"\S+", process.stdout.readline())[0]
        finally:
            process.terminate()


def check(folder: Path, record: Path) -> int:
    rules = ["--require", "all", "--strict", "--webhook", "^/hooks/inbound/", "--ignore", NO_CALLS]
    return subprocess.run([sys.executable, folder / "contract_check.py", record, *rules]).returncode


def compare(folder: Path, sandbox: Sandbox) -> int:
    published = json.loads((folder / "smartdialog.swagger.json").read_text("utf-8"))
    ours = requests.get(f"{sandbox.url}/_openapi.json", timeout=10).json()
    found = differences(ours, published)
    print(*found, sep="\n")
    print(f"the sandbox's own description: {len(found) or 'no'} differences from the published one")
    return int(bool(found))
