"""Which row of a file names its columns: below titles, preambles and blank rows, or none at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median_low

from contacts.importing.columns import phone_columns
from contacts.importing.columns.column_mapping import is_known
from contacts.importing.files.file_reader import FileRow
from contacts.importing.files.reading import NO_HEADER
from contacts.text.formula_injection import unescape_formula

MOST_ABOVE = 30  # rows with content that may stand above the header


@dataclass(frozen=True)
class FoundHeader:
    """`line`: its row number, or NO_HEADER. `is_certain`: a word of it is known."""

    line: int
    is_certain: bool


def find(rows: Sequence[FileRow]) -> FoundHeader:
    """Of the first rows with content, of which there is one at least."""
    numbers = phone_columns.most_numbers(rows)
    known = _best_known(rows, numbers)
    if known is not None and not any(_holds_number(row, numbers) for row in rows[:known]):
        return FoundHeader(rows[known].line, is_certain=True)
    above = [row for row in rows[: _first_person(rows, numbers)] if _is_wide_enough(row, rows)]
    if above:
        return FoundHeader(above[-1].line, is_certain=False)
    return FoundHeader(NO_HEADER if _holds_number(rows[0], numbers) or len(rows) > 1 else rows[0].line, False)


def names(row: FileRow | None, below: Sequence[FileRow]) -> list[str]:
    """What the columns are called: by place where the row says nothing."""
    said = [unescape_formula(cell.strip()) for cell in row.cells] if row else []
    width = max(len(said), _width(below))
    blank = [""] * (width - len(said))
    return [name or _by_place(place) for place, name in enumerate([*said, *blank])]


def is_unnamed(name: str, place: int) -> bool:
    """Whether the header says nothing of a column."""
    return name == _by_place(place)


def told_apart(header: Sequence[str]) -> list[str]:
    """For people: columns of one name with a number."""
    called: list[str] = []
    for name in header:
        number, free = 1, name
        while free in called:
            number += 1
            free = f"{name} ({number})"
        called.append(free)
    return called


def _by_place(place: int) -> str:
    return f"Column {place + 1}"


def _width(rows: Sequence[FileRow]) -> int:
    """Up to the numbers, or the last column that is filled in most rows: a stray cell makes no column."""
    widths = sorted(_last_filled(row.cells) for row in rows)
    numbers = phone_columns.most_numbers(rows)
    usual = widths[len(widths) // 2] if len(widths) > 1 else 0
    return max(usual, 0 if numbers is None else numbers + 1)


def _last_filled(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _best_known(rows: Sequence[FileRow], numbers: int | None) -> int | None:
    """The row with most words that name columns; the first of equals."""
    scores = [
        sum(map(is_known, row.cells)) if _is_wide_enough(row, rows) and not _holds_number(row, numbers) else 0
        for row in rows[:MOST_ABOVE]
    ]
    return scores.index(max(scores)) if any(scores) else None


def _first_person(rows: Sequence[FileRow], numbers: int | None) -> int:
    """The place of the first row with a number; where no row has one, the second may be a person."""
    return next((place for place, row in enumerate(rows) if _holds_number(row, numbers)), 1)


def _holds_number(row: FileRow, column: int | None) -> bool:
    return column is not None and column < len(row.cells) and phone_columns.is_number(row.cells[column])


def _is_wide_enough(row: FileRow, rows: Sequence[FileRow]) -> bool:
    """A title has one cell; so has a header of one column."""
    return _filled(row) > 1 or median_low(map(_filled, rows)) == 1


def _filled(row: FileRow) -> int:
    return sum(1 for cell in row.cells if cell.strip())
