"""A list of numbers, out of a file or pasted rows: the cells of its column of numbers, not judged yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contacts.importing.columns import first_look, phone_columns
from contacts.importing.files import file_kinds, refusals, stored_files
from contacts.importing.files.file_reader import open_rows
from contacts.importing.files.reading import Look, Reading
from contacts.importing.files.refusals import Refusal
from contacts.importing.files.stored_files import Upload
from contacts.text.phones import MIN_DIGITS

MAX_ROWS = 20_000
OTHER_WORKBOOK = Refusal("other_workbook", "Save this workbook as .xlsx or CSV, or paste its numbers.")
TOO_LONG = Refusal("too_long", "This list has more than {:,} numbers. Split it into shorter ones.")


@dataclass(frozen=True)
class NumberColumn:
    """`name`: of the column; `cells`: each that is filled, with its row as a spreadsheet counts."""

    name: str
    cells: list[tuple[int, str]]


def read(file: Upload, regions: Sequence[str]) -> NumberColumn:
    """Hidden rows, too: a No holds wherever it stands. Keeps nothing. Raises FileRefused."""
    with stored_files.arrived(file.blocks) as (path, _, _):
        if file_kinds.kind_of(path) == file_kinds.OTHER_WORKBOOK:
            raise OTHER_WORKBOOK()
        look = first_look.look(path, Reading(), regions)
        column = _column_of(look, regions)
        return NumberColumn(look.header[column], _cells(path, look, column))


def _column_of(look: Look, regions: Sequence[str]) -> int:
    found = phone_columns.find(look.header, look.samples, regions)
    likely = [found.column, *found.likely, 0 if len(look.header) == 1 else None]
    column = next((each for each in likely if each is not None), None)
    if column is None:
        raise refusals.no_phone_column()
    return column


def _cells(path: Path, look: Look, column: int) -> list[tuple[int, str]]:
    header_row = look.reading.header_row or 0
    cells: list[tuple[int, str]] = []
    with open_rows(path, look.reading) as rows:
        for row in rows:
            text = row.cells[column].strip() if column < len(row.cells) else ""
            if text and (row.line > header_row or _may_be_number(text)):
                cells.append((row.line, text))
            if len(cells) > MAX_ROWS:
                raise TOO_LONG(MAX_ROWS)
    return cells


def _may_be_number(text: str) -> bool:
    """Taken for a header or a title by mistake, it would be a No that is lost."""
    return sum(map(str.isdecimal, text)) >= MIN_DIGITS
