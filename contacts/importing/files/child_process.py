"""A process of its own that reads a file: it is given a task, and heard until nobody listens any more.

It ends when nobody takes its messages, with the process that started it, or at a limit that it sets itself.
"""

import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from contacts.importing.files import process_limits, refusals
from contacts.importing.files.child_messages import LENGTH_BYTES, framed

BEAT = 10.0  # seconds between two calls of `on_wait`, at the least

_ROOT = Path(__file__).resolve().parents[3]
# Isolated: neither the environment nor the folder we are in says what it loads.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from importlib import import_module; import_module(sys.argv[2]).main()"
)

OnWait = Callable[[], object]


@contextmanager
def heard(
    module: str,
    task: bytes,
    *,
    silence: float,
    on_wait: OnWait | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Iterator[bytes]]:
    """What the `main` of a module says of the task. `on_wait` is called while it is waited for.

    `silence`: seconds after which it is given up. `environment`: ours where it is not said. Iterating raises
    what it died of, which is FileRefused or ReaderDied, as the end is for it to say.
    """
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-c", _START, str(_ROOT), module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env=environment,
    )
    assert process.stdin
    assert process.stdout
    with process.stdin, process.stdout:
        try:
            process.stdin.write(framed(task))
            yield _messages(process, _Inbox(process.stdout, silence, on_wait))
        finally:
            process.kill()
            process.wait()


def _messages(process: "subprocess.Popen[bytes]", inbox: "_Inbox") -> Iterator[bytes]:
    while True:
        try:
            message = inbox.take()
        except EOFError as error:
            raise process_limits.why_ended(process.wait()) from error
        yield message


class _Inbox:
    """Messages as they come, of which each part has to come in time."""

    def __init__(self, pipe: Any, silence: float, on_wait: OnWait | None) -> None:
        self._pipe, self._silence, self._on_wait = pipe, silence, on_wait
        self._beat = time.monotonic()

    def take(self) -> bytes:
        return self._exactly(int.from_bytes(self._exactly(LENGTH_BYTES), "big"))

    def _exactly(self, size: int) -> bytes:
        parts = []
        while size:
            self._wait()
            part = self._pipe.read(size)
            if not part:
                raise EOFError
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def _wait(self) -> None:
        until = time.monotonic() + self._silence
        while not select.select([self._pipe], [], [], min(BEAT, self._silence))[0]:
            if time.monotonic() > until:
                raise refusals.slow()
            self._keep_beat()
        self._keep_beat()

    def _keep_beat(self) -> None:
        """Also while rows come that were done before, and are left out."""
        if self._on_wait and time.monotonic() > self._beat + BEAT:
            self._beat = time.monotonic()
            self._on_wait()
