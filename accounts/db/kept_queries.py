"""Queries that Django writes once in a process: writing one takes longer than answering it."""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial, update_wrapper
from itertools import chain
from typing import Any, ClassVar, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ModelIterable, NamedValuesListIterable
from django.db.models.sql.compiler import SQLCompiler
from django.db.models.utils import create_namedtuple_class

from accounts.db.array_param import Listed, listed

Row = TypeVar("Row")
Fetched = list[Any]


class _Given(Value):
    """Stands in a statement where a value comes in. Its own value says which."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]


class _GivenList(Listed):
    """The same of many values as one parameter."""

    def __init__(self, number: int, of_texts: bool) -> None:
        super().__init__([""] if of_texts else [0])
        self.given = _Given((number, None))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:
        return super().as_postgresql(compiler, connection, **context)[0], [self.given]

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, tuple[Any]]:
        return super().as_sqlite(compiler, connection, **context)[0], (self.given,)


class _Written:
    """A query as Django wrote it, for what a QuerySet reads its rows by."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: ClassVar[dict[Any, Any]] = {}

    def __init__(self, rows: QuerySet, most: int = 0) -> None:
        beside: tuple[Any, ...] = rows._prefetch_related_lookups  # type: ignore[attr-defined]
        assert not beside, "What is looked up beside the rows is not kept."
        self.compiler: SQLCompiler = rows.query.get_compiler(self.db)
        self.sql, self.params = self.compiler.as_sql()
        if most:
            self.sql = f"WITH found AS {_fence()} ({self.sql}) SELECT * FROM found LIMIT {most}"  # noqa: S608
        assert not self.compiler.has_extra_select, "What it is ordered by is no column of its rows."
        columns = [column for column, *_ in self.compiler.select[: self.compiler.col_count]]
        self.converters = self.compiler.get_converters(columns)
        is_named = issubclass(rows._iterable_class, NamedValuesListIterable)
        names = rows._fields if is_named else ()  # type: ignore[attr-defined]
        self.named = create_namedtuple_class(*names) if is_named else None

    def rows(self, fetched: Fetched) -> list[Any]:
        answered, compiler = copy(self), copy(self.compiler)
        compiler.connection = connection
        compiler.execute_sql = lambda *_, **__: [fetched]  # type: ignore[method-assign,assignment]
        compiler.get_converters = lambda columns: self.converters  # type: ignore[method-assign,assignment]
        answered.compiler = compiler
        if self.named:
            return list(map(self.named._make, compiler.results_iter([fetched])))
        return list(ModelIterable(answered))  # type: ignore[arg-type]

    @property
    def query(self) -> "_Written":
        return self

    def get_compiler(self, using: str) -> SQLCompiler:
        return self.compiler


class _ByHand:
    """A statement whose rows stay as they are."""

    def __init__(self, sql: str) -> None:
        self.sql = sql

    def rows(self, fetched: Fetched) -> Fetched:
        return fetched


@dataclass
class KeptQuery(Generic[Row]):
    """As it is to be asked, once; not `written`: it has no rows, and asks nothing."""

    written: _Written | _ByHand | None = None
    params: tuple[Any, ...] = ()
    found: list[Row] | None = None

    def rows(self) -> list[Row]:
        return read_together(self)[0] if self.found is None else self.found


class Kept(Generic[Row]):
    """Rows that are asked for with texts, numbers, times, rows, and tuples or lists of texts or of keys.

    These stand in the query as they are: `write` may look at none of them. A list is one parameter: for many
    values, or where their number is another each time.
    """

    def __init__(self, write: Callable[..., QuerySet], most: int = 0) -> None:
        update_wrapper(self, write)
        self._write, self._most = write, most
        self._written = cache(self._write_of_shapes)

    def __call__(self, *values: Any) -> list[Row]:
        return self.of(*values).rows()

    def of(self, *values: Any) -> KeptQuery[Row]:
        """To be read together with others."""
        if () in values or [] in values:
            return KeptQuery()  # nothing is one of none
        written = self._written(*map(_shape, values))
        given = (_value(each.value, values) if isinstance(each, _Given) else each for each in written.params)
        return KeptQuery(written, tuple(given))

    def _write_of_shapes(self, *shapes: "_Shape") -> _Written:
        return _Written(self._write(*map(_stand_in, range(len(shapes)), shapes)), self._most)


def kept(write: Callable[..., QuerySet[Any, Row]]) -> Kept[Row]:
    return Kept(write)


def kept_some(most: int) -> Callable[[Callable[..., QuerySet[Any, Row]]], Kept[Row]]:
    """Any of so many rows at most, found before they are counted: planned for the first of them, PostgreSQL
    may walk through all there are until it meets one.
    """
    return partial(Kept, most=most)


def by_hand(sql: str, *params: Any) -> KeptQuery[tuple[Any, ...]]:
    return KeptQuery(_ByHand(sql), params)


def read_together(*queries: KeptQuery[Any]) -> list[list[Any]]:
    """The rows of each, in their order; on PostgreSQL in one go, as each way there and back takes time."""
    fetched = iter(_fetched([(each.written.sql, each.params) for each in queries if each.written]))
    for each in queries:
        each.found = each.written.rows(next(fetched)) if each.written else []
    return [each.found or [] for each in queries]


def _fetched(statements: list[tuple[str, tuple[Any, ...]]]) -> Iterable[Fetched]:
    if not statements:
        return []
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite" or getattr(connection.features, "uses_server_side_binding", False):
            return [_rows_of(cursor, *each) for each in statements]
        texts, params = zip(*statements, strict=True)
        found = [_rows_of(cursor, "; ".join(texts), tuple(chain.from_iterable(params)))]
        while cursor.nextset():
            found.append(cursor.fetchall())
        return found


def _rows_of(cursor: Any, sql: str, params: tuple[Any, ...]) -> Fetched:
    cursor.execute(sql, params)
    rows: Fetched = cursor.fetchall()
    return rows


def _fence() -> str:
    return "MATERIALIZED" if connection.vendor == "postgresql" else ""


_Shape = int | str | None  # of a tuple, its length; of a list, of what it is; of another value, None


def _shape(value: Any) -> _Shape:
    if isinstance(value, list):
        return "texts" if isinstance(value[0], str) else "numbers"
    return len(value) if isinstance(value, tuple) else None


def _stand_in(number: int, shape: _Shape) -> Any:
    if shape is None:
        return _Given((number, None))
    if isinstance(shape, str):
        return _GivenList(number, shape == "texts")
    return tuple(_Given((number, place)) for place in range(shape))


def _value(which: tuple[int, int | None], values: tuple[Any, ...]) -> Any:
    number, place = which
    value = values[number] if place is None else values[number][place]
    if isinstance(value, list):
        return listed(value)
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.pk if isinstance(value, Model) else value
