"""Which rows an old Excel workbook (.xls) hides, which cells it merges, and what it shows before a number.

Values come from elsewhere. The records are those of [MS-XLS] 2.4: BoundSheet8, Row, MergeCells, Format, XF,
and cells with numbers; in Excel 5 they have the same places, but for the texts.
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from contacts.importing.files import refusals
from contacts.importing.files.sheet_marks import MAX_SHEETS, SheetMarks
from contacts.importing.files.xlsx_sax import shown_before

_STREAMS = "Workbook", "Book"  # since Excel 97, and before
_SHEET, _ROW, _MERGED, _BEGIN, _END = 0x0085, 0x0208, 0x00E5, 0x0809, 0x000A
_IS_HIDDEN = 0x20  # fDyZero: of no height
_PASSWORD = 0x002F  # FilePass: what follows is scrambled
_FORMAT, _STYLE = 0x041E, 0x00E0
_NUMBER, _SHORT_NUMBER, _SHORT_NUMBERS, _FORMULA = 0x0203, 0x027E, 0x00BD, 0x0006
_ONE_NUMBER = {_NUMBER, _SHORT_NUMBER, _FORMULA}
_NO_NUMBER = b"\xff\xff"  # ends the value of a formula that came to something else
_UNICODE = 0x0600  # since Excel 97


def marks_of(path: Path) -> list[SheetMarks]:
    """Of each sheet in the workbook's order; none where there is no workbook in the file."""
    try:
        with olefile.OleFileIO(str(path)) as compound:
            name = next(filter(compound.exists, _STREAMS), "")
            book = compound.openstream(name).read() if name else b""
    except (OSError, ValueError, IndexError, struct.error):  # who reads the values says what is wrong with it
        return []
    starts: list[int] = []
    formats: dict[int, str] = {}
    styles: list[str] = []
    version = 0
    for kind, data in _records(book, 0):
        if kind == _BEGIN:
            version = int.from_bytes(data[:2], "little")
        elif kind == _SHEET:
            starts.append(int.from_bytes(data[:4], "little"))
            if len(starts) > MAX_SHEETS:
                raise refusals.many_sheets(MAX_SHEETS)
        elif kind == _PASSWORD:
            raise refusals.locked_workbook()
        elif kind == _FORMAT:
            formats[int.from_bytes(data[:2], "little")] = shown_before(_format(data[2:], version))
        elif kind == _STYLE:
            styles.append(formats.get(int.from_bytes(data[2:4], "little"), ""))
    _check_apart(book, starts)
    return [_sheet(book, start, styles) for start in starts]


def _check_apart(book: bytes, starts: list[int]) -> None:
    """Sheets lie one behind the other: whoever reads several in one place reads it as often."""
    left = len(book)
    for start in starts:
        for _, data in _records(book, start):
            left -= 4 + len(data)
            if left < 0:
                raise refusals.damaged("workbook")


def _format(data: bytes, version: int) -> str:
    """A text behind its length; in Excel 97 and later its letters have one or two bytes."""
    if version < _UNICODE:
        return data[1:].decode("cp1252", "replace")
    return data[3:].decode("utf-16-le" if data[2:3] == b"\1" else "latin-1", "replace")


def _sheet(book: bytes, start: int, styles: list[str]) -> SheetMarks:
    marks = SheetMarks()
    for kind, data in _records(book, start):
        if kind == _ROW and len(data) >= 16:
            row, flags = struct.unpack_from("<H10xI", data)
            if flags & _IS_HIDDEN:
                marks.hide(row + 1)
        elif kind == _MERGED:
            for first, last, left, right in struct.iter_unpack("<4H", data[2 : 2 + (len(data) - 2) // 8 * 8]):
                marks.merged.add(first + 1, last + 1, left + 1, right + 1)
        for row, column, style in _numbers(kind, data):
            if style < len(styles) and styles[style]:
                marks.show_before(styles[style], column + 1, row + 1)
    return marks


def _numbers(kind: int, data: bytes) -> Iterator[tuple[int, int, int]]:
    """Of a record of cells: row, column and style of each number."""
    if kind == _SHORT_NUMBERS and len(data) >= 12:
        row, first = struct.unpack_from("<2H", data)
        for place in range((len(data) - 6) // 6):
            yield row, first + place, int.from_bytes(data[4 + 6 * place : 6 + 6 * place], "little")
    elif kind in _ONE_NUMBER and len(data) >= 6 and not (kind == _FORMULA and data[12:14] == _NO_NUMBER):
        row, column, style = struct.unpack_from("<3H", data)
        yield row, column, style


def _records(book: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Up to the end of what begins there, past those of its charts: the kind of each, and what it holds."""
    stream = io.BytesIO(book)
    stream.seek(start)
    begun = 0
    while len(head := stream.read(4)) == 4:
        kind, size = struct.unpack("<HH", head)
        begun += {_BEGIN: 1, _END: -1}.get(kind, 0)
        if kind == _END and begun < 1:
            return
        yield kind, stream.read(size)
