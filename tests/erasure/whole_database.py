"""Where some words are found in all that is held: in every column of every table, and in every file."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

SEALED = "gAAAA"  # begins what is encrypted: what letters it has are chance


def where(words: re.Pattern[str]) -> list[str]:
    """ "contacts_import.original_name: “…”", for a person to read."""
    return [*_in_tables(words), *_in_files(words)]


def _in_tables(words: re.Pattern[str]) -> Iterator[str]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            columns = [each[0] for each in cursor.description]
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    if found := words.search(_as_text(column, value)):
                        yield f"{table}.{column}: “{found[0]}”"


def _as_text(column: str, value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    if column == "session_data":
        return str(SessionStore().decode(value))
    return "" if str(value).startswith(SEALED) else str(value)


def _in_files(words: re.Pattern[str]) -> Iterator[str]:
    for path in Path(settings.UPLOADS_DIR).rglob("*"):
        if path.is_file() and (found := words.search(path.read_bytes().decode("utf-8", "replace"))):
            yield f"{path}: “{found[0]}”"
