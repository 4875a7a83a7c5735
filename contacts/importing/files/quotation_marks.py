"""Quotation marks that meet by chance: between two of them, the rows of two people become one."""

from collections.abc import Iterator
from pathlib import Path

from contacts.importing.files import text_files
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused


def suspect_row(path: Path, reading: Reading) -> int:
    """The first row with a cell that holds a line end and the delimiter; 0: there is none to ask about.

    A file with line ends in other cells has them on purpose, unless each of its lines would be a row.
    """
    if not text_files.has_quotes(path):
        return 0
    suspect = 0
    try:
        for line, cells, is_one in _of_several_lines(path, reading):
            if is_one:
                return line
            if not any(reading.delimiter in cell for cell in cells if _is_broken(cell)):
                return 0
            suspect = suspect or line
    except FileRefused:  # told when the rows are read
        pass
    return suspect


def _of_several_lines(path: Path, reading: Reading) -> Iterator[tuple[int, list[str], bool]]:
    """Rows with a line end in a cell; and whether each of their lines would be a row."""
    width = 0
    with text_files.read(path, encoding=reading.encoding, delimiter=reading.delimiter) as rows:
        for line, cells in enumerate(rows, start=1):
            width = width or (len(cells) if any(cells) else 0)
            if any(map(_is_broken, cells)):
                yield line, cells, _would_be_rows(cells, reading.delimiter, width)


def _is_broken(cell: str) -> bool:
    return "\n" in cell or "\r" in cell


def _would_be_rows(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether each line of the row has the width of the file, cut without regard to quotation marks."""
    lines = delimiter.join(cells).splitlines()
    return width > 1 and all(line.count(delimiter) + 1 == width for line in lines)
