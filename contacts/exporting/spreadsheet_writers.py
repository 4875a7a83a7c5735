"""Rows of text as a spreadsheet, streamed: whatever leaves the product as a table goes through here.

What a spreadsheet would run as a formula is defused on the way, and our importer restores it.
"""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from io import StringIO
from itertools import islice

from contacts.exporting.xlsx_template import CLOSING, OPENING, PARTS, SHEET
from contacts.text.formula_injection import escape_formula

Rows = Iterable[Sequence[str]]

BYTE_ORDER_MARK = "\ufeff"  # by which Excel knows UTF-8
_BLOCK = 500  # rows
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_AN_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # _x0041_ would be read as A


def csv_lines(rows: Rows, *, delimiter: str = ";") -> Iterator[str]:
    """As Excel reads it; hundreds of rows at a time."""
    yield BYTE_ORDER_MARK
    for block in _blocks(rows):
        text = StringIO()
        csv.writer(text, delimiter=delimiter).writerows(map(_safe, block))
        yield text.getvalue()


def xlsx_blocks(rows: Rows) -> Iterator[bytes]:
    """A workbook of one sheet, every cell a text. No part of it is ever held whole."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(OPENING)
            number = 0
            for block in _blocks(rows):
                sheet.write("".join(map(_row, range(number + 1, number + 1 + len(block)), block)).encode())
                number += len(block)
                yield sink.taken()
            sheet.write(CLOSING)
    yield sink.taken()


def _blocks(rows: Rows) -> Iterator[list[Sequence[str]]]:
    rows = iter(rows)
    while block := list(islice(rows, _BLOCK)):
        yield block


def _safe(cells: Sequence[str]) -> list[str]:
    return [escape_formula(cell.replace("\0", "")) for cell in cells]


def _row(number: int, cells: Sequence[str]) -> str:
    filled = [_cell(f"{_letters(at)}{number}", text) for at, text in enumerate(_safe(cells)) if text]
    return f'<row r="{number}">{"".join(filled)}</row>'


def _cell(place: str, text: str) -> str:
    text = _LIKE_AN_ESCAPE.sub("_x005F_", _NOT_IN_XML.sub("", text))
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")
    kept = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{place}" t="inlineStr"><is><t{kept}>{text}</t></is></c>'


@cache
def _letters(column: int) -> str:
    """A, B … Z, AA: the first column is 0."""
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return letters


class _Sink:
    """What an archive is written to; it cannot be wound back, so nothing that has left is needed again."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._written.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        data, self._written = b"".join(self._written), []
        return data
