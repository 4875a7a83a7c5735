"""Queries that Django writes once in a process: writing one takes longer than answering it."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet, Value

Row = TypeVar("Row", bound=Model)


class _Given(Value):
    """Stands in a statement where a value comes in. Its own value says which."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


def kept(write: Callable[..., QuerySet[Row]]) -> Callable[..., list[Row]]:
    """Rows of one table, asked for with texts, numbers, times, rows, and tuples of texts or of keys.

    These stand in the query as they are: `write` may look at none of them, and joins no other row to its own.
    """

    @cache
    def statement(*lengths: int | None) -> tuple[type[Row], str, tuple[Any, ...]]:
        """Of a tuple, its length; of another value, None."""
        rows = write(*map(_stand_in, range(len(lengths)), lengths))
        assert not rows.query.select_related, f"{write.__qualname__} joins rows"
        return rows.model, *rows.query.sql_with_params()

    @wraps(write)
    def ask(*values: Any) -> list[Row]:
        if () in values:
            return []  # nothing is one of none
        lengths = (len(each) if isinstance(each, tuple) else None for each in values)
        model, sql, params = statement(*lengths)
        filled = [_value(each.value, values) if isinstance(each, _Given) else each for each in params]
        return list(model._base_manager.raw(sql, filled))

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
