"""Serialises rows of a file for COPY into the staging table. Asks no database: it may run anywhere."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from json.encoder import encode_basestring_ascii as _quoted  # a text in JSON, as json.dumps writes it
from typing import Any

from contacts.fields import ACTIVE, EMPTIED, NAMES, PROPERTY_PREFIX, SEARCHED, Values
from contacts.importing.files.file_reader import FileRow
from contacts.importing.row_parser import ParsedRow, RowParser
from contacts.importing.value_decisions import Decisions
from contacts.text.full_text_search import index_fields, search_text_of_cells
from contacts.text.values import clean_text

MAX_CELL_SHOWN = 500  # characters of a cell that is kept as it was
StagedRow = tuple[Any, ...]
STAGING_COLUMNS = (
    *("line", *NAMES, "phone_type", "properties", "name_key", "search_text", "cell_words"),
    *("problems", "warned", "unclear", "raw", "barred", "barred_too", "hidden"),
)


class RowEncoder:
    """Makes staged rows of a file's rows, as its columns and options say."""

    def __init__(
        self,
        mapping: Sequence[str],
        regions: Sequence[str],
        decisions: Decisions,
        *,
        unseen: Sequence[int] = (),
        blank_clears: bool,
        takes_hidden: bool = False,
    ) -> None:
        self._takes_hidden = takes_hidden
        self._reader = RowParser(mapping, regions, decisions, unseen)
        self._properties = [
            (target, _quoted(target.removeprefix(PROPERTY_PREFIX)))
            for target in mapping
            if target.startswith(PROPERTY_PREFIX)
        ]
        self._searched = [*SEARCHED, *(target for target, _ in self._properties)]
        self._emptied = list(enumerate(mapping)) if blank_clears else []

    def read(self, row: FileRow) -> StagedRow:
        """The values of STAGING_COLUMNS; a row that is not valid has none."""
        reading = self._reader.read(row.cells)
        values = reading.values if reading.is_valid else {}
        said = self._blanks(row, reading) | values if self._emptied and values else values
        properties = [
            f"{name}: {_quoted(str(said[target])) if said[target] else 'null'}"
            for target, name in self._properties
            if target in said
        ]
        problems = reading.problems
        name_key, search_text = self._derived(values)
        cells = [cell[:MAX_CELL_SHOWN] for cell in row.cells]
        return (
            row.line,
            *map(said.get, NAMES),
            reading.phone_type,
            f"{{{', '.join(properties)}}}",
            name_key,
            search_text,
            search_text_of_cells(cells, search_text) if problems else None,
            json.dumps([asdict(problem) for problem in problems]) if problems else "[]",
            bool(values and problems and values.get(ACTIVE) != "no"),
            reading.is_unclear,
            f"[{', '.join(map(_quoted, cells))}]",
            values.get(ACTIVE) == "no",
            json.dumps(reading.barred_too) if reading.barred_too else None,
            row.hidden and not self._takes_hidden,
        )

    def _derived(self, values: Values) -> tuple[str, str]:
        if not values:
            return "", ""
        first, last = values.get("first_name", ""), values.get("last_name", "")
        texts = [values[target] for target in self._searched if target in values]
        return index_fields(str(values["phone"]), str(first), str(last), texts)

    def _blanks(self, row: FileRow, reading: ParsedRow) -> Values:
        """What empties a field: a blank cell, not one that could not be taken."""
        bad = {problem.column for problem in reading.problems}
        blank = {
            target
            for column, target in self._emptied
            if target
            and column not in bad
            and not clean_text(row.cells[column] if column < len(row.cells) else "")
        }
        return {target: EMPTIED.get(target, "") for target in blank}
