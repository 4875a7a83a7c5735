"""CSV and TSV files: which encoding, which delimiter, and the rows themselves."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TextIO

from contacts.importing import refusals

# What a person may choose from, by the name Python gives it.
ENCODINGS = {
    "utf-8": "Unicode (UTF-8)",
    "cp1252": "Western European (Windows)",
    "utf-16": "Unicode (UTF-16)",
    "utf-32": "Unicode (UTF-32)",
    "mac_roman": "Western European (Mac)",
    "cp1257": "Baltic (Windows)",
    "cp1251": "Cyrillic (Windows)",
}
DELIMITERS = {";": "Semicolon", ",": "Comma", "\t": "Tab", "|": "Vertical bar"}

_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 50
_MAX_LINES_PER_ROW = 200
_MAX_LINE_LENGTH = 1024 * 1024  # characters: with more, there are no lines
# A longer mark before the shorter one that it begins with.
_BOMS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1a\x1b"))


def find_encoding(path: Path) -> str:
    """A key of ENCODINGS. Text that is not valid UTF-8 is taken for what Excel in Western Europe writes."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    for bom, encoding in _BOMS.items():
        if start.startswith(bom):
            return encoding
    if _is_utf16(start):
        return "utf-16"
    _refuse_other_content(start)
    return "utf-8" if _is_utf8(path) else "cp1252"


def find_delimiter(path: Path, encoding: str) -> str:
    """A key of DELIMITERS: what a `sep=` line says, else what cuts most rows alike."""
    with _opened(path, encoding) as file:
        said = _said_delimiter(file.readline(_SAMPLE_BYTES))
        file.seek(0)
        lines = list(islice(_short_lines(file), _SAMPLE_ROWS))
    return said or max(DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


@contextmanager
def read(path: Path, *, encoding: str, delimiter: str) -> Iterator[Iterator[list[str]]]:
    """Every row as cells, blank rows included so that row numbers stay true; a `sep=` line is no row."""
    with _opened(path, encoding) as file:
        if not _said_delimiter(file.readline(_SAMPLE_BYTES)):
            file.seek(0)
        yield _rows(file, delimiter, encoding)


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    # A few bytes mean nothing in cp1252: they become a mark that the row's check reports.
    codec = {"utf-8": "utf-8-sig", "utf-16": _utf16_codec(path)}.get(encoding, encoding)
    errors = "strict" if encoding == "utf-8" else "replace"
    try:
        with path.open(encoding=codec, errors=errors, newline="") as file:
            yield file
    except UnicodeError as error:
        raise refusals.wrong_encoding(ENCODINGS.get(encoding, encoding)) from error


def _utf16_codec(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    return "utf-16-be" if start[:1] == b"\0" else "utf-16-le"


def _is_utf16(start: bytes) -> bool:
    """Without a mark: every other byte of Western text is zero, and only every other."""
    half = len(start) // 2
    fewer, more = sorted((start[0::2].count(0), start[1::2].count(0)))
    return more > half * 0.6 and fewer < half * 0.1


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while block := file.read(1024 * 1024):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _refuse_other_content(start: bytes) -> None:
    opening = start[:1024].lstrip().lower()
    if opening.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        raise refusals.not_a_spreadsheet("a web page")
    if opening.startswith((b"{", b"[")):
        raise refusals.not_a_spreadsheet("a list for programs (JSON)")
    controls = len(start) - len(start.translate(None, _CONTROLS))
    if controls > len(start) // 20:
        raise refusals.not_a_spreadsheet("not text")


def _said_delimiter(line: str) -> str:
    """Excel's own first line, such as `sep=;`."""
    line = line.strip("\r\n").strip('"')
    return line[4] if len(line) == 5 and line.lower().startswith("sep=") else ""


def _short_lines(file: TextIO) -> Iterator[str]:
    while line := file.readline(_SAMPLE_BYTES):
        yield line


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """How many of the rows have as many cells as the first; a delimiter that cuts nothing comes last."""
    try:
        widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return 0, 0
    if not widths or widths[0] == 1:
        return 0, 0
    return round(widths.count(widths[0]) / len(widths), 1), widths[0]


def _rows(file: TextIO, delimiter: str, encoding: str) -> Iterator[list[str]]:
    lines = _Lines(file)
    try:
        for cells in csv.reader(lines, delimiter=delimiter):
            lines.end_row()
            if len(lines.of_last_row) > 1 and _fault(lines.of_last_row, delimiter):
                raise refusals.open_quote(lines.rows)
            yield cells
    except (csv.Error, _TooLong) as error:
        refuse = refusals.long_cell if lines.of_this_row == 1 else refusals.open_quote
        raise refuse(lines.rows + 1) from error
    except UnicodeError as error:
        raise refusals.wrong_encoding(ENCODINGS.get(encoding, encoding)) from error
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
    """One row runs over more lines than any address does, or one line over more characters."""


class _Lines:
    """The file's lines, remembering which of them made the last row, so that an open quote is noticed."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._of_this_row: list[str] = []
        self.of_last_row: list[str] = []
        self.rows = 0

    @property
    def of_this_row(self) -> int:
        """How many lines the row that is being read has so far."""
        return len(self._of_this_row)

    def __iter__(self) -> Iterator[str]:
        while line := self._file.readline(_MAX_LINE_LENGTH):
            self._of_this_row.append(line)
            if len(self._of_this_row) > _MAX_LINES_PER_ROW or len(line) == _MAX_LINE_LENGTH:
                raise _TooLong
            yield line.replace("\0", "\ufffd")

    def end_row(self) -> None:
        self.of_last_row, self._of_this_row = self._of_this_row, []
        self.rows += 1
