"""A number that a group has in another spelling makes no second contact, whoever brings it."""

import pytest

from contacts.editing import crud
from contacts.errors import EditConflict
from contacts.importing import checking, import_lifecycle, row_fixes, saving
from contacts.models import BulkVerb, Contact, ImportRow, SyncState
from contacts.tests.bulk_actions import done
from contacts.tests.conftest import make_checked, make_saved
from tests.factories import make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("connected", "at_once")]
PAIRS = [
    ("+5215512345678", "+525512345678"),
    ("+541123456789", "+5491123456789"),
    ("+5491123456789", "+541123456789"),
]
KEPT, WRITTEN = PAIRS[1]


@pytest.mark.parametrize(("kept", "written"), PAIRS)
def test_an_import_changes_whom_the_group_has(group, mikko, kept, written):
    contact = make_contact(group, phone=kept, first_name="Anna")

    job = make_saved(group, mikko, f"{written};Annika\n")

    contact.refresh_from_db()
    assert (job.counts, Contact.objects.get()) == ({"changed": 1}, contact)
    assert (contact.phone, contact.first_name) == (kept, "Annika")


@pytest.mark.parametrize("chunk", [1, 10])
def test_of_two_rows_the_first_counts_in_whatever_part_of_the_file(group, mikko, monkeypatch, chunk):
    monkeypatch.setattr(checking, "CHUNK", chunk)

    job = make_saved(group, mikko, f"{KEPT};Anna\n{WRITTEN};Annika\n")

    assert job.counts == {"new": 1, "duplicate": 1}
    assert Contact.objects.get().first_name == "Anna"


def test_a_row_that_is_mended_is_whom_the_group_has(group, mikko):
    make_contact(group, phone=KEPT, first_name="Anna")
    job = make_checked(group, mikko, "040;Annika\n")

    row_fixes.fix_row(ImportRow.objects.get(), {0: WRITTEN}, by=mikko)
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert list(Contact.objects.values_list("phone", "first_name")) == [(KEPT, "Annika")]


def test_nobody_is_added_twice(group, mikko):
    make_contact(group, phone=KEPT)

    with pytest.raises(EditConflict):
        crud.add(group, phone=WRITTEN, values={"first_name": "Anna", "active": True}, by=mikko)


def test_who_is_still_being_deleted_begins_anew_by_the_same_number(group, mikko):
    left = make_contact(group, phone=KEPT, sync_state=SyncState.DELETING, known_remotely=True)

    crud.add(group, phone=WRITTEN, values={"first_name": "Anna", "active": True}, by=mikko)

    assert list(Contact.objects.values_list("pk", "phone")) == [(left.pk, KEPT)]


def test_nobody_gets_the_number_of_another(group, mikko):
    make_contact(group, phone=KEPT)
    other = make_contact(group, first_name="Ben")
    values = {"first_name": "Ben", "active": True}

    with pytest.raises(EditConflict):
        crud.edit(other, values=values, revision=other.revision, by=mikko, phone=WRITTEN)


@pytest.mark.parametrize("verb", [BulkVerb.COPY, BulkVerb.MOVE])
@pytest.mark.parametrize("state", [SyncState.SYNCED, SyncState.DELETING])
def test_nobody_is_copied_beside_themselves(group, other, mikko, verb, state):
    person = make_contact(group, phone=WRITTEN, first_name="Annika")
    there = make_contact(other, phone=KEPT, first_name="Anna", sync_state=state, known_remotely=True)

    done(verb, group, mikko, query="", ids=[person.pk], target=other.pk)

    assert list(Contact.objects.filter(group=other).values_list("pk", "phone")) == [(there.pk, KEPT)]
    there.refresh_from_db()
    assert there.first_name == ("Annika" if state == SyncState.DELETING else "Anna")
