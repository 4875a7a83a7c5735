"""Kill -9 of the worker at any moment of checking, saving and taking back; the rows are the judge."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connections
from django.test import override_settings

from accounts.models import Customer, User
from contacts.importing import checking, import_lifecycle, saving, undoing
from contacts.models import Contact, Import, ImportRow, ImportState
from gateway import outbox
from gateway.models import Service, ServiceKind
from tests.bench.csv_file import make_file
from tests.database import database_url
from tests.factories import make_contact, make_service

pytestmark = [
    pytest.mark.faults,
    pytest.mark.serial,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]

ROWS = 20_000
KILLS = 10
MAX_LIFE = 0.6  # seconds that a worker is let at work
OLD = 200  # people who are there before, under other names

Progress = tuple[int, int]


@pytest.fixture(autouse=True)
def folder(tmp_path):
    with override_settings(UPLOADS_DIR=tmp_path / "uploads"):
        yield tmp_path


def test_kills_in_every_stage_leave_the_rows_of_an_undisturbed_run(kahvila, mikko, connected, folder):
    file = make_file(folder / "people.csv", ROWS)
    calm, shaken = make_group(kahvila, "Calm"), make_group(kahvila, "Shaken")
    before = people_of(shaken)
    job = upload(file, shaken, mikko)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    undisturbed = imported(file, calm, mikko)

    kill_until(job, folder, ImportState.CHECKED, lambda job: (job.cursor, job.rows_read))
    assert rows_of(job) == rows_of(undisturbed)
    import_lifecycle.confirm(job, by=mikko)
    kill_until(job, folder, ImportState.SYNCING, lambda job: (job.cursor, job.saved))

    assert people_of(shaken) == people_of(calm)
    assert (job.counts, job.saved) == (undisturbed.counts, undisturbed.saved)
    assert outbox.progress_of(job.batch).waiting == job.saved
    undoing.begin(job, by=mikko)
    kill_until(job, folder, ImportState.UNDONE, lambda job: (-job.cursor, sum(job.undone.values())))
    assert people_of(shaken) == before
    assert outbox.progress_of(job.undo_batch).total == 0


def kill_until(job: Import, folder: Path, state: str, far: Callable[[Import], Progress]) -> None:
    """Kill its workers at random moments of their work; the last one may finish. It never goes back."""
    rng, progress, caught = random.Random(7), None, 0
    for _ in range(KILLS):
        with worker(job, folder) as process:
            wait_until_at_work(job, process)
            time.sleep(rng.uniform(0, MAX_LIFE))
            caught += process.poll() is None
            process.kill()
        job.refresh_from_db()
        assert progress is None or far(job) >= progress or job.state == state, "progress went back"
        progress = far(job)
        Import.objects.filter(pk=job.pk).update(leased_until=None)  # as after the minute that a lease lasts
        if job.state == state:
            break
    with worker(job, folder) as process:
        assert process.wait() == 0
    job.refresh_from_db()
    assert caught, "no kill caught a worker: they prove nothing"
    assert job.state == state


def wait_until_at_work(job: Import, process: subprocess.Popen[bytes]) -> None:
    """Until the worker has the lease, or has ended already."""
    job.refresh_from_db(fields=["fence"])
    held = Import.objects.filter(pk=job.pk, fence__gt=job.fence)
    while process.poll() is None and not held.exists():
        time.sleep(0.02)


def worker(job: Import, folder: Path) -> subprocess.Popen[bytes]:
    connections.close_all()
    told = {"DATABASE_URL": database_url(), "DATA_DIR": str(folder), "CELERY_BROKER_URL": "memory://"}
    command = [sys.executable, "-m", "tests.faults.import_worker", str(job.pk)]
    return subprocess.Popen(command, env=os.environ | told)


def upload(file: Path, group: Service, by: User) -> Import:
    return import_lifecycle.upload(
        import_lifecycle.Upload(file.name, [file.read_bytes()]), group=group, by=by
    )


def imported(file: Path, group: Service, by: User) -> Import:
    job = upload(file, group, by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=["FI"])
    checking.check(job.pk)
    import_lifecycle.confirm(job, by=by)
    saving.save(job.pk)
    job.refresh_from_db()
    return job


def make_group(customer: Customer, name: str) -> Service:
    group = make_service(customer, kind=ServiceKind.GROUP, name=name)
    for number in range(OLD):
        make_contact(group, phone=f"+35840{number * 90:06d}0", first_name="Old", email=f"{number}@example.fi")
    return group


def people_of(group: Service) -> list[tuple]:
    fields = ("phone", "first_name", "last_name", "email", "birth_year", "city", "properties", "search_text")
    return list(Contact.objects.filter(group=group).order_by("phone").values_list(*fields))


def rows_of(job: Import) -> list[tuple]:
    return list(ImportRow.objects.filter(job=job).values_list("line", "kind", "phone", "email"))
