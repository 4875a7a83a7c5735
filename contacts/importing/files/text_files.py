"""CSV and TSV files, line by line and row by row."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from contacts.importing.files import refusals, wrapped_lines
from contacts.importing.files.twice_encoded import TWICE

# What a person may choose from, by the name Python gives it.
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "cp1252": "Western European (Windows)",
    "mac_roman": "Western European (Mac)",
    "cp850": "Western European (DOS)",
    "cp1250": "Central European (Windows)",
    "cp1257": "Baltic (Windows)",
    "cp1251": "Cyrillic (Windows)",
    "cp1253": "Greek (Windows)",
    "iso8859_15": "Western European (ISO)",
    "iso8859_2": "Central European (ISO)",
    "koi8_r": "Cyrillic (KOI8-R)",
    TWICE: "Unicode, encoded twice (UTF-8)",
    "utf-16": "Unicode (UTF-16)",
    "utf-32": "Unicode (UTF-32)",
}
DELIMITERS = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Vertical bar"}

_SAMPLE_BYTES = 64 * 1024
_MAX_LINES_PER_ROW = 200
_MAX_ROW_LENGTH = 1024 * 1024  # characters: with more, there are no lines, or no end of a row


def first_lines(path: Path, encoding: str, most: int) -> tuple[list[str], str]:
    """Below a `sep=` line; and the delimiter that one says."""
    lines, said = _head(path, encoding, most)
    is_wrapped = wrapped_lines.are_wrapped(lines, DELIMITERS)
    return [wrapped_lines.unwrapped(line) for line in lines] if is_wrapped else lines, said


def _head(path: Path, encoding: str, most: int) -> tuple[list[str], str]:
    with opened(path, encoding) as file:
        said = _said_delimiter(file.readline(_SAMPLE_BYTES))
        if not said:
            file.seek(0)
        return list(islice(_short_lines(file), most)), said


def has_quotes(path: Path) -> bool:
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(1024 * 1024), b""))


@contextmanager
def read(path: Path, *, encoding: str, delimiter: str, plain: bool = False) -> Iterator[Iterator[list[str]]]:
    """Every row as cells, blank rows included so that row numbers stay true; a `sep=` line is no row.

    `plain`: quotation marks hold nothing together.
    """
    is_wrapped = wrapped_lines.are_wrapped(_head(path, encoding, wrapped_lines.JUDGED)[0], DELIMITERS)
    with opened(path, encoding) as file:
        if not _said_delimiter(file.readline(_SAMPLE_BYTES)):
            file.seek(0)
        lines = _Lines(file, is_wrapped=is_wrapped)
        rows = _plain_rows(lines, delimiter) if plain else _rows(lines, delimiter)
        yield _refusing(rows, lines, encoding)


@contextmanager
def opened(path: Path, encoding: str) -> Iterator[TextIO]:
    # Bytes that mean nothing become a mark that the row's check reports.
    codec = {"utf-8": "utf-8-sig", "utf-16": _utf16_codec(path)}.get(encoding, encoding)
    try:
        with path.open(encoding=codec, errors="replace", newline="") as file:
            yield file
    except UnicodeError as error:
        raise refusals.wrong_encoding(ENCODINGS.get(encoding, encoding)) from error


def _utf16_codec(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"


def _said_delimiter(line: str) -> str:
    """Excel's own first line, such as `sep=;`."""
    line = line.strip("\r\n").strip('"')
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else ""


def _short_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_SAMPLE_BYTES):
        yield line


def _refusing(rows: Iterator[list[str]], lines: "_Lines", encoding: str) -> Iterator[list[str]]:
    try:
        yield from rows
    except (csv.Error, _TooLong) as error:
        refuse = refusals.long_cell if lines.of_this_row == 1 else refusals.open_quote
        raise refuse(lines.rows + 1) from error
    except UnicodeError as error:
        raise refusals.wrong_encoding(ENCODINGS.get(encoding, encoding)) from error


def _plain_rows(lines: "_Lines", delimiter: str) -> Iterator[list[str]]:
    for cells in csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE):
        lines.end_row()
        yield [cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell for cell in cells]


def _rows(lines: "_Lines", delimiter: str) -> Iterator[list[str]]:
    for cells in csv.reader(lines, delimiter=delimiter):
        lines.end_row()
        if len(lines.of_last_row) > 1 and _fault(lines.of_last_row, delimiter):
            raise refusals.open_quote(lines.rows)
        yield cells
    if "unexpected end of data" in _fault(lines.of_last_row, delimiter):
        raise refusals.open_quote(lines.rows)


def _fault(lines: list[str], delimiter: str) -> str:
    """What is wrong with a row's quotation marks, or "". One left open takes in the rows down to the next."""
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return str(error)
    return ""


class _TooLong(Exception):
    """One row runs over more lines than any address does, or over more characters."""


class _Lines:
    """The file's lines, remembering which of them made the last row, so that an open quote is noticed."""

    def __init__(self, file: TextIO, *, is_wrapped: bool) -> None:
        self._file, self._is_wrapped = file, is_wrapped
        self._of_this_row: list[str] = []
        self._left = _MAX_ROW_LENGTH  # of this row
        self.of_last_row: list[str] = []
        self.rows = 0

    @property
    def of_this_row(self) -> int:
        """How many lines the row that is being read has so far."""
        return len(self._of_this_row)

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_MAX_ROW_LENGTH):
            self._left -= len(line)
            if self._is_wrapped:
                line = wrapped_lines.unwrapped(line)
            self._of_this_row.append(line)
            if len(self._of_this_row) > _MAX_LINES_PER_ROW or self._left <= 0:
                raise _TooLong
            yield line.replace("\0", "\ufffd")

    def end_row(self) -> None:
        self.of_last_row, self._of_this_row = self._of_this_row, []
        self._left = _MAX_ROW_LENGTH
        self.rows += 1
