"""What a sheet says of its rows and cells beside their values, for a library that gives the values alone."""

from contacts.importing.files.merged_cells import MergedCells
from contacts.importing.files.parsers import FileRow
from contacts.text.excel import MERGED, NOT_CALCULATED

_MAX_FORMULAS = 100_000  # without a result: whoever has as many is told of enough of them


class SheetMarks:
    """Rows that are hidden, cells that belong to one above them, and formulas that nobody has calculated."""

    def __init__(self) -> None:
        self.merged = MergedCells()
        self._hidden = bytearray()  # one a row
        self._formulas: dict[int, list[int]] = {}
        self._left = _MAX_FORMULAS

    def hide(self, first: int, count: int = 1) -> None:
        """Rows from 1 on."""
        self._hidden.extend(bytes(max(0, first + count - 1 - len(self._hidden))))
        self._hidden[first - 1 : first - 1 + count] = b"\1" * count

    def add_formula(self, row: int, column: int) -> None:
        """Without a result, at a place from 1 on."""
        self._left -= 1
        if self._left >= 0:
            self._formulas.setdefault(row, []).append(column)

    def on(self, row: FileRow) -> FileRow:
        """The row as the sheet means it. A mark stands where there is no value only."""
        for column in self.merged.below.get(row.line, ()):
            _mark(row.cells, column, MERGED)
        for column in self._formulas.get(row.line, ()):
            _mark(row.cells, column, NOT_CALCULATED)
        return row._replace(hidden=bool(self._hidden[row.line - 1 : row.line].strip(b"\0")))


def _mark(cells: list[str], column: int, mark: str) -> None:
    cells.extend([""] * (column - len(cells)))
    cells[column - 1] = cells[column - 1] or mark
