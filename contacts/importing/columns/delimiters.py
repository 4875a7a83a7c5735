"""What separates the columns of a text file, judged by the sense of the result."""

import csv
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from contacts.importing.columns.column_mapping import is_known
from contacts.importing.columns.phone_columns import is_number, looks_like_mobile
from contacts.importing.files import text_files
from contacts.importing.files.parsers import MAX_CELL_JUDGED
from contacts.importing.files.reading import MAX_COLUMNS
from contacts.importing.files.text_files import DELIMITERS

_SAMPLE_LINES = 200
_Sense = tuple[float, float, int]


def find(path: Path, encoding: str, regions: Sequence[str]) -> list[str]:
    """The likeliest first; more than one where each makes as much sense of the file as the others."""
    lines, said = text_files.first_lines(path, encoding, _SAMPLE_LINES)
    if said:
        return [said]
    senses = {each: _sense(lines, each, regions) for each in DELIMITERS}
    best = max(senses.values())
    likely = [each for each, sense in senses.items() if sense == best]
    return likely[:1] if _cut(lines, likely[0]) == _cut(lines, likely[-1]) or not best[0] else likely


def _sense(lines: list[str], delimiter: str, regions: Sequence[str]) -> _Sense:
    """How many rows have a cell that is a number and nothing else; how many are as wide as most; words known.

    Rows of one cell are of no width.
    """
    rows = _cut(lines, delimiter)
    if not rows:
        return 0, 0, 0
    numbers = sum(any(map(is_number, row)) for row in rows)
    mobiles = sum(any(looks_like_mobile(cell, regions) for cell in row) for row in rows)
    widths = [len(row) for row in rows]
    usual = max(set(widths), key=widths.count)
    steady = widths.count(usual) / len(widths) if usual > 1 else 0
    known = max(sum(map(is_known, row)) for row in rows[:20])
    share = max(numbers, mobiles) / len(rows)
    return round(share, 1), round(steady, 1), known


def _cut(lines: list[str], delimiter: str) -> list[list[str]]:
    try:
        rows = islice(csv.reader(lines, delimiter=delimiter), _SAMPLE_LINES)
        return [[cell[:MAX_CELL_JUDGED] for cell in row[: MAX_COLUMNS + 1]] for row in rows if any(row)]
    except csv.Error:
        return []
