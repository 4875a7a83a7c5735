"""From a raw file to contacts compared, saved and searchable, against the least that the same file can cost.

The product is measured as an admin runs it: manage.py import_contacts, a process of its own.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from django.db import connection

from accounts.models import Customer, Role
from contacts.models import Contact, Import
from gateway.models import Backlog, Operation, Service, ServiceKind
from tests.bench import baseline_import, import_export_baseline
from tests.bench.csv_file import make_file
from tests.bench.result import Result
from tests.database import database_url
from tests.factories import make_connection, make_service
from tests.people import make_person

ROWS, QUICK_ROWS = 1_000_000, 10_000
PEER_ROWS, QUICK_PEER_ROWS = 20_000, 1_000  # its pace is the same at 100,000
MAX_TIMES_BARE = 1.5  # times its seconds
MIN_TIMES_PEER = {"postgresql": 25, "sqlite": 20}  # times its rows a second; it is quicker on SQLite, too
MAX_TIMES_AGAIN = {"postgresql": 0.5, "sqlite": 0.8}  # of the seconds of the first time; SQLite saves quickly
MAX_MEMORY = 150  # MB
BETWEEN_LOOKS = 0.05  # seconds, at a worker's memory


def run(*, quick: bool) -> Iterator[Result]:
    rows, peer_rows = (QUICK_ROWS, QUICK_PEER_ROWS) if quick else (ROWS, PEER_ROWS)
    with TemporaryDirectory() as folder, three_groups() as (ours, theirs, peers):
        file = make_file(Path(folder) / "people.csv", rows)
        floor = rows / seconds_of(lambda: baseline_import.take(file, theirs))
        found = emptied()
        first = take(file, ours, Path(folder))
        expect(first, ours, found)
        rate = rows / first["seconds"]
        yield against_bare(f"{rows:,} rows, new", rate, floor)
        yield memory(first["memory"])
        again = take(file, ours, Path(folder))
        expect_nothing(again, first)
        yield again_quicker(f"{rows:,} rows, again", again["seconds"], first["seconds"])
        emptied()
        sample = make_file(Path(folder) / "sample.csv", peer_rows)
        for people, how, goal in (
            (import_export_baseline.People, "as it comes", MIN_TIMES_PEER[connection.vendor]),
            (import_export_baseline.PeopleInBulk, "in bulk", None),
        ):
            taken = peer_rows / seconds_of(
                lambda people=people: import_export_baseline.take(sample, people(peers))
            )
            yield against_peer(how, rate, taken, goal)
            emptied()


def take(file: Path, group: Service, folder: Path) -> dict[str, Any]:
    """What the command says, and the most memory that it was seen to have, in MB."""
    command = [sys.executable, "manage.py", "import_contacts", str(file), "--json"]
    where = ["--customer", group.customer.remote_id, "--group", group.remote_id]
    environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(folder)}
    with subprocess.Popen([*command, *where], env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout
        used = 0.0
        while process.poll() is None:
            used = max(used, memory_of(process.pid))
            time.sleep(BETWEEN_LOOKS)
        said = json.loads(process.stdout.read())
    return said | {"memory": used}


def memory_of(process: int) -> float:
    """MB of the process and of the one that reads for it; what they share counts once."""
    used = 0
    with suppress(psutil.NoSuchProcess):
        worker = psutil.Process(process)
        for each in (worker, *worker.children(recursive=True)):
            used += each.memory_full_info().pss
    return used / 1024**2


def emptied() -> int:
    """Each begins with an empty table and empty indexes; how many people were in it."""
    people = Contact.objects.count()
    with connection.cursor() as cursor:
        emptying = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
        cursor.execute(emptying.format(Contact._meta.db_table))
    return people


def expect(said: dict[str, Any], ours: Service, found: int) -> None:
    """A fast answer that is wrong is none: the floor found as many people."""
    saved = Contact.objects.filter(group=ours).count()
    assert saved == said["new"] == found, said
    assert Backlog.objects.get().left == saved


def expect_nothing(again: dict[str, Any], first: dict[str, Any]) -> None:
    """No row written, no call to make."""
    assert (again["unchanged"], again["new"], again["changed"]) == (first["new"], 0, 0), again
    assert sum(Backlog.objects.values_list("left", flat=True)) == first["new"]


def against_bare(case: str, value: float, floor: float) -> Result:
    return Result(
        bench="import",
        case=f"{case}: beside the bare pipeline",
        value=value,
        unit="rows/s",
        floor=floor,
        ratio=floor / value,
        goal=f"at most {MAX_TIMES_BARE:g}x its time",
        ok=floor / value <= MAX_TIMES_BARE,
    )


def memory(value: float) -> Result:
    return Result(
        bench="import",
        case="memory of the worker",
        value=value,
        unit="MB",
        goal=f"under {MAX_MEMORY} MB",
        ok=value < MAX_MEMORY,
    )


def again_quicker(case: str, value: float, floor: float) -> Result:
    most = MAX_TIMES_AGAIN[connection.vendor]
    return Result(
        bench="import",
        case=case,
        value=value,
        unit="s",
        floor=floor,
        ratio=value / floor,
        goal=f"at most {most:g}x the first time",
        ok=value / floor <= most,
    )


def against_peer(how: str, value: float, floor: float, least: float | None) -> Result:
    return Result(
        bench="import",
        case=f"django-import-export, {how}",
        value=value,
        unit="rows/s",
        floor=floor,
        ratio=value / floor,
        goal=f"at least {least}x as fast" if least else "for comparison",
        ok=least is None or value / floor >= least,
    )


@contextmanager
def three_groups() -> Iterator[tuple[Service, Service, Service]]:
    customer = Customer.objects.create(remote_id="customer-bench", name="Bench Oy")
    somebody = make_person("Benchmarker", Role.MARKETER, customer)
    make_connection(somebody)
    names = ("Ours", "Bare", "Peer")
    try:
        yield tuple(make_service(customer, kind=ServiceKind.GROUP, name=name) for name in names)  # type: ignore[misc]
    finally:
        Contact.objects.all().delete()
        Import.objects.all().delete()
        Operation.objects.all().delete()
        Backlog.objects.all().delete()
        customer.delete()
        somebody.delete()


def seconds_of(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
