"""Claiming the next operation has to cost the same however many wait, and however many have gone before."""

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import psycopg
from django.db import connection as database
from django.test import override_settings

from accounts.models import Role
from gateway.models import Call, Connection, Lane, Operation, OperationState
from gateway.outbox.claiming import Claim, claim_next, lane_watermarks
from gateway.workers import leases
from tests.bench.result import Result
from tests.factories import make_connection, make_operation
from tests.people import make_person

FEW = 1_000
CLAIMS = 300
MAX_RATIO = 2.0  # times the cost with few waiting
UNHURRIED = override_settings(SMARTDIALOG_CALLS_PER_MINUTE=10**9)  # the limiter is not what is measured

NUMBERS = {
    "postgresql": "SELECT n FROM generate_series(2, %s) AS n",
    "sqlite": "WITH RECURSIVE every(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM every WHERE n < %s) "
    "SELECT n FROM every",
}


def run(*, quick: bool) -> Iterator[Result]:
    many, gone = (100_000, 10_000) if quick else (1_000_000, 60_000)
    with UNHURRIED:
        few = _cost(FEW)
        yield Result(bench="outbox", case=f"claim, {FEW:,} waiting", value=few, unit="ms")
        yield _against(few, f"claim, {many:,} waiting", _cost(many))
        if database.vendor == "postgresql":
            case = f"claim, {gone:,} gone under an old snapshot"
            yield _against(few, case, _cost(many, gone=gone))


def _against(few: float, case: str, value: float) -> Result:
    ratio = value / few
    return Result(
        bench="outbox",
        case=case,
        value=value,
        unit="ms",
        floor=few,
        ratio=ratio,
        goal=f"under {MAX_RATIO:g}x of {FEW:,} waiting",
        ok=ratio < MAX_RATIO,
    )


def _cost(waiting: int, *, gone: int = 0) -> float:
    """Median time in the database of one claim, in ms, as a worker's turn makes them."""
    connection = make_connection(make_person(f"Bench{waiting}-{gone}", Role.MARKETER))
    try:
        _fill(connection, waiting + gone)
        with _old_snapshot() if gone else nullcontext():
            _settle(connection, gone)
            return _claims(connection)
    finally:
        Call.objects.all().delete()
        Operation.objects.all().delete()
        connection.user.delete()


def _claims(connection: Connection) -> float:
    lease = leases.take_connection(connection.pk)
    assert lease
    first, costs = lane_watermarks(connection), []
    while len(costs) < CLAIMS:
        with _timed() as spent:
            claim = claim_next(connection, lease, first)
        if isinstance(claim, Claim):
            costs.append(sum(spent) * 1000)
            Operation.objects.filter(pk=claim.operation.pk).update(state=OperationState.DONE)
    return statistics.median(costs)


@contextmanager
def _timed() -> Iterator[list[float]]:
    """Seconds of each statement that is run inside."""
    spent: list[float] = []

    def measure(execute, *arguments):  # type: ignore[no-untyped-def]
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            spent.append(time.perf_counter() - started)

    with database.execute_wrapper(measure):
        yield spent


def _fill(connection: Connection, number: int) -> None:
    """That many alike, each of a subject of its own as contacts have."""
    one = make_operation(connection, lane=Lane.BULK, subject="contact:1")
    columns = [
        field.column for field in Operation._meta.concrete_fields if field.column not in ("id", "subject")
    ]
    names = ", ".join(columns)
    with database.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Operation._meta.db_table} (subject, {names}) "
            f"SELECT 'contact:' || n, {names} FROM {Operation._meta.db_table}, "
            f"({NUMBERS[database.vendor]}) AS numbers WHERE id = %s",
            [number, one.pk],
        )
        cursor.execute("ANALYZE")


def _settle(connection: Connection, number: int) -> None:
    """The oldest, in batches, as so many claims would have left them."""
    ids = Operation.objects.filter(connection=connection).order_by("pk").values_list("pk", flat=True)[:number]
    keys = list(ids)
    for start in range(0, len(keys), 1000):
        Operation.objects.filter(pk__in=keys[start : start + 1000]).update(state=OperationState.DONE)


@contextmanager
def _old_snapshot() -> Iterator[None]:
    """Another session that reads what was: PostgreSQL may not clear away what it could still see."""
    parameters = database.get_connection_params()
    wanted = {
        key: parameters[key] for key in ("dbname", "host", "port", "user", "password") if parameters.get(key)
    }
    with psycopg.connect(**wanted) as session:
        session.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        session.execute(f"SELECT count(*) FROM {Connection._meta.db_table}")
        yield
