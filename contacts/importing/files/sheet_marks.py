"""What a sheet says of its rows and cells beside their values, for a library that gives the values alone."""

from contacts.importing.files.merged_cells import MergedCells
from contacts.importing.files.parsers import FileRow
from contacts.text.excel import MERGED

_MAX_PUT = 100_000  # of formulas without a result: whoever has as many is told of enough of them


class SheetMarks:
    """Rows that are hidden, cells that belong to one above them, and formulas that came to nothing."""

    def __init__(self) -> None:
        self.merged = MergedCells()
        self._hidden = bytearray()  # one a row
        self._put: dict[int, list[tuple[int, str]]] = {}
        self._left = _MAX_PUT

    def hide(self, first: int, count: int = 1) -> None:
        """Rows from 1 on."""
        self._hidden.extend(bytes(max(0, first + count - 1 - len(self._hidden))))
        self._hidden[first - 1 : first - 1 + count] = b"\1" * count

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
        return row._replace(hidden=bool(self._hidden[row.line - 1 : row.line].strip(b"\0")))


def _mark(cells: list[str], column: int, mark: str) -> None:
    cells.extend([""] * (column - len(cells)))
    cells[column - 1] = cells[column - 1] or mark
