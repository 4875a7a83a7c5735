"""A fork server for scripts in the dashboard's own Python, beside its processes.

It imports Django once: at each script that would cost more than the tests spend on all else. Each script runs
in a forked child, so that nothing it does is left to the next.
"""

import json
import os
import subprocess
import sys
import threading
import traceback
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def run_python(*arguments: str, **environment: str) -> str:
    """What this Python prints, begun in the project's folder. Raises RuntimeError with its last words."""
    done = subprocess.run(
        [sys.executable, *arguments],
        env=os.environ | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{arguments[:3]} failed:\n{done.stdout[-2000:]}{done.stderr[-3000:]}")
    return done.stdout


class RemotePython:
    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None
        self._one_at_a_time = threading.Lock()

    def ask(self, code: str) -> Any:
        """What `code` leaves, ready for JSON, in `answer`."""
        with self._one_at_a_time:
            self._process = self._process or self._started()
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(code) + "\n")
            self._process.stdin.flush()
            told = json.loads(self._process.stdout.readline() or '{"broke": "who answers has died"}')
        if "broke" in told:
            raise RuntimeError(f"{told['broke']}\nwas the end of:\n{code}")
        return told["answer"]

    def stop(self) -> None:
        if self._process:
            self._process.communicate()  # the end of its input is its end

    def _started(self) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.remote_python"],
            env=os.environ | self._environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )


def serve() -> None:
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _tell(_answer(json.loads(line)))
            os._exit(0)
        if ended := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            _tell({"broke": f"it ended with {ended}"})


def _answer(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    try:
        with redirect_stdout(sys.stderr):
            exec(code, names)
        return {"answer": names["answer"]}
    except Exception:
        return {"broke": traceback.format_exc()[-3000:]}


def _tell(told: dict[str, Any]) -> None:
    print(json.dumps(told, default=str), flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    serve()
