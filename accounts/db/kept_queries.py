"""Queries that Django writes once in a process: writing one takes longer than answering it."""

from collections.abc import Callable
from copy import copy
from datetime import datetime
from functools import cache, wraps
from typing import Any, ClassVar, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row", bound=Model)


class _Given(Value):
    """Stands in a statement where a value comes in. Its own value says which."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _Written:
    """A query as Django wrote it, for what a QuerySet reads its rows by."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, rows: QuerySet) -> None:
        beside: tuple[Any, ...] = rows._prefetch_related_lookups  # type: ignore[attr-defined]
        assert not beside, "What is looked up beside the rows is not kept."
        self.compiler: SQLCompiler = rows.query.get_compiler(self.db)
        self.sql, self.params = self.compiler.as_sql()
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)

    def filled(self, params: list[Any]) -> "_Written":
        asked, compiler = copy(self), copy(self.compiler)
        compiler.connection = connections[self.db]  # of this thread
        compiler.as_sql = lambda: (self.sql, params)  # type: ignore[method-assign,misc,assignment]
        compiler.get_converters = lambda columns: self.converters  # type: ignore[method-assign,assignment]
        asked.compiler = compiler
        return asked

    @property
    def query(self) -> "_Written":
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler


def kept(write: Callable[..., QuerySet[Row]]) -> Callable[..., list[Row]]:
    """Rows that are asked for with texts, numbers, times, rows, and tuples of texts or of keys.

    These stand in the query as they are: `write` may look at none of them.
    """

    @cache
    def written(*lengths: int | None) -> _Written:
        """Of a tuple, its length; of another value, None."""
        return _Written(write(*map(_stand_in, range(len(lengths)), lengths)))

    @wraps(write)
    def ask(*values: Any) -> list[Row]:
        if () in values:
            return []  # nothing is one of none
        query = written(*(len(each) if isinstance(each, tuple) else None for each in values))
        params = [_value(each.value, values) if isinstance(each, _Given) else each for each in query.params]
        return list(ModelIterable(query.filled(params)))  # type: ignore[arg-type]

    return ask


def _stand_in(number: int, length: int | None) -> _Given | tuple[_Given, ...]:
    if length is None:
        return _Given((number, None))
    return tuple(_Given((number, place)) for place in range(length))


def _value(which: tuple[int, int | None], values: tuple[Any, ...]) -> Any:
    number, place = which
    value = values[number] if place is None else values[number][place]
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.pk if isinstance(value, Model) else value
