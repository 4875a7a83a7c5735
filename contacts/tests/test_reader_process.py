"""A large file is read by a process of its own: to the same rows, and no longer than somebody takes them."""

import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from contacts.importing import checking, headless_import, import_lifecycle, reader_process
from contacts.importing.files.process_limits import ReaderDied
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused
from contacts.importing.headless_import import CommandFailed
from contacts.importing.reader_process import ReadJob, staged_chunks
from contacts.importing.value_decisions import UNDECIDED
from contacts.models import ImportRow, ImportState
from contacts.tests.conftest import make_import

ROWS = 500
MAPPING = ["phone", "first_name", "property:Level"]
LINES = ["Puhelin;Etunimi;Taso", *(f"040{1_000_000 + number};Änna{number};kulta" for number in range(ROWS))]
PATIENCE = 10.0  # seconds


@pytest.fixture
def file(tmp_path) -> ReadJob:
    """Larger than what is read here."""
    path = tmp_path / "people.csv"
    path.write_text("\r\n".join(LINES), encoding="utf-8")
    return ReadJob(
        path=path,
        size=reader_process.OWN_PROCESS_FROM_BYTES + 1,
        reading=Reading(encoding="utf-8", delimiter=";", header_row=1),
        mapping=MAPPING,
        regions=["FI"],
        decisions=UNDECIDED,
        blank_clears=False,
        mends={},
        after=1,
    )


@pytest.fixture
def everything_is_large(monkeypatch):
    monkeypatch.setattr(reader_process, "OWN_PROCESS_FROM_BYTES", 0)


def test_a_file_read_apart_has_the_rows_of_one_read_here(file):
    with staged_chunks(file, 200) as apart, staged_chunks(replace(file, size=0), 200) as here:
        assert readers()
        rows = list(apart)
        assert rows == list(here)
    assert [len(chunk) for chunk in rows] == [200, 200, 100]
    assert not readers()


def test_it_is_read_on_from_the_row_that_was_done(file):
    with staged_chunks(replace(file, after=ROWS - 1), 200) as chunks:
        assert [row[:3] for chunk in chunks for row in chunk] == [
            (ROWS, "+358401000498", "Änna498"),
            (ROWS + 1, "+358401000499", "Änna499"),
        ]


def test_what_is_wrong_with_it_is_said_here_after_the_rows_before_it(file):
    file.path.write_text("\r\n".join([*LINES, '0401;"open', "0402;x"]), encoding="utf-8")
    with staged_chunks(file, 200) as chunks:
        assert len(next(chunks)) == 200
        with pytest.raises(FileRefused, match="never closed") as refused:
            list(chunks)
    assert refused.value.code == "open_quote"


def test_who_leaves_early_leaves_no_reader_behind(file):
    with staged_chunks(file, 10) as chunks:
        next(chunks)
    assert not readers()


def test_a_reader_that_is_killed_is_no_end_of_the_file(file):
    with staged_chunks(file, 10) as chunks:
        next(chunks)
        kill_the_reader()
        with pytest.raises(ReaderDied):
            list(chunks)


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_reader_is_killed_goes_on_from_its_last_chunk(
    group, mikko, monkeypatch, everything_is_large
):
    monkeypatch.setattr(checking, "CHUNK", 10)
    job = make_import(group, mikko, "".join(f"040{1_000_000 + number};Anna\n" for number in range(ROWS)))
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    with pytest.raises(ReaderDied):
        checking.check(job.pk, on_progress=lambda job: kill_the_reader())
    found = ImportRow.objects.filter(job=job).count()
    checking.check(job.pk)

    job.refresh_from_db()
    assert 0 < found < ROWS
    assert (job.state, job.counts) == (ImportState.CHECKED, {"new": ROWS})


@pytest.mark.django_db(transaction=True)
def test_a_command_whose_reader_is_killed_says_so(group, mikko, monkeypatch, everything_is_large):
    monkeypatch.setattr(checking, "CHUNK", 10)
    job = make_import(group, mikko, "".join(f"040{1_000_000 + number};Anna\n" for number in range(ROWS)))
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    with pytest.raises(CommandFailed, match="was killed, perhaps for want of memory"):
        headless_import.check(job, lambda job: kill_the_reader())


def test_the_reader_of_a_killed_worker_ends_by_itself(file):
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(file.path)], cwd=Path(__file__).parents[2], stdout=subprocess.PIPE
    )
    with worker:
        assert worker.stdout
        reader = int(worker.stdout.readline())
        assert is_running(reader)
        worker.kill()
    until = time.monotonic() + PATIENCE
    while is_running(reader) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_running(reader)


WORKER = """
import pathlib, psutil, sys, time
from contacts.importing.value_decisions import UNDECIDED
from contacts.importing.files.reading import Reading
from contacts.importing.reader_process import OWN_PROCESS_FROM_BYTES, ReadJob, staged_chunks

file = ReadJob(
    path=pathlib.Path(sys.argv[1]), size=OWN_PROCESS_FROM_BYTES + 1,
    reading=Reading(encoding="utf-8", delimiter=";", header_row=1),
    mapping=["phone", "first_name", "property:Level"], regions=["FI"], decisions=UNDECIDED,
    blank_clears=False, mends={}, after=1,
)
with staged_chunks(file, 10) as chunks:
    next(chunks)
    print(psutil.Process().children()[0].pid, flush=True)
    time.sleep(60)
"""


def readers() -> list[psutil.Process]:
    """Other tests of this process may have children, too."""
    children = psutil.Process().children()
    return [each for each in children if "contacts.importing.reader_child" in each.cmdline()]


def kill_the_reader() -> None:
    for reader in readers():
        reader.kill()
        reader.wait()


def is_running(process: int) -> bool:
    """A child of nobody is taken in by init, which may let it lie for a while: a zombie runs no more."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
