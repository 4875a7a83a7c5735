"""Rows of a file on their way into the database: read ahead, and put into a table that nobody else sees."""

import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from json.encoder import encode_basestring_ascii as _quoted  # a text in JSON, as json.dumps writes it
from typing import Any

from django.db.backends.utils import CursorWrapper

from accounts.models import Customer
from contacts.erasure.remembering import is_erased
from contacts.importing.columns import ACTIVE, FIELDS, PROPERTY
from contacts.importing.dialects import fill
from contacts.importing.reading import Row
from contacts.importing.values import Reading, RowReader, Values, clean_text
from contacts.models import Import
from contacts.models.contact import derived

CELL_SHOWN = 500  # characters of a cell that is kept as it was
_PHONE = 1  # its place among COLUMNS
Staged = tuple[Any, ...]
COLUMNS = ("line", *FIELDS, "properties", "name_key", "search_text", "problems", "warned", "raw", "barred")


class Stager:
    """Makes staged rows of a file's rows, as its columns and options say."""

    def __init__(self, job: Import) -> None:
        self._reader = RowReader(job.mapping, job.regions)
        self._properties = [
            (target, _quoted(target.removeprefix(PROPERTY)))
            for target in job.mapping
            if target.startswith(PROPERTY)
        ]
        self._emptied = list(enumerate(job.mapping)) if job.blank_clears else []

    def read(self, row: Row) -> Staged:
        """The values of COLUMNS; a row that is not valid has none."""
        reading = self._reader.read(row.cells)
        values = reading.values if reading.is_valid else {}
        said = self._blanks(row, reading) | values if self._emptied and values else values
        properties = [
            f"{name}: {_quoted(str(said[target])) if said[target] else 'null'}"
            for target, name in self._properties
            if target in said
        ]
        problems = reading.problems
        return (
            row.line,
            *map(said.get, FIELDS),
            f"{{{', '.join(properties)}}}",
            *self._derived(values),
            json.dumps([asdict(problem) for problem in problems]) if problems else "[]",
            bool(values and problems),
            f"[{', '.join([_quoted(cell[:CELL_SHOWN]) for cell in row.cells])}]",
            values.get(ACTIVE) == "no",
        )

    def _derived(self, values: Values) -> tuple[str, str]:
        if not values:
            return "", ""
        given = values.get
        texts = [str(values[target]) for target, _ in self._properties if target in values]
        first, last, email = given("first_name", ""), given("last_name", ""), given("email", "")
        return derived(str(values["phone"]), str(first), str(last), str(email), texts)

    def _blanks(self, row: Row, reading: Reading) -> Values:
        """What empties a field: a blank cell, not one that could not be taken."""
        bad = {problem.column for problem in reading.problems}
        blank = {
            target
            for column, target in self._emptied
            if target
            and column not in bad
            and not clean_text(row.cells[column] if column < len(row.cells) else "")
        }
        return {target: 0 if target == "birth_year" else "" for target in blank}


def without_erased(customer: Customer, rows: Sequence[Staged]) -> list[Staged]:
    """The rows of people who asked to be erased say nothing any more but that they were there."""
    numbers = {row[_PHONE] for row in rows if row[_PHONE]}
    erased = is_erased(customer, numbers)
    return [_barred(row) if row[_PHONE] in erased else row for row in rows] if erased else list(rows)


def _barred(row: Staged) -> Staged:
    return (row[0], *[None] * len(FIELDS), "{}", "", "", "[]", False, "[]", True)


def ahead(rows: Iterable[Staged], size: int) -> Generator[list[Staged]]:
    """Chunks of rows; while the database takes one, a thread reads the next."""
    chunks = _chunks(iter(rows), size)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, chunks, None)
        while chunk := coming.result():
            coming = pool.submit(next, chunks, None)
            yield chunk


def _chunks(rows: Iterator[Staged], size: int) -> Iterator[list[Staged]]:
    while chunk := list(islice(rows, size)):
        yield chunk


@contextmanager
def staged(cursor: CursorWrapper, rows: Iterable[Staged]) -> Iterator[None]:
    """The rows as the table import_staging, inside a transaction; `raw` as text, since few are kept."""
    columns = ", ".join("CAST('' AS text) AS raw" if column == "raw" else column for column in COLUMNS)
    cursor.execute(
        f"CREATE TEMPORARY TABLE import_staging AS SELECT {columns} FROM contacts_importrow WHERE FALSE"
    )
    fill(cursor, "import_staging", COLUMNS, rows)
    yield
    cursor.execute("DROP TABLE import_staging")
