"""What a sheet says of its rows and cells beside their values, for a library that gives the values alone."""

from contacts.importing.files import refusals
from contacts.importing.files.merged_cells import MergedCells
from contacts.importing.files.parsers import FileRow
from contacts.text.excel import MERGED

MAX_SHEETS = 1_000  # of a workbook
_MAX_BEFORE = 200  # columns, each with what is shown before its numbers
_MAX_PUT = 100_000  # of formulas without a result: whoever has as many is told of enough of them


class SheetMarks:
    """Rows that are hidden, cells that belong to one above them, formulas that came to nothing, and what
    is shown before a number.
    """

    def __init__(self) -> None:
        self.merged = MergedCells()
        self._hidden = bytearray()  # one a row
        self._put: dict[int, list[tuple[int, str]]] = {}
        self._left = _MAX_PUT
        self._before: dict[tuple[int, str], bytearray] = {}  # by column; one a row

    def hide(self, first: int, count: int = 1) -> None:
        """Rows from 1 on."""
        _set(self._hidden, first, count)

    def show_before(self, text: str, column: int, first: int, count: int = 1) -> None:
        """Of a number: "+372 ", in rows from 1 on. Raises FileRefused for more than any list has."""
        if len(self._before) == _MAX_BEFORE and (column, text) not in self._before:
            raise refusals.large_workbook()
        _set(self._before.setdefault((column, text), bytearray()), first, count)

    def put(self, mark: str, row: int, column: int) -> None:
        """In the place of a value, at a place from 1 on."""
        self._left -= 1
        if self._left >= 0:
            self._put.setdefault(row, []).append((column, mark))

    def on(self, row: FileRow) -> FileRow:
        """The row as the sheet means it. A mark stands where there is no value only."""
        for column in self.merged.below.get(row.line, ()):
            _mark(row.cells, column, MERGED)
        for column, mark in self._put.get(row.line, ()):
            _mark(row.cells, column, mark)
        for (column, text), rows in self._before.items():
            value = "".join(row.cells[column - 1 : column])
            if _is_set(rows, row.line) and value[:1].isdecimal():  # not of what is negative
                row.cells[column - 1] = text + value
        return row._replace(hidden=_is_set(self._hidden, row.line))


def _set(rows: bytearray, first: int, count: int) -> None:
    rows.extend(bytes(max(0, first + count - 1 - len(rows))))
    rows[first - 1 : first - 1 + count] = b"\1" * count


def _is_set(rows: bytearray, row: int) -> bool:
    return rows[row - 1 : row] == b"\1"


def _mark(cells: list[str], column: int, mark: str) -> None:
    cells.extend([""] * (column - len(cells)))
    cells[column - 1] = cells[column - 1] or mark
