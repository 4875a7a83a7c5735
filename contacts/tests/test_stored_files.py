"""Where uploads are kept: in the database, a chunk at a time, or in a store like S3; read as a local copy."""

import itertools
import subprocess
import sys
import tracemalloc
from types import SimpleNamespace

import pytest
from django.core.files.base import ContentFile
from django.test import TestCase
from django.urls import reverse

from contacts.importing import checking, import_lifecycle
from contacts.importing.files import database_storage, stored_files
from contacts.importing.files.database_storage import DatabaseStorage
from contacts.importing.files.refusals import FileRefused
from contacts.models import Import, ImportState, StoredChunk, StoredFile
from contacts.tests.conftest import make_import, stored_names
from tests.markup import markup
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(monkeypatch) -> DatabaseStorage:
    monkeypatch.setattr(database_storage, "CHUNK", 1000)
    return DatabaseStorage()


@pytest.mark.parametrize("size", [1, 999, 1000, 1001, 3000, 4321])
def test_a_file_comes_back_as_it_went_in(store, size):
    content = bytes(number % 251 for number in range(size))
    store.save("a", ContentFile(content))

    with store.open("a") as file:
        assert file.read() == content
    assert StoredChunk.objects.count() == -(-size // 1000)
    assert store.size("a") == size


def test_pieces_of_any_length_are_read(store):
    content = bytes(range(256)) * 10
    store.save("a", ContentFile(content))

    with store.open("a") as file:
        assert b"".join(iter(lambda: file.read(7), b"")) == content


def test_a_file_that_did_not_come_whole_is_none(store):
    StoredFile.objects.create(name="a").chunks.create(number=0, data=b"half")

    with pytest.raises(FileNotFoundError):
        store.open("a")


def test_what_is_deleted_leaves_no_chunk(store):
    store.save("a", ContentFile(b"x" * 5000))
    store.save("b", ContentFile(b"y" * 5000))

    store.delete("a")
    store.delete("a")  # twice, as by two workers

    assert stored_names() == ["b"]
    assert StoredChunk.objects.count() == 5
    assert store.listdir("") == ([], ["b"])


def test_a_long_file_is_never_whole_in_memory(tmp_path):
    long = tmp_path / "long"
    with long.open("wb") as file:
        file.truncate(24 * 1024 * 1024)
    tracemalloc.start()
    try:
        stored_files.keep(long, "a")
        with stored_files.local_copy("a") as path:
            assert path.stat().st_size == long.stat().st_size
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert most < 12 * 1024 * 1024


def test_a_copy_goes_with_its_reader_however_that_ends(uploads):
    DatabaseStorage().save("a", ContentFile(b"Anna"))

    def fail(path):
        assert path.read_bytes() == b"Anna"
        assert path.stat().st_mode & 0o077 == 0
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), stored_files.local_copy("a") as path:
        fail(path)

    assert list(uploads.iterdir()) == []


def test_while_a_slow_store_is_read_whoever_waits_hears_of_it(monkeypatch):
    DatabaseStorage().save("a", ContentFile(bytes(5 * 128 * 1024)))
    times, heard = itertools.count(step=stored_files.BEAT / 2), []
    monkeypatch.setattr(stored_files, "time", SimpleNamespace(monotonic=lambda: next(times)))

    with stored_files.local_copy("a", on_wait=lambda: heard.append("still here")):
        assert len(heard) == 3  # when it was opened, and twice while it was read


def test_a_copy_that_is_read_stays_and_one_whose_reader_was_killed_goes(uploads):
    DatabaseStorage().save("a", ContentFile(b"Anna"))
    dies = f"import fcntl, os; fcntl.flock(os.open({str(uploads / 'b.copy')!r}, os.O_CREAT), fcntl.LOCK_SH)"

    with stored_files.local_copy("a") as path:
        subprocess.run([sys.executable, "-c", dies], check=True)
        stored_files.drop_left_copies()
        assert list(uploads.iterdir()) == [path]


def test_a_file_that_is_gone_is_refused_in_words():
    with pytest.raises(FileRefused, match="no longer here"), stored_files.local_copy("gone"):
        pass


def flip() -> None:
    """One bit of what is kept."""
    chunk = StoredChunk.objects.get()
    data = bytearray(chunk.data)
    data[-5] ^= 1
    StoredChunk.objects.update(data=bytes(data))


@pytest.mark.parametrize(
    ("digest", "state"), [(None, ImportState.REFUSED), ("", ImportState.CHECKED)], ids=["known", "not known"]
)
def test_a_file_that_comes_back_otherwise_is_not_read_where_that_is_known(
    group, mikko, digest, state, caplog
):
    job = make_import(group, mikko, "0401111111;Anna\n")
    if digest is not None:  # as a former version kept it
        Import.objects.update(digest=digest)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    flip()

    checking.check(job.pk)

    job.refresh_from_db()
    assert job.state == state
    if state == ImportState.REFUSED:
        assert "no longer here as it was when you chose it" in job.refusal_words
        assert not job.rows.exists()
        assert "is not what was kept" in caplog.text


def test_nor_is_it_looked_at_another_way(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n")
    flip()

    with pytest.raises(FileRefused, match="as it was when you chose it"):
        import_lifecycle.reread(job, delimiter=",")


def test_files_of_a_former_version_are_taken_in_once(uploads):
    uploads.mkdir()
    (uploads / "a.upload").write_bytes(b"Anna")
    DatabaseStorage().save("b.upload", ContentFile(b"Ben"))
    (uploads / "b.upload").write_bytes(b"B")  # its own taking in was killed before the file was removed

    assert stored_files.take_in() == 2

    assert list(uploads.iterdir()) == []
    for name, content in (("a.upload", b"Anna"), ("b.upload", b"Ben")):
        with stored_files.local_copy(name) as path:
            assert path.read_bytes() == content


def test_a_taking_in_that_broke_off_is_begun_anew(uploads):
    uploads.mkdir()
    (uploads / "a.upload").write_bytes(b"Anna")
    StoredFile.objects.create(name="a.upload").chunks.create(number=0, data=b"An")

    stored_files.take_in()

    with DatabaseStorage().open("a.upload") as file:
        assert file.read() == b"Anna"


@pytest.mark.parametrize(
    ("error", "code"), [(stored_files.StoreAway("no"), "store_away"), (OSError("full"), "no_room")]
)
def test_a_store_that_does_not_take_a_file_is_told_in_words(tmp_path, monkeypatch, error, code):
    def fail(*args):
        raise error

    monkeypatch.setattr(DatabaseStorage, "_save", fail)
    (tmp_path / "a").write_bytes(b"Anna")

    with pytest.raises(FileRefused) as refusal:
        stored_files.keep(tmp_path / "a", "a")

    assert refusal.value.code == code


def test_a_page_says_that_a_store_is_away_and_what_was_pressed_is_done(group, mikko, monkeypatch):
    job = make_import(group, mikko, "0401111111;Anna\n")
    browser, address = client_of(mikko), reverse("contacts:import_page", args=[job.pk])

    def away(*args):
        raise stored_files.StoreAway("refuses us")

    with monkeypatch.context() as patched:
        patched.setattr(DatabaseStorage, "_open", away)
        patched.setattr(DatabaseStorage, "delete", away)
        read = browser.post(
            reverse("contacts:import_reading", args=[job.pk]),
            {"encoding": "utf-8", "delimiter": ";", "header_row": "1"},
            follow=True,
        )
        assert "It is still there" in markup(read)
        assert browser.get(f"{address}?step=columns").status_code == 200
        with TestCase.captureOnCommitCallbacks(execute=True):
            import_lifecycle.cancel(job, by=mikko)

    job.refresh_from_db()
    assert (job.state, stored_names()) == (ImportState.CANCELLED, [job.stored_name])


def test_a_check_waits_for_a_store_that_is_away(group, mikko, monkeypatch, caplog):
    job = make_import(group, mikko, "0401111111;Anna\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    def away(*args):
        raise stored_files.StoreAway("refuses us")

    with monkeypatch.context() as patched:
        patched.setattr(DatabaseStorage, "_open", away)
        checking.check(job.pk)
    job.refresh_from_db()
    assert (job.state, job.leased_until) == (ImportState.CHECKING, None)
    assert "cannot be read now: refuses us" in caplog.text

    checking.check(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.CHECKED
