"""Many values as one parameter of a statement: a thousand apart cost more to write down than to look up."""

import json
from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Func, TextField
from django.db.models.sql.compiler import SQLCompiler


class Listed(Func):
    """Whole numbers or texts, for `filter(pk__in=Listed(keys))`."""

    def __init__(self, values: Collection[Any]) -> None:
        self.values = list(values)
        super().__init__(output_field=TextField())

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        self._expect_any()
        kind = "text" if isinstance(self.values[0], str) else "bigint"
        return f"(SELECT unnest(%s::{kind}[]))", [listed(self.values)]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **_: Any) -> tuple[str, tuple[str]]:
        self._expect_any()
        return "(SELECT value FROM json_each(%s))", (listed(self.values),)

    def _expect_any(self) -> None:
        """As an empty list, it makes the database answer nothing without asking it."""
        if not self.values:
            raise EmptyResultSet


def listed(values: list[Any]) -> str:
    """As that parameter."""
    if connection.vendor == "sqlite":
        return json.dumps(values)
    return array_literal(values) if isinstance(values[0], str) else f"{{{','.join(map(str, values))}}}"


def array_literal(values: Iterable[Any]) -> str:
    """As PostgreSQL writes an array of texts, numbers or times; psycopg takes ten times as long."""
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value) if isinstance(value, int) else _quoted(value)


@lru_cache(maxsize=1000)
def _quoted(value: Any) -> str:
    """A time: of many rows, the same comes again and again."""
    return f'"{value}"'
