"""Parse a file in this process: what is no text only where parser_child has put limits on the process."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count, islice
from pathlib import Path
from typing import Any, NamedTuple

from contacts.importing.files import file_kinds
from contacts.importing.files.reading import MAX_COLUMNS, Reading

MAX_CELL_JUDGED = 1_000  # characters
_MAX_HEAD = 1024 * 1024  # characters of a sheet, or text, that are looked at
_MAX_HEAD_CELLS = 20_000  # and cells: each may be judged as a number, several times over

# Loaded by who reads such a file: what the others need takes longer to load than a small file to read.
_READERS = {
    file_kinds.WORKBOOK: "contacts.importing.files.workbooks",
    file_kinds.OTHER_WORKBOOK: "contacts.importing.files.other_workbooks",
    file_kinds.ADDRESS_BOOK: "contacts.importing.files.address_books",
}
RowsOf = Callable[[str], Iterator["FileRow"]]


class FileRow(NamedTuple):
    """`line` is the row number that a spreadsheet shows: blank rows are counted. `hidden`: by the sheet."""

    line: int
    cells: list[str]
    hidden: bool = False


def load(path: Path) -> Any:
    """What reads such a file, so that it is there before memory is short."""
    return import_module(_READERS[file_kinds.kind_of(path)])


@contextmanager
def opened(path: Path) -> Iterator[tuple[list[str], RowsOf]]:
    """The names of the sheets that the file shows, and what gives a sheet's rows. Raises FileRefused."""
    with load(path).opened(path) as book:
        yield book.names, lambda sheet: with_content(book.rows(sheet))


def rows(path: Path, reading: Reading) -> Iterator[FileRow]:
    with opened(path) as (_, rows_of):
        yield from rows_of(reading.sheet)


def heads(path: Path, reading: Reading, most: int, sheets: int) -> Iterator[list[str] | list[FileRow]]:
    """The names of all sheets, and then the first rows of the chosen one, or of so many of them."""
    with opened(path) as (names, rows_of):
        yield names
        for name in [reading.sheet] if reading.sheet else names[:sheets]:
            yield first_rows(rows_of(name), reading, most)


def first_rows(rows: Iterator[FileRow], reading: Reading, most: int) -> list[FileRow]:
    """From the top, or from a header that is further down; their cells as far as they say what they are."""
    first = _short(rows, most)
    if reading.header_row and first and first[-1].line < reading.header_row:
        return _short((row for row in rows if row.line >= (reading.header_row or 0)), most)
    return first


def _short(rows: Iterator[FileRow], most: int) -> list[FileRow]:
    short: list[FileRow] = []
    left, cells_left = _MAX_HEAD, _MAX_HEAD_CELLS
    for row in islice(rows, most):
        short.append(row._replace(cells=[cell[:MAX_CELL_JUDGED] for cell in row.cells]))
        left -= sum(map(len, short[-1].cells))
        cells_left -= len(short[-1].cells)
        if left < 0 or cells_left < 0:
            break
    return short


def numbered(all_rows: Iterable[list[str]]) -> Iterator[FileRow]:
    """All rows of a file, blank ones too; whether they are hidden is not known here."""
    return map(FileRow, count(1), all_rows)


def with_content(rows: Iterable[FileRow]) -> Iterator[FileRow]:
    for row in rows:
        cells = row.cells
        if any(map(str.strip, cells)):
            yield row._replace(cells=cells[: MAX_COLUMNS + 1]) if len(cells) > MAX_COLUMNS else row
