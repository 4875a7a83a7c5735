"""Old Excel workbooks (.xls) and OpenDocument (.ods), by a library that holds one whole in memory.

So what it would hold is measured first, where that can be seen, and the process may take only so much of it.
"""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from contacts.importing.files import file_kinds, old_workbooks, open_documents, refusals, workbooks
from contacts.importing.files.parsers import FileRow, numbered
from contacts.importing.files.sheet_marks import SheetMarks

MAX_UNPACKED_BYTES = 200 * 1024 * 1024

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCUMENTS = {
    "WordDocument".encode("utf-16-le"): "a Word document",
    "PowerPoint Document".encode("utf-16-le"): "a presentation",
    "__substg1.0".encode("utf-16-le"): "a message of Outlook",
}


class OtherWorkbook:
    """An open one: the names of the sheets it shows, and their rows."""

    def __init__(self, book: CalamineWorkbook, marks: list[SheetMarks]) -> None:
        """`marks`: of the sheets in the workbook's order, as far as it has any."""
        self._book, self._marks = book, dict(zip(book.sheet_names, marks, strict=False))
        self.names = [
            sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible
        ]

    def rows(self, name: str) -> Iterator[FileRow]:
        if name not in self._book.sheet_names:
            raise refusals.no_such_sheet(name)
        marks = self._marks.get(name) or SheetMarks()
        return map(marks.on, numbered(self._rows(name)))

    def _rows(self, name: str) -> Iterator[list[str]]:
        try:
            sheet = self._book.get_sheet_by_name(name)
            indent = [""] * (sheet.start[1] if sheet.start else 0)  # of rows it gives all, of columns not
            yield from ([*indent, *map(_text, row)] for row in sheet.iter_rows())
        except CalamineError as error:
            raise refusals.damaged("workbook") from error


@contextmanager
def opened(path: Path) -> Iterator[OtherWorkbook]:
    marks = _checked(path)
    try:
        book = CalamineWorkbook.from_path(path)
    except CalamineError as error:
        raise refusals.damaged("workbook") from error
    yield OtherWorkbook(book, marks)


def _checked(path: Path) -> list[SheetMarks]:
    """That it is no other file of the same outer form, and does not unpack to a great deal; and its marks."""
    if file_kinds.is_archive(path):
        with workbooks.archive_of(path) as archive:
            if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise refusals.large_workbook()
            return open_documents.measure(archive, path.stat().st_size)
    content = path.read_bytes()
    if _ENCRYPTED in content:
        raise refusals.locked_workbook()
    for mark, what in _DOCUMENTS.items():
        if mark in content:
            raise refusals.not_a_spreadsheet(what)
    return old_workbooks.marks_of(path)


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
            return str(cell).replace("\0", "\ufffd")
