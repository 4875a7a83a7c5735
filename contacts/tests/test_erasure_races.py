"""Somebody is erased while a worker writes them down, or deletes them. SQLite has one writer."""

import pytest
from django.db import transaction

from contacts.bulk import chunks
from contacts.importing import checking, import_lifecycle, saving
from contacts.models import Contact, ImportRow
from contacts.tests.conftest import make_checked, make_import
from contacts.tests.erasure_beside import ErasureBeside, after_the_first
from contacts.tests.erasures import PHONE
from tests.factories import make_connection, make_contact

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.django_db(transaction=True)]
PEOPLE = "0401234567;Anna\n0402222222;Ben\n"


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


def test_whoever_is_deleted_while_they_are_erased_is_gone(group, erasure):
    contact = make_contact(group, phone=PHONE)

    with transaction.atomic():
        chunks.delete_contacts([contact.pk])
        erasure.begin()

    erasure.end()
    assert not Contact.objects.exists()
