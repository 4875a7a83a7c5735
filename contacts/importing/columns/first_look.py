"""A first look at a file: all that its reading needs is found out, or asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from contacts.importing.columns import column_mapping, delimiters, header_rows, phone_columns, questions
from contacts.importing.files import encodings, file_kinds, file_reader, quotation_marks, refusals
from contacts.importing.files.file_reader import FileRow
from contacts.importing.files.reading import (
    LEAVE,
    MARKS,
    MAX_COLUMNS,
    MOST_LOOKED_AT,
    Look,
    Question,
    Reading,
)
from contacts.importing.files.text_files import ENCODINGS

MAX_SHEETS = 20  # that are looked at

_ENOUGH = 20  # rows of a sheet that say whether it holds people
_MOST = MOST_LOOKED_AT + header_rows.MOST_ABOVE


@dataclass(frozen=True)
class _Head:
    """The first rows of a sheet, and where its header is."""

    sheet: str
    rows: list[FileRow]
    header: header_rows.FoundHeader

    @property
    def below(self) -> list[FileRow]:
        return [row for row in self.rows if row.line > self.header.line]

    @property
    def named(self) -> list[str]:
        above = next((row for row in self.rows if row.line == self.header.line), None)
        return header_rows.names(above, self.below)

    def holds_people(self, regions: Sequence[str]) -> bool:
        some = [row.cells for row in self.below[:_ENOUGH]]
        return bool(some) and phone_columns.find(self.named, some, regions).column is not None


def look(path: Path, chosen: Reading, regions: Sequence[str]) -> Look:
    """What of `chosen` is settled stays, and is not asked. Raises FileRefused."""
    reading, asked, names, heads = _heads(path, chosen, regions)
    return _looked(reading, heads, names, asked, regions)


def looks(path: Path, regions: Sequence[str]) -> list[Look]:
    """At each sheet that has rows below a header, none left out. Raises FileRefused."""
    reading, asked, names, heads = _heads(path, Reading(), regions)
    if len(names) > MAX_SHEETS:
        raise refusals.many_sheets(MAX_SHEETS)
    filled = [[head] for head in heads if head.below] or [heads]
    return [_looked(reading, each, names, asked, regions) for each in filled]


def _heads(
    path: Path, chosen: Reading, regions: Sequence[str]
) -> tuple[Reading, list[Question], list[str], list[_Head]]:
    if file_kinds.kind_of(path) == file_kinds.TEXT:
        reading, asked = _text(path, chosen, regions)
        names: list[str] = []
        found = [("", file_reader.text_head(path, reading, most=_MOST))]
    else:
        reading, asked = chosen, []
        names, found = file_reader.sheet_heads(path, reading, most=_MOST, sheets=MAX_SHEETS)
    return reading, asked, names, [_head(sheet, rows, reading) for sheet, rows in found if rows]


def _looked(
    reading: Reading, heads: Sequence[_Head], names: list[str], asked: list[Question], regions: Sequence[str]
) -> Look:
    """At the first sheet with people, or with anything."""
    with_people = [head for head in heads if head.holds_people(regions)] if len(heads) > 1 else []
    head = next(iter([*with_people, *heads]), None)
    if head is None:
        raise refusals.empty()
    shown = [row for row in head.below if reading.hidden != LEAVE or not row.hidden]
    below = [row.cells for row in shown or head.below]
    header = head.named
    if len(header) > MAX_COLUMNS:
        raise refusals.too_many_columns(MAX_COLUMNS)
    if not below:
        raise refusals.header_only()
    if len(with_people) > 1:
        asked = [*asked, questions.sheet([each.sheet for each in with_people])]
    if reading.header_row is None and not head.header.is_certain:
        asked = [*asked, questions.header_row(head.header.line, head.rows)]
    settled = replace(reading, sheet=head.sheet, header_row=head.header.line)
    return Look(reading=settled, header=header, samples=below, sheets=names, questions=asked)


def _head(sheet: str, rows: list[FileRow], reading: Reading) -> _Head:
    if reading.header_row is None:
        return _Head(sheet, rows, header_rows.find(rows))
    return _Head(sheet, rows, header_rows.FoundHeader(reading.header_row, is_certain=True))


def _text(path: Path, chosen: Reading, regions: Sequence[str]) -> tuple[Reading, list[Question]]:
    """Encoding, delimiter and quotation marks."""
    asked: list[Question] = []
    reading = chosen
    if reading.encoding == "utf-8" and not encodings.is_mostly_utf8(path):
        raise refusals.wrong_encoding(ENCODINGS["utf-8"])
    if not reading.encoding:
        found = encodings.find(path)
        reading = replace(reading, encoding=found.encoding)
        asked += [questions.encoding(found)] if found.others else []
    if not reading.delimiter:
        likely = delimiters.find(path, reading.encoding, regions)
        reading = replace(reading, delimiter=likely[0])
        asked += [questions.delimiter(likely)] if len(likely) > 1 else []
    if not reading.quotes:
        suspect = quotation_marks.suspect_row(path, reading)
        reading = replace(reading, quotes=MARKS)
        asked += [questions.quotes(suspect)] if suspect else []
    return reading, asked


def phone_question(look: Look, regions: Sequence[str]) -> list[Question]:
    """Whether the column of numbers was only guessed."""
    if column_mapping.is_own_export(look.header):
        return []
    found = phone_columns.find(look.header, look.samples, regions)
    if found.column is None and not found.likely:
        raise refusals.no_phone_column()
    if found.is_certain:
        return []
    return [questions.phone_column(look.header, found)]
