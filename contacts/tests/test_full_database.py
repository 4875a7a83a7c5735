"""No room in the database while an import works: nothing is lost, and it goes on when there is some."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection

from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.files.refusals import FileRefused
from contacts.importing.import_lifecycle import Upload
from contacts.models import Contact, Import, ImportState, StoredFile
from contacts.tests.conftest import HEADER, make_import, stored_names

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 3000
TEXT = "".join(
    f"040{1_000_000 + number};Anna{number};Aalto;a{number}@example.fi;1980;\n" for number in range(ROWS)
)


@contextmanager
def no_room() -> Iterator[None]:
    """SQLite may not grow; PostgreSQL is made to say what it says of a full disk."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            pages = cursor.execute("PRAGMA page_count").fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
            try:
                yield
            finally:
                cursor.execute("PRAGMA max_page_count = 1073741823")
        return

    def full(execute, sql, params, many, context):
        if sql.lstrip().startswith("INSERT INTO"):
            raise OperationalError("could not extend file: No space left on device")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        yield


@pytest.fixture
def small_chunks(monkeypatch):
    for module in (checking, saving):
        monkeypatch.setattr(module, "CHUNK", 1000)


def resumed(job: Import) -> Import:
    """As the sweep does once the lease has run out."""
    Import.objects.filter(pk=job.pk).update(leased_until=None)
    import_lifecycle.sweep()
    (checking.check if job.state == ImportState.CHECKING else saving.save)(job.pk)
    job.refresh_from_db()
    return job


def test_a_check_without_room_goes_on_when_there_is_some(group, mikko, small_chunks):
    job = make_import(group, mikko, TEXT)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    with no_room(), pytest.raises(OperationalError):
        checking.check(job.pk)

    job.refresh_from_db()
    assert (job.state, job.rows.count()) == (ImportState.CHECKING, job.rows_read)
    assert resumed(job).counts == {"new": ROWS}


def test_a_save_without_room_goes_on_when_there_is_some(group, mikko, connected, small_chunks):
    job = make_import(group, mikko, TEXT)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)
    import_lifecycle.confirm(job, by=mikko)

    with no_room(), pytest.raises(OperationalError):
        saving.save(job.pk)

    job.refresh_from_db()
    assert (job.state, Contact.objects.count()) == (ImportState.SAVING, job.saved)
    assert job.saved < ROWS
    assert resumed(job).saved == Contact.objects.count() == ROWS


@pytest.mark.parametrize(("where", "name"), [(Import, "save"), (StoredFile.objects, "create")])
def test_a_file_that_cannot_be_written_down_is_refused_and_not_kept(
    group, mikko, uploads, monkeypatch, where, name
):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(where, name, full)

    with pytest.raises(FileRefused) as refusal:
        import_lifecycle.upload(Upload("a.csv", [(HEADER + TEXT).encode()]), group=group, by=mikko)

    assert refusal.value.code == "no_room"
    assert [*uploads.iterdir(), *stored_names()] == []


def test_a_database_that_went_away_is_not_said_to_be_full(group, mikko, uploads, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(Import, "save", away)

    with pytest.raises(OperationalError):
        import_lifecycle.upload(Upload("a.csv", [(HEADER + TEXT).encode()]), group=group, by=mikko)

    assert [*uploads.iterdir(), *stored_names()] == []
