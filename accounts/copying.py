"""Many rows into a table at once."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model


def copy_rows(
    cursor: CursorWrapper, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """By the quickest way that the database has."""
    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * len(columns))
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", list(rows))  # noqa: S608


def copy_new(rows: Sequence[Model]) -> None:
    """New rows of one model, as bulk_create would save them; they do not learn their keys."""
    if not rows:
        return
    options, database = rows[0]._meta, transaction.get_connection()
    fields = [field for field in options.concrete_fields if not field.primary_key]
    names = [database.ops.quote_name(field.column) for field in fields]
    values = (
        [field.get_db_prep_save(getattr(row, field.attname), database) for field in fields] for row in rows
    )
    with database.cursor() as cursor:
        copy_rows(cursor, options.db_table, names, values)
