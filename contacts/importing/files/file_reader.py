"""Open a file as a stream of rows, whatever spreadsheet wrote it. Only text is parsed in this process."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from contacts.importing.files import file_kinds, parser_process, parsers, text_files
from contacts.importing.files.child_process import OnWait
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.reading import PLAIN, Reading


@contextmanager
def open_rows(path: Path, reading: Reading, *, on_wait: OnWait | None = None) -> Iterator[Iterator[FileRow]]:
    """All rows with content, the header and what is above it included, as a settled reading says.

    Raises FileRefused, at once or while rows are read; of what is no text, ReaderDied, too. `on_wait` is
    called while rows are waited for. Memory stays bounded: text is streamed, and so is a workbook, by a
    process with limits.
    """
    is_text = file_kinds.kind_of(path) == file_kinds.TEXT
    with _text_rows(path, reading) if is_text else parser_process.rows(path, reading, on_wait) as rows:
        yield rows


@contextmanager
def open_rows_here(path: Path, reading: Reading) -> Iterator[Iterator[FileRow]]:
    """The same in this process, which has limits of its own."""
    is_text = file_kinds.kind_of(path) == file_kinds.TEXT
    with _text_rows(path, reading) if is_text else nullcontext(parsers.rows(path, reading)) as rows:
        yield rows


def sheet_heads(
    path: Path, reading: Reading, *, most: int, sheets: int
) -> tuple[list[str], list[tuple[str, list[FileRow]]]]:
    """Of what is no text: the names of all sheets, and the first rows of the chosen one, or of so many."""
    names, heads = parser_process.heads(path, reading, most=most, sheets=sheets)
    return names, list(zip([reading.sheet] if reading.sheet else names, heads, strict=False))


def text_head(path: Path, reading: Reading, *, most: int) -> list[FileRow]:
    with _text_rows(path, reading) as rows:
        return parsers.first_rows(rows, reading, most)


def below(rows: Iterator[FileRow], *, header_row: int | None, after: int) -> Iterator[FileRow]:
    """People, after a row that has been read before. Where no header is known, the first row is it."""
    if header_row is None:
        next(rows, None)
    last = max(header_row or 0, after)
    return (row for row in rows if row.line > last)


@contextmanager
def _text_rows(path: Path, reading: Reading) -> Iterator[Iterator[FileRow]]:
    is_plain = reading.quotes == PLAIN
    with text_files.read(
        path, encoding=reading.encoding, delimiter=reading.delimiter, plain=is_plain
    ) as lines:
        yield parsers.with_content(parsers.numbered(lines))
