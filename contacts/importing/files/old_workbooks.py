"""Which rows an old Excel workbook (.xls) hides, and which cells it merges: values come from elsewhere.

The records are those of [MS-XLS] 2.4: BoundSheet8, Row and MergeCells; in Excel 5 they have the same places.
"""

import io
import struct
from collections.abc import Iterator
from pathlib import Path

import olefile

from contacts.importing.files.sheet_marks import SheetMarks

_STREAMS = "Workbook", "Book"  # since Excel 97, and before
_SHEET, _ROW, _MERGED, _BEGIN, _END = 0x0085, 0x0208, 0x00E5, 0x0809, 0x000A
_IS_HIDDEN = 0x20  # fDyZero: of no height


def marks_of(path: Path) -> list[SheetMarks]:
    """Of each sheet in the workbook's order; none where there is no workbook in the file."""
    try:
        with olefile.OleFileIO(str(path)) as compound:
            name = next(filter(compound.exists, _STREAMS), "")
            book = compound.openstream(name).read() if name else b""
    except (OSError, ValueError, IndexError, struct.error):  # who reads the values says what is wrong with it
        return []
    starts = [struct.unpack_from("<I", data)[0] for kind, data in _records(book, 0) if kind == _SHEET]
    return [_sheet(book, start) for start in starts]


def _sheet(book: bytes, start: int) -> SheetMarks:
    marks = SheetMarks()
    for kind, data in _records(book, start):
        if kind == _ROW and len(data) >= 16:
            row, flags = struct.unpack_from("<H10xI", data)
            if flags & _IS_HIDDEN:
                marks.hide(row + 1)
        elif kind == _MERGED:
            for first, last, left, right in struct.iter_unpack("<4H", data[2 : 2 + (len(data) - 2) // 8 * 8]):
                marks.merged.add(first + 1, last + 1, left + 1, right + 1)
    return marks


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
