"""Open a file as a stream of rows, whatever spreadsheet wrote it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from contacts.importing import refusals, text_files, workbooks
from contacts.importing.xlsx_sax import MAX_COLUMNS
from contacts.text.formula_injection import unescape_formula

MAX_FILE_BYTES = 200 * 1024 * 1024  # a million people, as we export them, are about 100 MB

_SIGNATURES = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"GIF8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"RIFF": "a sound or a picture",
    b"\x1f\x8b": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3": "a database",
}


class FileRow(NamedTuple):
    """`line` is the row number that a spreadsheet shows: the header is 1, blank rows are counted."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An open file: how it was read, its header, and its rows below the header, blank ones left out."""

    encoding: str
    delimiter: str
    header: list[str]
    rows: Iterator[FileRow]


@contextmanager
def open_sheet(path: Path, *, encoding: str = "", delimiter: str = "") -> Iterator[Sheet]:
    """Read a CSV, TSV or XLSX file row by row; empty `encoding` and `delimiter` are found out.

    Raises FileRefused, at once or while rows are read. Memory stays bounded: text is streamed, and a
    workbook is measured before it is opened.
    """
    if workbooks.is_workbook(_checked_start(path)):
        rows = workbooks.read(path)
        yield _sheet("", "", rows)
        return
    chosen = encoding or text_files.find_encoding(path)
    separator = delimiter or text_files.find_delimiter(path, chosen)
    with text_files.read(path, encoding=chosen, delimiter=separator) as rows:
        yield _sheet(chosen, separator, rows)


def _checked_start(path: Path) -> bytes:
    try:
        size = path.stat().st_size
    except FileNotFoundError as error:
        raise refusals.gone() from error
    if size == 0:
        raise refusals.empty()
    if size > MAX_FILE_BYTES:
        raise refusals.too_large(
            f"it is {size // 1024**2:,} MB, and the most is {MAX_FILE_BYTES // 1024**2:,} MB"
        )
    with path.open("rb") as file:
        start = file.read(4096)
    for signature, what in _SIGNATURES.items():
        if start.startswith(signature):
            raise refusals.not_a_spreadsheet(what)
    return start


def _sheet(encoding: str, delimiter: str, all_rows: Iterator[list[str]]) -> Sheet:
    rows = _with_content(all_rows)
    first = next(rows, None)
    if first is None:
        raise refusals.empty()
    if len(first.cells) > MAX_COLUMNS:
        raise refusals.too_many_columns(MAX_COLUMNS)
    return Sheet(encoding, delimiter, [unescape_formula(cell.strip()) for cell in first.cells], rows)


def _with_content(all_rows: Iterator[list[str]]) -> Iterator[FileRow]:
    for line, cells in enumerate(all_rows, start=1):
        if any(map(str.strip, cells)):
            yield FileRow(line, cells[: MAX_COLUMNS + 1] if len(cells) > MAX_COLUMNS else cells)
