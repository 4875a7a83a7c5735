"""bin/run as a person at a terminal meets it: started, stopped and killed, time after time."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests import migrated
from tests.faults.stack import wait_until
from tests.sandbox_process import free_port

pytestmark = [pytest.mark.faults, pytest.mark.serial, pytest.mark.timeout(600)]

ROOT = Path(__file__).parent.parent.parent
TIMES = 20
WAYS_TO_END = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
OTHERS = {
    "DATABASE_URL",
    "CELERY_BROKER_URL",
    "SECRET_KEY",
    "TOKEN_ENCRYPTION_KEYS",
    "DJANGO_SETTINGS_MODULE",
}
FOUR = {"sandbox", "web", "worker", "beat"}
PATIENCE = 300.0  # seconds: the first start makes the database, which takes 20 s on an idle machine


class Run:
    """bin/run on SQLite and the embedded broker, whatever else the environment names."""

    def __init__(self, folder: Path) -> None:
        self.port, self.sandbox_port = free_port(), free_port()
        places = {"DATA_DIR": folder, "PORT": self.port, "SANDBOX_PORT": self.sandbox_port}
        kept = {name: value for name, value in os.environ.items() if name not in OTHERS}
        self.environment = kept | {name: str(value) for name, value in places.items()}
        self.output = folder / "terminal"
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        with self.output.open("wb") as output:
            process = subprocess.Popen(
                ["bin/run", *options],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.started.append(process)
        wait_until(
            lambda: "Stop  " in self.said or process.poll() is not None,
            "bin/run to say all",
            patience=PATIENCE,
        )
        return process

    def end_all(self) -> None:
        """Also what a failed test has left."""
        for process in self.started:
            if process.poll() is None:
                end(process)

    @property
    def said(self) -> str:
        return self.output.read_text() if self.output.exists() else ""

    def is_well(self) -> bool:
        return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10).ok


@pytest.fixture
def run(tmp_path) -> Iterator[Run]:
    """With a database that is made but empty."""
    migrated.copy_to(tmp_path / "db.sqlite3")
    run = Run(tmp_path)
    yield run
    run.end_all()


def test_it_starts_for_people_who_come_by_https_before_their_proxy_does(run):
    run.environment |= {"PUBLIC_URL": "https://localhost:9"}

    process = run.start()
    process.send_signal(signal.SIGINT)

    assert process.wait(20) == 0
    assert "Open      https://localhost:9\n" in run.said


def test_twenty_starts_and_ends_of_every_kind_leave_nothing_behind_and_lose_nothing(run, tmp_path):
    (tmp_path / "db.sqlite3").unlink()  # as for who has just come
    for number in range(TIMES):
        process = run.start()
        assert process.poll() is None, f"start {number + 1}: {run.said}"
        children = children_of(process.pid)
        assert len(children) == len(FOUR)
        if number == 0:
            beside_it_another_is_refused(run)

        process.send_signal(WAYS_TO_END[number % len(WAYS_TO_END)])

        process.wait(timeout=20)
        wait_until(
            lambda children=children: not any(map(runs, children)), f"the processes of start {number + 1}"
        )
        assert is_free(run.port)
        assert is_free(run.sandbox_port)
    assert people(tmp_path) == 4


def beside_it_another_is_refused(run: Run) -> None:
    second = subprocess.run(
        ["bin/run"], cwd=ROOT, env=run.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode == 1
    assert re.fullmatch(r"bin/run is already running on .* Stop it there, .*\n", second.stderr)


def test_whatever_dies_is_started_again(run):
    process = run.start()
    try:
        for child in children_of(process.pid):
            os.kill(child, signal.SIGKILL)

        wait_until(lambda: all(f"{name} ended (SIGKILL)" in run.said for name in FOUR), "four restarts")
        wait_until(lambda: len(children_of(process.pid)) == len(FOUR), "four processes again")
        wait_until(lambda: not is_free(run.port) and run.is_well(), "the dashboard to be well again")
    finally:
        end(process)


def test_fresh_starts_over(run, tmp_path):
    end(run.start())
    forget_the_people(tmp_path)

    end(run.start("--fresh"))

    assert people(tmp_path) == 4


def test_only_the_sandbox_is_started_when_asked(run):
    process = run.start("--sandbox-only")
    try:
        assert len(children_of(process.pid)) == 1
        assert requests.get(f"http://127.0.0.1:{run.sandbox_port}/_ledger", timeout=10).ok
        assert is_free(run.port)
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(timeout=20)


def children_of(pid: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "ppid=,pid=,stat="], capture_output=True, text=True, check=True
    )
    rows = [line.split() for line in listed.stdout.splitlines()]
    return [int(child) for parent, child, state in rows if int(parent) == pid and state[0] != "Z"]


def runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return state.stdout.strip()[:1] not in {"", "Z"}


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def people(folder: Path) -> int:
    return int(_sql(folder, "SELECT count(*) FROM accounts_user"))


def forget_the_people(folder: Path) -> None:
    _sql(folder, "UPDATE accounts_user SET username = 'gone-' || id, subject = 'gone-' || id")


def _sql(folder: Path, statement: str) -> str:
    script = "import sqlite3, sys; db = sqlite3.connect(sys.argv[1])\n"
    script += "print(*(db.execute(sys.argv[2]).fetchone() or [0])); db.commit()"
    command = [sys.executable, "-c", script, str(folder / "db.sqlite3"), statement]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
