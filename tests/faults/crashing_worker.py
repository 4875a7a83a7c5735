"""A worker in its own process that does what it is told, and dies, or stops, at a failpoint."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database

from tests.database import with_path

ROOT = Path(__file__).parent.parent.parent
DRAIN = """
import sys, django
django.setup()
from gateway.outbox.draining import drain
drain(int(sys.argv[1]))
"""
PATIENCE = 30.0  # seconds
ON_EITHER = [  # marks of a module that kills by hand, and does so on either database
    pytest.mark.faults,
    pytest.mark.serial,
    pytest.mark.django_db(transaction=True),
]
AT_EACH_STEP = [*ON_EITHER, pytest.mark.steps]  # at each step of something
AT_EACH_STEP_ON_EITHER = [*AT_EACH_STEP, pytest.mark.on_either]  # which the databases lock and commit unlike


def drain_and_crash(connection_id: int, *, failpoint: str, folder: Path) -> None:
    """Carry the connection's calls, as run_and_crash does."""
    run_and_crash(DRAIN, connection_id, failpoint=failpoint, folder=folder)


def run_and_crash(script: str, *arguments: object, failpoint: str, folder: Path) -> None:
    """Until SIGKILL meets it at the failpoint; that it came so far is asserted."""
    worker = _worker(script, *arguments, folder=folder, CRASH_AT=failpoint)
    assert worker.wait(PATIENCE) == -signal.SIGKILL, f"it ended before “{failpoint}”:\n{_words(folder)}"


@contextmanager
def drain_and_pause(connection_id: int, *, failpoint: str, folder: Path) -> Iterator[None]:
    """It sleeps at the failpoint (SIGSTOP) while the block runs; then it wakes up and comes to its end."""
    worker = _worker(DRAIN, connection_id, folder=folder, STOP_AT=failpoint)
    try:
        _wait_until_stopped(worker, failpoint, folder)
        yield
        worker.send_signal(signal.SIGCONT)
        assert worker.wait(PATIENCE) == 0, _words(folder)
    finally:
        worker.kill()
        worker.wait()


def _worker(script: str, *arguments: object, folder: Path, **at: str) -> subprocess.Popen[bytes]:
    """On this test's database and sandbox."""
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-c", script, *map(str, arguments)],
            env=os.environ | _environment(folder) | at,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def _environment(folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": _database_url(),
        "CELERY_BROKER_URL": "filesystem://",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": f"{Path(__file__).parent / 'crash'}:{ROOT}",
        "SMARTDIALOG_API_URL": settings.SMARTDIALOG_API_URL,
        "SMARTDIALOG_TOKEN_URL": settings.SMARTDIALOG_TOKEN_URL,
        "SMARTDIALOG_CALL_TIMEOUT": str(settings.SMARTDIALOG_CALL_TIMEOUT),
    }


def _database_url() -> str:
    name: Any = database.settings_dict["NAME"]
    if database.vendor == "sqlite":
        return f"sqlite:///{name}"
    return with_path(os.environ["DATABASE_URL"], name)


def _wait_until_stopped(worker: subprocess.Popen[bytes], failpoint: str, folder: Path) -> None:
    give_up = time.monotonic() + PATIENCE
    while _state(worker.pid) != "T":
        assert worker.poll() is None, f"it ended before “{failpoint}”:\n{_words(folder)}"
        assert time.monotonic() < give_up, f"it never came to “{failpoint}”:\n{_words(folder)}"
        time.sleep(0.02)


def _state(pid: int) -> str:
    """As ps tells it: R, S, T (stopped), Z …"""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def _words(folder: Path) -> str:
    return (folder / "worker.log").read_text()[-3000:]
