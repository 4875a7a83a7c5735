"""A file as chunks of staged rows. Those of a large one are made by a process of their own.

A thread would share the GIL with the database's work; a process does not.
"""

import multiprocessing
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from contacts.importing.decisions import Decisions
from contacts.importing.files import file_reader, process_limits, refusals
from contacts.importing.files.file_reader import FileRow, below
from contacts.importing.files.parser_process import BEAT, OnWait
from contacts.importing.files.reading import TAKE, Reading
from contacts.importing.files.refusals import FileRefused
from contacts.importing.row_encoder import RowEncoder, StagedRow

OWN_PROCESS_FROM_BYTES = 2 * 1024 * 1024  # a smaller file is done before another process has begun

# Spawned: a forked child would inherit our connection to the database, and the locks of other threads.
_NEW = multiprocessing.get_context("spawn")


@dataclass(frozen=True, kw_only=True)
class ReadJob:
    """How to read a file, and `after` which row (as a spreadsheet counts them) to begin."""

    path: Path
    size: int
    reading: Reading
    mapping: list[str]
    regions: list[str]
    decisions: Decisions
    blank_clears: bool
    mends: dict[str, dict[str, str]]  # texts by column by row, in place of the file's
    after: int


@contextmanager
def staged_chunks(
    file: ReadJob, rows: int, on_wait: OnWait | None = None
) -> Iterator[Iterator[list[StagedRow]]]:
    """Of so many rows at most; `on_wait` is called while they are waited for.

    Raises FileRefused, or ReaderDied, while they are read.
    """
    if file.size <= OWN_PROCESS_FROM_BYTES:
        opened = file_reader.open_rows(file.path, file.reading, on_wait=on_wait)
        with closing(_read(file, rows, opened)) as chunks:
            yield chunks
    else:
        with _read_apart(file, rows, on_wait) as chunks:
            yield chunks


def _read(
    file: ReadJob, size: int, opened: AbstractContextManager[Iterator[FileRow]]
) -> Generator[list[StagedRow]]:
    stager = RowEncoder(
        file.mapping,
        file.regions,
        file.decisions,
        blank_clears=file.blank_clears,
        takes_hidden=file.reading.hidden == TAKE,
    )
    with opened as all_rows:
        left = below(all_rows, header_row=file.reading.header_row, after=file.after)
        rows = (_mended(row, file.mends) for row in left) if file.mends else left
        while chunk := [stager.read(row) for row in islice(rows, size)]:
            yield chunk


def _mended(row: FileRow, mends: dict[str, dict[str, str]]) -> FileRow:
    if texts := mends.get(str(row.line)):
        width = max(len(row.cells), *(int(column) + 1 for column in texts))
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        return row._replace(cells=[texts.get(str(column), cell) for column, cell in enumerate(cells)])
    return row


@contextmanager
def _read_apart(file: ReadJob, size: int, on_wait: OnWait | None) -> Iterator[Iterator[list[StagedRow]]]:
    """Its reader is one chunk ahead of us, and ends with us, however we end: nobody takes its next chunk."""
    ours, theirs = _NEW.Pipe(duplex=False)
    reader = _NEW.Process(target=_send, args=(theirs, file, size), daemon=True)
    reader.start()
    theirs.close()
    try:
        yield iter(partial(_receive, ours, reader, on_wait), None)
    finally:
        ours.close()
        reader.terminate()
        reader.join()


def _send(theirs: "Connection[Any, Any]", file: ReadJob, size: int) -> None:
    """The reader's whole life. Ctrl-C in a terminal reaches it, too, but it ends by the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent
    process_limits.end_with_parent(parent.sentinel)
    process_limits.for_all_rows(file.size).apply()
    try:
        for chunk in _read(file, size, file_reader.open_rows_here(file.path, file.reading)):
            theirs.send(chunk)
        theirs.send(None)
    except FileRefused as refusal:
        theirs.send(refusal)
    except MemoryError:
        theirs.send(refusals.large_workbook())
    except BrokenPipeError:
        return


def _receive(ours: "Connection[Any, Any]", reader: BaseProcess, on_wait: OnWait | None) -> Any:
    """A chunk of rows, or None at the end."""
    until = time.monotonic() + process_limits.for_all_rows(0).silence
    while not ours.poll(BEAT):
        if time.monotonic() > until:
            raise refusals.slow()
        if on_wait:
            on_wait()
    try:
        said = ours.recv()
    except EOFError as error:
        reader.join()
        raise process_limits.why_ended(reader.exitcode) from error
    if isinstance(said, FileRefused):
        raise said
    return said
