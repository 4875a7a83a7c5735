"""The life of a process that parses one file: it reads its task, limits itself, and writes what it finds.

Started by parser_process, and only so. It knows no settings, no database and no secrets, and what it says is
JSON: a file that takes it over gains nothing.
"""

import json
import os
import signal
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from contacts.importing.files import child_messages, parsers, process_limits
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.process_limits import ReaderLimits
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused, large_workbook, long_cell

_MAX_ROWS = 500  # of a message, as the next
_MAX_CHARS = 256 * 1024
_MAX_ROW_CHARS = 1024 * 1024


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the parent's to take
    task = json.loads(child_messages.take_task())
    process_limits.end_with_parent(0)
    path, reading = Path(task["path"]), Reading(**task["reading"])
    parsers.load(path)
    ReaderLimits(**task["limits"]).apply()
    try:
        for said in parsers.heads(path, reading, **task["look"]) if task["look"] else _rows(path, reading):
            _say(said)
        _say({"end": True})
    except FileRefused as refusal:
        _refuse(refusal)
    except MemoryError:
        _refuse(large_workbook())
    except BrokenPipeError:
        os._exit(1)
    except BaseException as fault:  # a panic of a library is no Exception
        place = traceback.extract_tb(fault.__traceback__)[-1]
        _say({"fault": f"{type(fault).__name__} at {Path(place.filename).name}:{place.lineno}"})


def _refuse(refusal: FileRefused) -> None:
    _say({"refused": [refusal.code, refusal.words]})


def _rows(path: Path, reading: Reading) -> Iterator[list[Any]]:
    """As many at a time as are no great message: one text may fill every cell of a workbook."""
    some: list[FileRow] = []
    chars = 0
    for row in parsers.rows(path, reading):
        length = sum(map(len, row.cells))
        if length > _MAX_ROW_CHARS:
            raise long_cell(row.line)
        some.append(row)
        chars += length
        if len(some) == _MAX_ROWS or chars > _MAX_CHARS:
            yield some
            some, chars = [], 0
    yield some


def _say(what: Any) -> None:
    child_messages.say(json.dumps(what, separators=(",", ":")).encode())
