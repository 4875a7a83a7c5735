"""XLSX workbooks: measured first, because a small one can unpack into more than the memory holds."""

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, load_workbook

from contacts.importing import refusals

MOST_UNPACKED_BYTES = 400 * 1024 * 1024
MOST_CELLS = 30_000_000
MOST_COLUMNS = 300

_BLOCK = 1024 * 1024
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"')


def is_workbook(start: bytes) -> bool:
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise refusals.not_a_spreadsheet("an old Excel workbook (.xls)")
    return start.startswith(b"PK")


def read(path: Path) -> Iterator[list[str]]:
    """The first sheet's rows. A formula gives the value that Excel stored beside it; nothing is computed."""
    _measure(path)
    try:
        sheet = load_workbook(path).get_sheet_by_index(0)
    except (CalamineError, OSError, IndexError) as error:
        raise refusals.damaged("workbook") from error
    lead = sheet.start[0] if sheet.start else 0
    for _ in range(lead):
        yield []
    for cells in sheet.iter_rows():
        yield [_text(cell) for cell in cells]


def _measure(path: Path) -> None:
    """Refuse what would not fit, by unpacking once into nothing; an archive that lies is damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise refusals.not_a_spreadsheet("a compressed archive or another kind of document")
            if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED_BYTES:
                raise refusals.too_large("it unpacks to more than a list of contacts needs")
            for name in names:
                if name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml":
                    _measure_part(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise refusals.damaged("workbook") from error


def _measure_part(archive: zipfile.ZipFile, name: str) -> None:
    width = height = 0
    tail = b""
    with archive.open(name) as part:
        while block := part.read(_BLOCK):
            for column, row in _CELL.findall(tail + block):
                width, height = max(width, _column_number(column)), max(height, int(row))
            tail = block[-32:]
    if width > MOST_COLUMNS:
        raise refusals.too_many_columns(width, MOST_COLUMNS)
    if width * height > MOST_CELLS:
        raise refusals.too_large(f"its first sheet spans {width * height:,} cells")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: object) -> str:
    if isinstance(cell, str):
        return cell.replace("\0", "\ufffd")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)
