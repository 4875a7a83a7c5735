"""Open a file as a stream of rows, whatever spreadsheet wrote it."""

from collections.abc import Container, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from contacts.importing.files import address_books, file_kinds, other_workbooks, text_files, workbooks
from contacts.importing.files.reading import PLAIN, Reading
from contacts.importing.files.xlsx_sax import MAX_COLUMNS


class FileRow(NamedTuple):
    """`line` is the row number that a spreadsheet shows: blank rows are counted. `hidden`: by the sheet."""

    line: int
    cells: list[str]
    hidden: bool = False


@contextmanager
def open_rows(path: Path, reading: Reading) -> Iterator[Iterator[FileRow]]:
    """All rows with content, the header and what is above it included, as a settled reading says.

    Raises FileRefused, at once or while rows are read. Memory stays bounded: text is streamed, and a
    workbook is measured before it is opened.
    """
    kind = file_kinds.kind_of(path)
    if kind == file_kinds.WORKBOOK:
        with workbooks.opened(path) as book:
            rows, hidden = book.rows(reading.sheet)
            yield _with_content(rows, hidden)
    elif kind == file_kinds.OTHER_WORKBOOK:
        yield _with_content(other_workbooks.read(path, reading.sheet))
    elif kind == file_kinds.ADDRESS_BOOK:
        yield _with_content(address_books.read(path))
    else:
        is_plain = reading.quotes == PLAIN
        with text_files.read(
            path, encoding=reading.encoding, delimiter=reading.delimiter, plain=is_plain
        ) as lines:
            yield _with_content(lines)


def below(rows: Iterator[FileRow], *, header_row: int | None, after: int) -> Iterator[FileRow]:
    """People, after a row that has been read before. Where no header is known, the first row is it."""
    if header_row is None:
        next(rows, None)
    last = max(header_row or 0, after)
    return (row for row in rows if row.line > last)


def sheet_names(path: Path) -> list[str]:
    """Of the sheets that a workbook shows; an address book is one without a name."""
    kind = file_kinds.kind_of(path)
    if kind == file_kinds.OTHER_WORKBOOK:
        return other_workbooks.sheet_names(path)
    if kind == file_kinds.ADDRESS_BOOK:
        return [""]
    with workbooks.opened(path) as book:
        return book.names


def tells_hidden(path: Path) -> bool:
    """Whether it is seen which rows the file hides; old workbooks and OpenDocument do not say it."""
    return file_kinds.kind_of(path) != file_kinds.OTHER_WORKBOOK


def _with_content(all_rows: Iterator[list[str]], hidden: Container[int] | None = None) -> Iterator[FileRow]:
    """`hidden` knows of a row once it is read."""
    for line, cells in enumerate(all_rows, start=1):
        if any(map(str.strip, cells)):
            kept = cells[: MAX_COLUMNS + 1] if len(cells) > MAX_COLUMNS else cells
            yield FileRow(line, kept, line in hidden) if hidden is not None else FileRow(line, kept)
