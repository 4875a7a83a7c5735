"""Parse a file in a process of its own, with limits of CPU, memory, time: a hostile one hurts nobody else."""

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from contacts.importing.files import child_process, file_kinds, process_limits, refusals
from contacts.importing.files.child_process import OnWait
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.process_limits import ReaderDied, ReaderLimits
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused

logger = logging.getLogger(__name__)


@contextmanager
def rows(path: Path, reading: Reading, on_wait: OnWait | None = None) -> Iterator[Iterator[FileRow]]:
    """They raise FileRefused or ReaderDied; `on_wait` is called while they are waited for."""
    with _messages(path, reading, _limits(process_limits.for_all_rows, path), on_wait=on_wait) as messages:
        yield (FileRow(*row) for some in messages for row in some)


def heads(path: Path, reading: Reading, *, most: int, sheets: int) -> tuple[list[str], list[list[FileRow]]]:
    """The names of all sheets; and the first rows of the chosen one, or of so many. Raises FileRefused."""
    limits = _limits(process_limits.for_look, path)
    try:
        with _messages(path, reading, limits, most=most, sheets=sheets) as messages:
            names, *first = messages
    except ReaderDied as error:
        raise refusals.large_workbook() from error
    return names, [[FileRow(*row) for row in some] for some in first]


def _limits(of: Callable[..., ReaderLimits], path: Path) -> ReaderLimits:
    try:
        return of(path.stat().st_size, is_packed=file_kinds.is_archive(path))
    except FileNotFoundError as error:
        raise refusals.gone() from error


@contextmanager
def _messages(
    path: Path, reading: Reading, limits: ReaderLimits, *, on_wait: OnWait | None = None, **look: int
) -> Iterator[Iterator[Any]]:
    task = {"path": str(path.resolve()), "reading": asdict(reading), "limits": asdict(limits), "look": look}
    with child_process.heard(
        "contacts.importing.files.parser_child",
        json.dumps(task).encode(),
        silence=limits.silence,
        on_wait=on_wait,
        environment={},
    ) as messages:
        yield _said(messages)


def _said(messages: Iterator[bytes]) -> Iterator[Any]:
    """Up to the end. Raises FileRefused or ReaderDied."""
    for said in map(json.loads, messages):
        if not isinstance(said, dict):
            yield said
        elif "refused" in said:
            raise FileRefused(*said["refused"])
        elif "fault" in said:
            logger.error("A file could not be parsed: %s", said["fault"])
            raise refusals.damaged("file")
        else:
            return
