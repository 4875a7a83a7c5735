"""Writing to SQLite: one writer at a time, and few statements."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

_one_writer = threading.RLock()


@contextmanager
def write_transaction() -> Iterator[None]:
    """A transaction. SQLite allows one writer, and waiting here is quicker than its busy handler."""
    with _one_writer, transaction.atomic():
        yield


def bulk_update_grouped(rows: Iterable[models.Model], *, fields: Sequence[str]) -> None:
    """Save these fields of the rows, with one UPDATE for all rows that end up alike."""
    alike: defaultdict[tuple[Any, ...], list[Any]] = defaultdict(list)
    model = models.Model
    for row in rows:
        model = type(row)
        alike[tuple(getattr(row, name) for name in fields)].append(row.pk)
    for values, keys in alike.items():
        model._default_manager.filter(pk__in=keys).update(**dict(zip(fields, values, strict=True)))
