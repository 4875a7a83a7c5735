"""What SmartDialog's answers mean for a contact, and for what failed before."""

import pytest

from contacts.editing import crud
from contacts.models import Contact, SyncState
from contacts.sync import pushing
from contacts.tests.answers import refuse, take
from contacts.tests.bulk_actions import delete_one
from contacts.tests.conftest import make_saved, plan_calls
from gateway.models import Operation, OperationState
from gateway.smartdialog.errors import Refused
from tests.factories import make_contact

PHONE = "+358401111111"
NO = Refused("Not allowed.", status=403)


@pytest.fixture
def anna(group):
    return make_contact(group, phone=PHONE, first_name="Anna")


def waiting() -> Operation:
    return Operation.objects.get(state=OperationState.WAITING)


def failed() -> list[str]:
    return list(Operation.objects.filter(state=OperationState.FAILED).values_list("kind", flat=True))


def test_a_deletion_that_is_refused_shows_the_contact_again_and_why(anna, mikko, connected):
    delete_one(anna, by=mikko)

    refuse(waiting(), NO)

    anna.refresh_from_db()
    assert (anna.sync_state, anna.sync_error) == (SyncState.FAILED, NO.text)


def test_a_deletion_that_is_taken_at_another_try_takes_the_row_with_it(anna, mikko, connected):
    delete_one(anna, by=mikko)
    deletion = waiting()
    refuse(deletion, NO)

    take(deletion)

    assert not Contact.objects.exists()


def test_a_deletion_that_is_taken_late_leaves_who_was_changed_since(anna, mikko, connected):
    delete_one(anna, by=mikko)
    deletion = waiting()
    refuse(deletion, NO)
    anna.refresh_from_db()
    crud.edit(anna, values={"first_name": "Anne"}, revision=anna.revision, by=mikko)

    take(deletion)

    anna.refresh_from_db()
    assert (anna.first_name, anna.known_remotely) == ("Anne", False)


@pytest.fixture
def failed_edit(anna, mikko, connected) -> Contact:
    crud.edit(anna, values={"first_name": "Bad"}, revision=0, by=mikko)
    refuse(waiting(), NO)
    anna.refresh_from_db()
    return anna


def test_what_failed_is_not_retried_once_an_import_says_it_anew(failed_edit, group, mikko, connected):
    make_saved(group, mikko, "0401111111;Good\n")
    plan_calls(connected)

    assert waiting().payload["contact"]["first_name"] == "Good"
    assert failed() == []


def test_what_failed_is_not_retried_once_the_contact_is_deleted(failed_edit, mikko):
    delete_one(failed_edit, by=mikko)

    assert waiting().kind == pushing.DELETE
    assert failed() == []


def test_a_creation_that_failed_goes_with_its_contact(group, mikko, connected):
    contact = crud.add(group, phone=PHONE, values={"first_name": "Anna"}, by=mikko)
    refuse(waiting(), NO)

    delete_one(contact, by=mikko)

    assert not Contact.objects.exists()
    assert failed() == []
