"""An import of a million rows whose worker is killed at half of checking and at half of saving.

Its push then takes as long as the limit of calls lets it: tests/faults/test_long_push.py.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection as database
from django.test import override_settings

from contacts.importing import import_lifecycle
from contacts.models import Contact, Import, ImportState
from gateway.models import Backlog, Connection, Service
from tests.bench import baseline_import
from tests.bench.csv_file import make_file
from tests.bench.import_bench import emptied, memory_of, three_groups
from tests.bench.result import Result
from tests.database import database_url

ROWS, QUICK_ROWS = 1_000_000, 30_000
MAX_SECONDS = {"sqlite": 15 * 60, "postgresql": 5 * 60}
MAX_MEMORY = 300  # MB
BETWEEN_LOOKS = 0.02  # seconds, at how far a worker is

WORK = """
from contacts.importing import checking, saving
checking.check({job})
saving.save({job})
"""


def run(*, quick: bool) -> Iterator[Result]:
    rows = QUICK_ROWS if quick else ROWS
    with TemporaryDirectory() as name, three_groups() as (ours, theirs, _):
        folder = Path(name)
        file = make_file(folder / "people.csv", rows)
        baseline_import.take(file, theirs)
        found = emptied()
        with override_settings(UPLOADS_DIR=folder / "uploads"):
            job = upload(file, ours)
            worker = Worker(job, folder)
            began = time.perf_counter()
            worker.be_killed_at(ImportState.CHECKING, rows // 2)
            worker.work_until(ImportState.CHECKED)
            import_lifecycle.confirm(job, by=job.created_by)
            worker.be_killed_at(ImportState.SAVING, rows // 2)
            worker.work_until(ImportState.SYNCING)
            taken = time.perf_counter() - began
        expect(job, found)
        yield at_most(f"{rows:,} rows, two kills", taken, "s", MAX_SECONDS[database.vendor])
        yield at_most("memory of the worker", worker.memory, "MB", MAX_MEMORY)
        emptied()


class Worker:
    """One process after another, each going on where the last one was killed."""

    def __init__(self, job: Import, folder: Path) -> None:
        self.memory = 0.0  # MB, the most that was seen
        self._job = job
        self._environment = os.environ | {"DATABASE_URL": database_url(), "DATA_DIR": str(folder)}

    def be_killed_at(self, state: ImportState, row: int) -> None:
        with self._process() as process:
            while process.poll() is None and self._is_before(state, row):
                self._look(process)
            process.kill()
        self._job.refresh_from_db()
        assert self._job.state == state, "it was over before the kill"
        Import.objects.update(leased_until=None)  # as after the minute that a lease lasts

    def work_until(self, state: ImportState) -> None:
        with self._process() as process:
            while process.poll() is None:
                self._look(process)
        self._job.refresh_from_db()
        assert self._job.state == state

    def _process(self) -> "subprocess.Popen[bytes]":
        code = WORK.format(job=self._job.pk)
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code]
        return subprocess.Popen(command, env=self._environment)

    def _is_before(self, state: ImportState, row: int) -> bool:
        return Import.objects.filter(pk=self._job.pk, state=state, cursor__lt=row).exists()

    def _look(self, process: "subprocess.Popen[bytes]") -> None:
        self.memory = max(self.memory, memory_of(process.pid))
        time.sleep(BETWEEN_LOOKS)


def upload(file: Path, group: Service) -> Import:
    by = Connection.objects.get().user
    job = import_lifecycle.upload(import_lifecycle.Upload(file.name, [file.read_bytes()]), group=group, by=by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    return job


def expect(job: Import, found: int) -> None:
    """As many people as the bare pipeline finds, each with one call to make."""
    assert (Contact.objects.count(), job.saved, Backlog.objects.get().left) == (found, found, found)


def at_most(case: str, value: float, unit: str, most: float) -> Result:
    goal = f"at most {most:,} {unit}"
    return Result(bench="push", case=case, value=value, unit=unit, goal=goal, ok=value <= most)
