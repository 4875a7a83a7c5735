"""Parse a file in a process of its own, with limits of CPU, memory and time: a hostile one hurts nobody else.

It ends when nobody takes its rows any more, with the process that started it, or at a limit.
"""

import json
import logging
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contacts.importing.files import process_limits, refusals
from contacts.importing.files.parser_child import LENGTH_BYTES
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.process_limits import Limits, ReaderDied
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused

BEAT = 10.0  # seconds between two calls of `on_wait`, at the least

_ROOT = Path(__file__).resolve().parents[3]
# Isolated: neither the environment nor the folder we are in says what it loads.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from contacts.importing.files import parser_child; parser_child.main()"
)
logger = logging.getLogger(__name__)

OnWait = Callable[[], object]


@contextmanager
def rows(path: Path, reading: Reading, on_wait: OnWait | None = None) -> Iterator[Iterator[FileRow]]:
    """They raise FileRefused or ReaderDied; `on_wait` is called while they are waited for."""
    with _messages(path, reading, process_limits.for_all_rows(_size(path)), on_wait=on_wait) as messages:
        yield (FileRow(*row) for some in messages for row in some)


def heads(path: Path, reading: Reading, *, most: int, sheets: int) -> tuple[list[str], list[list[FileRow]]]:
    """The names of all sheets; and the first rows of the chosen one, or of so many. Raises FileRefused."""
    limits = process_limits.for_look(_size(path))
    try:
        with _messages(path, reading, limits, most=most, sheets=sheets) as messages:
            names, *first = messages
    except ReaderDied as error:
        raise refusals.large_workbook() from error
    return names, [[FileRow(*row) for row in some] for some in first]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise refusals.gone() from error


@contextmanager
def _messages(
    path: Path, reading: Reading, limits: Limits, *, on_wait: OnWait | None = None, **look: int
) -> Iterator[Iterator[Any]]:
    task = {"path": str(path.resolve()), "reading": asdict(reading), "limits": asdict(limits), "look": look}
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-I", "-c", _START, str(_ROOT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
        env={},
    )
    assert process.stdin
    assert process.stdout
    with process.stdin, process.stdout:
        try:
            process.stdin.write(json.dumps(task).encode() + b"\n")
            yield _said(process, _Inbox(process.stdout, limits.silence, on_wait))
        finally:
            process.kill()
            process.wait()


def _said(process: "subprocess.Popen[bytes]", inbox: "_Inbox") -> Iterator[Any]:
    """Up to the end. Raises FileRefused or ReaderDied."""
    while True:
        try:
            said = inbox.take()
        except EOFError as error:
            raise process_limits.why_ended(process.wait()) from error
        if not isinstance(said, dict):
            yield said
        elif "refused" in said:
            raise FileRefused(*said["refused"])
        elif "fault" in said:
            logger.error("A file could not be parsed: %s", said["fault"])
            raise refusals.damaged("file")
        else:
            return


class _Inbox:
    """Messages as they come, of which each part has to come in time."""

    def __init__(self, pipe: Any, silence: float, on_wait: OnWait | None) -> None:
        self._pipe, self._silence, self._on_wait = pipe, silence, on_wait
        self._beat = time.monotonic()

    def take(self) -> Any:
        length = int.from_bytes(self._exactly(LENGTH_BYTES), "big")
        return json.loads(self._exactly(length))

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
