"""The life of a process that makes staged rows of one large file. Started by reader_process, and only so."""

import os
import pickle
import signal
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from contacts.importing.files import child_messages, file_reader, process_limits, refusals
from contacts.importing.files.file_reader import FileRow, below
from contacts.importing.files.reading import TAKE, Reading
from contacts.importing.files.refusals import FileRefused
from contacts.importing.row_encoder import RowEncoder, StagedRow
from contacts.importing.value_decisions import Decisions

_MESSAGE = 500  # rows: a chunk is held as these, which take less than half of what its rows would


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
    unseen: Sequence[int] = ()  # see RowParser


def main() -> None:
    """Ctrl-C in a terminal reaches it, too, but it ends by the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    file, size = pickle.loads(child_messages.take_task())  # noqa: S301
    process_limits.end_with_parent(0)
    process_limits.for_all_rows(file.size).apply()
    try:
        _say_all(staged_rows(file, file_reader.open_rows_here(file.path, file.reading)), size)
        _say([])
    except FileRefused as refusal:
        _say(refusal)
    except MemoryError:
        _say(refusals.large_workbook())
    except BrokenPipeError:
        os._exit(1)


def _say_all(rows: Iterator[StagedRow], size: int) -> None:
    """A chunk of so many is ready before the one before it is taken."""
    while chunk := deque(map(pickle.dumps, in_lists(islice(rows, size), _MESSAGE))):
        while chunk:
            child_messages.say(chunk.popleft())


def _say(what: object) -> None:
    child_messages.say(pickle.dumps(what))


def in_lists(rows: Iterator[StagedRow], size: int) -> Iterator[list[StagedRow]]:
    """Of so many rows; none is held here while the next is made."""
    return iter(lambda: list(islice(rows, size)), [])


def staged_rows(file: ReadJob, opened: AbstractContextManager[Iterator[FileRow]]) -> Generator[StagedRow]:
    encoder = RowEncoder(
        file.mapping,
        file.regions,
        file.decisions,
        unseen=file.unseen,
        blank_clears=file.blank_clears,
        takes_hidden=file.reading.hidden == TAKE,
    )
    with opened as all_rows:
        left = below(all_rows, header_row=file.reading.header_row, after=file.after)
        yield from map(encoder.read, (_mended(row, file.mends) for row in left) if file.mends else left)


def _mended(row: FileRow, mends: dict[str, dict[str, str]]) -> FileRow:
    if texts := mends.get(str(row.line)):
        width = max(len(row.cells), *(int(column) + 1 for column in texts))
        cells = [*row.cells, *[""] * (width - len(row.cells))]
        return row._replace(cells=[texts.get(str(column), cell) for column, cell in enumerate(cells)])
    return row
