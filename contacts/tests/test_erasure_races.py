"""Somebody is erased while a worker writes them down, or deletes them. SQLite has one writer."""

import threading

import pytest
from django.db import connection, transaction

from contacts.editing import crud
from contacts.errors import EditConflict
from contacts.importing import checking, import_lifecycle, saving, sniffing
from contacts.importing.files.stored_files import Upload
from contacts.models import Contact, Import, ImportRow
from contacts.models.erased_numbers import await_erasures
from contacts.tests.conftest import make_checked, make_import
from contacts.tests.erasure_beside import ErasureBeside, after_the_first, is_it_waiting
from contacts.tests.erasures import PHONE, make_erased
from tests.factories import make_connection, make_contact

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]
PEOPLE = "0401234567;Anna\n0402222222;Ben\n"
FILE = [f"Puhelin;Nimi\n{PEOPLE}".encode()]


@pytest.fixture
def erasure(kahvila, aino):
    make_connection(aino)
    return ErasureBeside(kahvila, aino)


def test_whoever_is_erased_while_their_row_is_checked_is_in_no_row(group, mikko, erasure, monkeypatch):
    job = make_import(group, mikko, PEOPLE)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    after_the_first(monkeypatch, checking, "drop_erased", erasure.begin)

    checking.check(job.pk)

    erasure.end()
    assert list(ImportRow.objects.values_list("phone", flat=True)) == ["+358402222222"]


def test_whoever_is_erased_while_they_are_saved_is_no_contact(group, mikko, erasure, monkeypatch):
    make_connection(mikko)
    job = make_checked(group, mikko, PEOPLE)
    import_lifecycle.confirm(job, by=mikko)
    after_the_first(monkeypatch, saving.backlogs, "add_rows", erasure.begin)

    saving.save(job.pk)

    erasure.end()
    assert list(Contact.objects.values_list("phone", flat=True)) == ["+358402222222"]


def test_whoever_is_erased_while_a_file_is_looked_at_is_in_none_of_its_first_rows(
    group, mikko, erasure, monkeypatch
):
    after_the_first(monkeypatch, sniffing, "_numbers", erasure.begin)

    job = import_lifecycle.upload(Upload("people.csv", FILE), group=group, by=mikko)

    erasure.end()
    job.refresh_from_db()
    assert PHONE[-6:] not in str(job.samples)


def test_an_import_that_begins_during_an_erasure_waits_for_it(group, mikko, kahvila, monkeypatch):
    began = threading.Event()
    upload = threading.Thread(target=_upload, args=(group, mikko, began))
    with transaction.atomic():
        await_erasures([kahvila])
        upload.start()
        assert began.wait(timeout=30)
        while not is_it_waiting():
            assert upload.is_alive()
        make_erased(kahvila, PHONE)
    upload.join()

    job = Import.objects.get()
    assert PHONE[-6:] not in str(job.samples)
    assert "2222222" in str(job.samples)


def _upload(group, by, began: threading.Event) -> None:
    began.set()
    try:
        import_lifecycle.upload(Upload("people.csv", FILE), group=group, by=by)
    finally:
        connection.close()


def test_nobody_adds_whom_somebody_else_has_just_erased(group, mikko, kahvila):
    make_connection(mikko)
    make_erased(kahvila, PHONE)

    with pytest.raises(EditConflict, match="asked to be erased"):
        crud.add(group, phone=PHONE, values={}, by=mikko)


def test_whoever_is_deleted_while_they_are_erased_is_gone(group, erasure):
    contact = make_contact(group, phone=PHONE)

    with transaction.atomic():
        contact.delete()
        erasure.begin()

    erasure.end()
    assert not Contact.objects.exists()
