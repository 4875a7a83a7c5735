"""The baseline of an import: parse, normalise, stage, one upsert into the same table with the same indexes.

No check to look at, no reasons, nothing to take back, no calls: what the same contacts cost at least.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from contacts.models import Contact
from contacts.text.full_text_search import index_fields
from contacts.text.phones import InvalidPhone, to_e164
from gateway.models import Service
from tests.bench.csv_file import COLUMNS

STAGED = (*COLUMNS[:-1], "properties", "name_key", "search_text")
BACKLOG = 0  # of nobody: it only puts the rows into the same indexes
TAKEN = ", ".join(f"{field} = excluded.{field}" for field in STAGED[1:])
DIFFERS = " OR ".join(f"contacts_contact.{field} <> excluded.{field}" for field in STAGED[1:])


def take(file: Path, group: Service) -> None:
    """Every valid row, the first of a number, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        columns = ", ".join(f"{name} {_type(name)}" for name in STAGED)
        unlogged = "UNLOGGED" if connection.vendor == "postgresql" else ""
        cursor.execute(f"CREATE {unlogged} TABLE bare_staging (line integer, {columns})")
        _stage(cursor, _rows(file))
        _upsert(cursor, group)
        cursor.execute("DROP TABLE bare_staging")


def _type(name: str) -> str:
    if name == "properties":
        return "jsonb" if connection.vendor == "postgresql" else "text"
    return "integer" if name == "birth_year" else "text"


def _rows(file: Path) -> Iterator[list[Any]]:
    with file.open(encoding="utf-8", newline="") as opened:
        lines = csv.reader(opened, delimiter=";")
        next(lines)
        for line, (number, first, last, email, year, city, country, level) in enumerate(lines):
            try:
                phone = to_e164(number, ["FI"])
            except InvalidPhone:
                continue
            words = index_fields(phone, first, last, [first, last, email, level])
            level = f'{{"Level": "{level}"}}' if level else "{}"
            yield [
                line,
                phone,
                first.strip(),
                last.strip(),
                email,
                int(year),
                city.strip(),
                country,
                level,
                *words,
            ]


def _stage(cursor: Any, rows: Iterator[list[Any]]) -> None:
    names = f"line, {', '.join(STAGED)}"
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY bare_staging ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        places = ", ".join(["%s"] * (len(STAGED) + 1))
        cursor.executemany(f"INSERT INTO bare_staging ({names}) VALUES ({places})", list(rows))


def _upsert(cursor: Any, group: Service) -> None:
    """What a contact needs besides has its default."""
    others = {
        field.column: field.get_db_prep_save(field.get_default(), connection)
        for field in Contact._meta.concrete_fields
        if field.column not in (*STAGED, "group_id") and not field.primary_key
    } | {"backlog_id": BACKLOG}
    columns = ", ".join((*STAGED, *others, "group_id"))
    places = ", ".join(["%s"] * (len(others) + 1))
    cursor.execute(
        f"INSERT INTO contacts_contact ({columns}) SELECT {', '.join(STAGED)}, {places} FROM bare_staging "
        "WHERE line IN (SELECT MIN(line) FROM bare_staging GROUP BY phone) "
        f"ON CONFLICT (phone, group_id) DO UPDATE SET {TAKEN} WHERE {DIFFERS}",
        [*others.values(), group.pk],
    )
