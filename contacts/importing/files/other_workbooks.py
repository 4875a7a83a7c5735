"""Old Excel workbooks (.xls) and OpenDocument (.ods), by a library that holds one whole in memory.

So they are read in a process of their own, which may take only so much of it.
"""

import datetime
import resource
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetVisibleEnum

from contacts.importing.files import refusals

MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_MEMORY = 2 * 1024 * 1024 * 1024  # bytes of addresses, of which far fewer are used

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCUMENTS = {
    "WordDocument".encode("utf-16-le"): "a Word document",
    "PowerPoint Document".encode("utf-16-le"): "a presentation",
    "__substg1.0".encode("utf-16-le"): "a message of Outlook",
}


def limit_memory() -> None:
    """Of this process, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def sheet_names(path: Path) -> list[str]:
    """Of the sheets that the workbook shows."""
    return [
        sheet.name for sheet in _opened(path).sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
    ]


def read(path: Path, name: str) -> Iterator[list[str]]:
    book = _opened(path)
    if name not in book.sheet_names:
        raise refusals.no_such_sheet(name)
    try:
        yield from ([_text(cell) for cell in row] for row in _rows(book.get_sheet_by_name(name)))
    except CalamineError as error:
        raise refusals.damaged("workbook") from error


def _rows(sheet: CalamineSheet) -> Sequence[Sequence[object]]:
    """Blank ones above the first with content, too."""
    return sheet.to_python(skip_empty_area=False)


def _opened(path: Path) -> CalamineWorkbook:
    _check(path)
    try:
        return CalamineWorkbook.from_path(path)
    except CalamineError as error:
        raise refusals.damaged("workbook") from error


def _check(path: Path) -> None:
    """What a file of the same outer form may be instead. And that it does not unpack to a great deal."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise refusals.large_workbook()
        return
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise refusals.locked_workbook()
    for mark, what in _DOCUMENTS.items():
        if mark in content:
            raise refusals.not_a_spreadsheet(what)


def _text(cell: object) -> str:
    """As the cells of other workbooks are read."""
    match cell:
        case bool():
            return "true" if cell else "false"
        case float() if cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case float():
            return f"{cell:.15g}"
        case datetime.datetime():
            is_day = cell.time() == datetime.time()
            return cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")
        case datetime.time():
            return cell.isoformat("seconds")
        case _:
            return str(cell)
