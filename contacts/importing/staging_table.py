"""Staged rows on their way into the database: into a table that nobody else sees."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from accounts.models import Customer
from contacts.fields import NAMES
from contacts.importing.row_encoder import STAGING_COLUMNS, StagedRow
from contacts.importing.sql_dialects import copy_rows
from contacts.models.erased_numbers import erased_among

_PHONE = STAGING_COLUMNS.index("phone")
_NOTHING = dict.fromkeys((*NAMES, "cell_words")) | {
    "properties": "{}",
    "name_key": "",
    "search_text": "",
    "problems": "[]",
    "raw": "[]",
    "warned": False,
    "unclear": False,
    "barred": True,
}


def drop_erased(customer: Customer, rows: Sequence[StagedRow]) -> list[StagedRow]:
    """The rows of people who asked to be erased say nothing any more but that they were there."""
    numbers = {row[_PHONE] for row in rows if row[_PHONE]}
    erased = erased_among(customer, numbers)
    return [_barred(row) if row[_PHONE] in erased else row for row in rows] if erased else list(rows)


def _barred(row: StagedRow) -> StagedRow:
    said = dict(zip(STAGING_COLUMNS, row, strict=True))
    return tuple(
        (_NOTHING | {"line": said["line"], "phone_type": said["phone_type"]})[column]
        for column in STAGING_COLUMNS
    )


@contextmanager
def staging_table(cursor: CursorWrapper, rows: Iterable[StagedRow]) -> Iterator[None]:
    """The rows as the table import_staging, inside a transaction; `raw` as text, since few are kept."""
    columns = ", ".join(
        "CAST('' AS text) AS raw" if column == "raw" else column for column in STAGING_COLUMNS
    )
    cursor.execute(
        f"CREATE TEMPORARY TABLE import_staging AS SELECT {columns} FROM contacts_importrow WHERE FALSE"
    )
    copy_rows(cursor, "import_staging", STAGING_COLUMNS, rows)
    yield
    cursor.execute("DROP TABLE import_staging")
