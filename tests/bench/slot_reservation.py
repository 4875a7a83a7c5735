"""What reserving a slot costs in a call ledger full of old calls."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as database

from accounts.models import Role
from gateway.models import Call, Connection, Lane
from gateway.rate_limit import ledger
from tests.bench.outbox_bench import NUMBERS
from tests.bench.result import Result
from tests.factories import make_connection
from tests.faults.rate_limit import LIMIT
from tests.people import make_person

PEOPLE = 10
RESERVATIONS = 500
MAX_MS, MAX_RATIO = 10.0, 1.5  # ms; times as slow as with an empty ledger

OLD_MOMENT = {
    "postgresql": "now() - interval '2 minutes' - n * interval '0.2 seconds'",
    "sqlite": "strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '-2 minutes', '-' || (n * 0.2) || ' seconds')",
}
EMPTY = {"postgresql": "TRUNCATE", "sqlite": "DELETE FROM"}


def reservation(*, quick: bool) -> Result:
    """With one slot left of a window, as under load: the ledger empty, and full of old calls."""
    old = _old_calls(quick)
    connections = [make_connection(make_person(f"Bench{number}", Role.MARKETER)) for number in range(PEOPLE)]
    try:
        floor = p99(_reservations(connections[0]))
        _fill(connections, old)
        value = p99(_reservations(connections[0]))
    finally:
        with database.cursor() as cursor:
            cursor.execute(f"{EMPTY[database.vendor]} {Call._meta.db_table}")
        for connection in connections:
            connection.user.delete()
    return Result(
        bench="limiter",
        case=f"reserve a slot, {old:,} old calls: p99",
        value=value,
        unit="ms",
        floor=floor,
        ratio=value / floor,
        goal=f"{MAX_MS:g} ms, or {MAX_RATIO:g}x of none",
        ok=value <= MAX_MS or value <= MAX_RATIO * floor,
    )


def p99(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[int(len(ordered) * 0.99)]


def _old_calls(quick: bool) -> int:
    if quick:
        return 100_000
    return 10_000_000 if database.vendor == "postgresql" else 1_000_000


def _reservations(connection: Connection) -> Iterator[float]:
    Call.objects.filter(connection=connection, name="x").delete()
    for _ in range(LIMIT - 1):
        ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
    for _ in range(RESERVATIONS):
        began = time.perf_counter()
        slot = ledger.reserve(connection, name="x", lane=Lane.INTERACTIVE)
        yield (time.perf_counter() - began) * 1000
        assert isinstance(slot, Call)
        ledger.release(slot)


def _fill(connections: list[Connection], old: int) -> None:
    """Alike for each connection, over the days before."""
    moment = OLD_MOMENT[database.vendor]
    with database.cursor() as cursor, _bare_table(cursor):
        cursor.execute(
            f"INSERT INTO {Call._meta.db_table} "
            "(connection_id, name, lane, reserved_at, held_until, answered_at, status, milliseconds, error) "
            f"SELECT %s + n %% %s, 'contact.update', 2, {moment}, {moment}, {moment}, 200, 80, '' "
            f"FROM ({NUMBERS[database.vendor]}) AS numbers",
            [connections[0].pk, len(connections), old],
        )
    with database.cursor() as cursor:
        cursor.execute("ANALYZE")


@contextmanager
def _bare_table(cursor: Any) -> Iterator[None]:
    """Without indexes and foreign keys, which are made again at the end: filled in a tenth of the time."""
    table, anew = Call._meta.db_table, []
    if database.vendor == "postgresql":
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            anew.append(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname !~ '_pkey$'",
            [table],
        )
        for name, definition in cursor.fetchall():
            cursor.execute(f"DROP INDEX {name}")
            anew.append(definition)
    yield
    for statement in anew:
        cursor.execute(statement)
