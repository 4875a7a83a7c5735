"""Staged rows on their way into the database: into a table that nobody else sees."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from accounts.models import Customer
from contacts.erasure.remembering import is_erased
from contacts.importing.columns import FIELDS
from contacts.importing.dialects import fill
from contacts.importing.stager import COLUMNS, Staged

_PHONE = 1  # its place among COLUMNS


def without_erased(customer: Customer, rows: Sequence[Staged]) -> list[Staged]:
    """The rows of people who asked to be erased say nothing any more but that they were there."""
    numbers = {row[_PHONE] for row in rows if row[_PHONE]}
    erased = is_erased(customer, numbers)
    return [_barred(row) if row[_PHONE] in erased else row for row in rows] if erased else list(rows)


def _barred(row: Staged) -> Staged:
    return (row[0], *[None] * len(FIELDS), "{}", "", "", None, "[]", False, "[]", True)


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
