"""Processes that are kept alive: started, started again when they die, stopped with all they started."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

LOG_LIMIT = 10_000_000  # bytes; a longer log is put aside
SLOWEST_RESTART = 10.0  # seconds
STEADY_AFTER = 30.0  # seconds of life after which an end counts as the first one again
PR_SET_PDEATHSIG = 1  # linux/prctl.h


class ChildProcess:
    def __init__(self, name: str, *arguments: str, logs: Path, environment: dict[str, str] | None = None):
        self.name = name
        self.log = logs / f"{name}.log"
        self._command = [sys.executable, *arguments]
        self._environment = os.environ | (environment or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._start_at = 0.0
        self._ends = 0

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        parent = os.getpid()
        with self._open_log() as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: _die_with(parent),
            )
        self._started_at = time.monotonic()

    def look(self) -> str:
        """Start again what ended, each time a little later. Returns what happened, in words, or nothing."""
        self._put_log_aside()
        if self._process is None:
            if time.monotonic() >= self._start_at:
                self.start()
            return ""
        code = self._process.poll()
        if code is None:
            return ""
        wait = self._plan_restart()
        return f"{self.name} ended ({_reason(code)}); it starts again in {wait:.0f} s. Its log: {self.log}"

    def ask_to_stop(self) -> None:
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def wait(self, give_up_at: float) -> None:
        """Until the process ended; what is left of its group at `give_up_at` (monotonic) is killed."""
        if not self._process:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, give_up_at - time.monotonic()))
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _plan_restart(self) -> float:
        self._signal(signal.SIGKILL)  # what the dead one started and left behind
        steady = time.monotonic() - self._started_at > STEADY_AFTER
        self._ends = 1 if steady else self._ends + 1
        wait = min(2.0 ** (self._ends - 1), SLOWEST_RESTART)
        self._process, self._start_at = None, time.monotonic() + wait
        return wait

    def _signal(self, number: signal.Signals) -> None:
        """To the whole group, which lives on under the dead leader's number."""
        if self._process:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    def _open_log(self) -> IO[bytes]:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._put_log_aside()
        return self.log.open("ab")

    def _put_log_aside(self) -> None:
        """A long one is copied, where there is room, and emptied: the child appends to what it opened."""
        with contextlib.suppress(FileNotFoundError):
            if self.log.stat().st_size > LOG_LIMIT:
                with contextlib.suppress(OSError):
                    shutil.copyfile(self.log, self.log.with_suffix(".log.1"))
                os.truncate(self.log, 0)


def _die_with(parent: int) -> None:
    """On Linux the kernel kills the child when the supervisor is killed, so that none is left behind."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
