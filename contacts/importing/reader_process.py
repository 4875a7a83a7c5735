"""A file as chunks of staged rows. A large one is read by a process of its own, beside the database's work.

A thread would share the GIL with the database's work; a process does not.
"""

import multiprocessing
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from contacts.importing.columns.first_look import look
from contacts.importing.decisions import Decisions
from contacts.importing.files import file_kinds, other_workbooks, refusals
from contacts.importing.files.file_kinds import OTHER_WORKBOOK
from contacts.importing.files.file_reader import FileRow, below, open_rows
from contacts.importing.files.reading import TAKE, Look, Reading
from contacts.importing.files.refusals import FileRefused
from contacts.importing.row_encoder import RowEncoder, StagedRow

OWN_PROCESS_FROM_BYTES = 2 * 1024 * 1024  # bytes; a smaller file is read before another process has begun

# Spawned: a forked child would inherit our connection to the database, and the locks of other threads.
_NEW = multiprocessing.get_context("spawn")


class ReaderDied(RuntimeError):
    """The process that read the file has ended before the file did: try again from the last chunk."""


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
def staged_chunks(file: ReadJob, rows: int) -> Iterator[Iterator[list[StagedRow]]]:
    """Of so many rows at most. Raises FileRefused, or ReaderDied, while they are read."""
    is_heavy = file_kinds.kind_of(file.path) == OTHER_WORKBOOK
    if file.size <= OWN_PROCESS_FROM_BYTES and not is_heavy:
        yield _read(file, rows)
    else:
        with _read_apart(file, rows) as chunks:
            yield chunks


def look_at(path: Path, chosen: Reading, regions: Sequence[str]) -> Look:
    """A first look, apart where a library holds the file whole. Raises FileRefused."""
    if file_kinds.kind_of(path) != OTHER_WORKBOOK:
        return look(path, chosen, regions)
    ours, theirs = _NEW.Pipe(duplex=False)
    reader = _NEW.Process(target=_send_look, args=(theirs, path, chosen, regions), daemon=True)
    reader.start()
    theirs.close()
    try:
        return _receive(ours)
    except ReaderDied as error:
        raise refusals.large_workbook() from error
    finally:
        ours.close()
        reader.join()


def _send_look(theirs: "Connection[Any, Any]", path: Path, chosen: Reading, regions: Sequence[str]) -> None:
    other_workbooks.limit_memory()
    try:
        theirs.send(look(path, chosen, regions))
    except FileRefused as refusal:
        theirs.send(refusal)


def _read(file: ReadJob, size: int) -> Iterator[list[StagedRow]]:
    stager = RowEncoder(
        file.mapping,
        file.regions,
        file.decisions,
        blank_clears=file.blank_clears,
        takes_hidden=file.reading.hidden == TAKE,
    )
    with open_rows(file.path, file.reading) as all_rows:
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
def _read_apart(file: ReadJob, size: int) -> Iterator[Iterator[list[StagedRow]]]:
    """Its reader is one chunk ahead of us, and ends with us, however we end: nobody takes its next chunk."""
    ours, theirs = _NEW.Pipe(duplex=False)
    reader = _NEW.Process(target=_send, args=(theirs, file, size), daemon=True)
    reader.start()
    theirs.close()
    try:
        yield iter(partial(_receive, ours), None)
    finally:
        ours.close()
        reader.join()


def _send(theirs: "Connection[Any, Any]", file: ReadJob, size: int) -> None:
    """The reader's whole life. Ctrl-C in a terminal reaches it, too, but it ends by the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if file_kinds.kind_of(file.path) == OTHER_WORKBOOK:
        other_workbooks.limit_memory()
    try:
        for chunk in _read(file, size):
            theirs.send(chunk)
        theirs.send(None)
    except FileRefused as refusal:
        theirs.send(refusal)
    except BrokenPipeError:
        return


def _receive(ours: "Connection[Any, Any]") -> Any:
    """A chunk of rows, a look, or None at the end."""
    try:
        said = ours.recv()
    except EOFError as error:
        raise ReaderDied from error
    if isinstance(said, FileRefused):
        raise said
    return said
