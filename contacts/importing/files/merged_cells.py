"""Cells of a workbook that belong to one above them."""

import re

from contacts.importing.files import refusals
from contacts.importing.files.reading import MAX_COLUMNS
from contacts.importing.files.xlsx_sax import column_number, local_name
from contacts.text.excel import MAX_ROWS

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MAX_MERGED = 100_000  # cells: what claims more is no list of people


class MergedCells:
    """Which cells belong to one above them, by row: the value is in that alone."""

    def __init__(self) -> None:
        self.below: dict[int, list[int]] = {}
        self._cells = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        found = _RANGE.fullmatch(attributes.get("ref", "")) if local_name(name) == "mergeCell" else None
        if found is None:
            return
        self.add(int(found[2]), int(found[4]), column_number(found[1]), column_number(found[3]))

    def add(self, first: int, last: int, first_column: int, last_column: int) -> None:
        """From 1 on, the last ones included. Raises FileRefused for rows that no sheet has."""
        if not first <= last <= MAX_ROWS:
            raise refusals.damaged("workbook")
        columns = range(first_column, min(last_column, MAX_COLUMNS) + 1)
        self._cells += (last - first) * len(columns)
        if self._cells <= _MAX_MERGED:
            for row in range(first + 1, last + 1):
                self.below.setdefault(row, []).extend(columns)
