"""A list of numbers, out of a file or pasted rows: every cell that may hold one, not judged yet.

A No holds wherever it stands, so all columns of numbers are read, all sheets, and hidden rows, too; a row
without a number is told.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from contacts.importing.columns import first_look, phone_columns
from contacts.importing.columns.header_rows import is_unnamed
from contacts.importing.files import file_kinds, refusals, stored_files
from contacts.importing.files.file_reader import open_rows
from contacts.importing.files.reading import Look
from contacts.importing.files.refusals import Refusal
from contacts.importing.files.stored_files import Upload
from contacts.text.phones import MIN_DIGITS
from contacts.text.several_numbers import only_numbers
from contacts.text.split_numbers import whole_number

MAX_ROWS = 20_000
OTHER_WORKBOOK = Refusal("other_workbook", "Save this workbook as .xlsx or CSV, or paste its numbers.")
TOO_LONG = Refusal("too_long", "This list has more than {:,} numbers. Split it into shorter ones.")
UNCERTAIN = Refusal(
    "uncertain_list",
    "It is not certain where the {} of this list end, so a number could be lost. "
    "Save it as .xlsx, or paste its numbers alone.",
)
_COULD_LOSE = {"quotes": "rows", "delimiter": "columns"}  # questions of a look, and what they are about


@dataclass(frozen=True)
class FoundNumbers:
    """`columns`: the names of those that were read; `cells`: each with its row as a spreadsheet counts."""

    columns: list[str]
    cells: list[tuple[int, str]]


@dataclass(frozen=True)
class _Columns:
    """Of one sheet: those of numbers, and those that nothing names, where a number may stand, too."""

    look: Look
    numbers: list[int]
    beginnings: list[int]
    unnamed: set[int]
    regions: Sequence[str]

    def cells_of(self, row: Sequence[str]) -> list[str]:
        """Of a row: each that holds digits, or the first that holds anything; "" where there is none."""
        own = [(place, row[place].strip()) for place in self.numbers if place < len(row)]
        whole = [self._whole(place, cell, row) for place, cell in own if cell]
        filled = [*whole, *self._stray(row)]
        with_digits = [cell for cell in filled if any(map(str.isdigit, cell))]
        cells = with_digits or filled[:1] or [""]
        return list(dict.fromkeys(number for cell in cells for number in only_numbers(cell) or [cell]))

    def _whole(self, place: int, cell: str, row: Sequence[str]) -> str:
        """With what the header or other cells say that the number begins with."""
        said = [phone_columns.code_of(self.look.header[place])]
        said += [row[column] for column in self.beginnings if column < len(row)]
        return whole_number(said, cell, self.regions)

    def _stray(self, row: Sequence[str]) -> list[str]:
        return [
            cell.strip()
            for place, cell in enumerate(row)
            if (place in self.unnamed or place >= len(self.look.header))
            and place not in self.numbers
            and phone_columns.looks_like_mobile(cell, self.regions)
        ]


def read(file: Upload, regions: Sequence[str]) -> FoundNumbers:
    """Keeps nothing. Raises FileRefused."""
    with stored_files.arrived(file.blocks) as (path, _):
        if file_kinds.kind_of(path) == file_kinds.OTHER_WORKBOOK:
            raise OTHER_WORKBOOK()
        looked = [_columns_of(look, regions) for look in first_look.looks(path, regions)]
        sheets = [sheet for sheet in looked if sheet.numbers]
        if not sheets:
            raise refusals.no_phone_column()
        cells: list[tuple[int, str]] = []
        for cell in (cell for sheet in sheets for cell in _cells(path, sheet)):
            cells.append(cell)
            if len(cells) > MAX_ROWS:
                raise TOO_LONG(MAX_ROWS)
        return FoundNumbers(_names(sheets), cells)


def _columns_of(look: Look, regions: Sequence[str]) -> _Columns:
    for question in look.questions:
        if question["about"] in _COULD_LOSE:
            raise UNCERTAIN(_COULD_LOSE[question["about"]])
    numbers = [0] if len(look.header) == 1 else phone_columns.all_of(look.header, look.samples, regions)
    unnamed = {place for place, name in enumerate(look.header) if is_unnamed(name, place)}
    beginnings = phone_columns.beginnings(look.header, look.samples)
    return _Columns(look, numbers, beginnings, unnamed if look.reading.header_row else set(), regions)


def _names(sheets: Sequence[_Columns]) -> list[str]:
    names = [sheet.look.header[place] for sheet in sheets for place in sheet.numbers]
    return list(dict.fromkeys(names))


def _cells(path: Path, sheet: _Columns) -> Iterator[tuple[int, str]]:
    header_row = sheet.look.reading.header_row or 0
    with open_rows(path, sheet.look.reading) as rows:
        for row in rows:
            for text in sheet.cells_of(row.cells):
                if row.line > header_row or _may_be_number(text):
                    yield row.line, text


def _may_be_number(text: str) -> bool:
    """Taken for a header or a title by mistake, it would be a No that is lost."""
    return sum(map(str.isdecimal, text)) >= MIN_DIGITS
