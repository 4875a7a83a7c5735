"""A contact that is given another number: created anew at SmartDialog, then deleted by the former one."""

import pytest
from django.urls import reverse

from contacts.editing import crud, history
from contacts.erasure import erasing
from contacts.models import BulkVerb, Contact, SyncState
from contacts.tests.answers import refuse, take
from contacts.tests.bulk_actions import delete_one, done
from contacts.tests.conftest import make_saved, plan_calls
from gateway.models import Operation, OperationState
from gateway.smartdialog.errors import Refused
from tests.factories import make_contact
from tests.people import client_of

OLD, NEW = "+358401111111", "+358402222222"
NO = Refused("The number is not valid.", status=422)
NOBODY = Refused("Not found.", status=404)


@pytest.fixture
def anna(group):
    return make_contact(group, phone=OLD, first_name="Anna")


@pytest.fixture
def renumbered(anna, mikko, connected) -> Contact:
    crud.edit(anna, values={"first_name": "Anne"}, revision=0, by=mikko, phone=NEW)
    anna.refresh_from_db()
    return anna


@pytest.fixture
def half_way(renumbered) -> Contact:
    """SmartDialog has taken the new number, and is still to let go of the old one."""
    take(waiting())
    renumbered.refresh_from_db()
    return renumbered


def waiting(kind: str = "") -> Operation:
    some = Operation.objects.filter(state=OperationState.WAITING)
    return some.get(kind=kind) if kind else some.get()


def is_leaving_the_old_number() -> bool:
    return waiting("contact.delete_former").payload["former"] == OLD


def test_the_new_number_is_created_before_the_old_one_is_deleted(renumbered):
    creation = waiting()
    assert (creation.kind, creation.payload["phone"]) == ("contact.create", NEW)
    assert (renumbered.phone, renumbered.former_phone, renumbered.sync_state) == (NEW, OLD, "waiting")

    take(creation)
    deletion = waiting()
    assert (deletion.kind, deletion.payload["former"]) == ("contact.delete_former", OLD)
    take(deletion)

    renumbered.refresh_from_db()
    assert (renumbered.former_phone, renumbered.sync_state) == ("", SyncState.SYNCED)


def test_a_refused_number_leaves_the_old_one_and_says_so(renumbered):
    refuse(waiting(), NO)

    renumbered.refresh_from_db()
    assert (renumbered.phone, renumbered.former_phone, renumbered.first_name) == (OLD, "", "Anne")
    assert renumbered.sync_state == SyncState.FAILED
    assert f"did not take {NEW}, so the number stays {OLD}" in renumbered.sync_error
    assert "358401111111" in renumbered.search_text
    assert not Operation.objects.filter(state__in=["waiting", "failed"]).exists()


def test_the_history_of_both_numbers_is_one(renumbered, anna):
    refuse(waiting(), NO)

    kept, changed = history.of_contact(anna)
    assert kept.note == NO.text
    assert ("Phone number", NEW, OLD) in kept.changes
    assert ("Phone number", OLD, NEW) in changed.changes


def test_an_edit_on_the_way_keeps_in_mind_the_number_to_leave(renumbered, mikko):
    crud.edit(renumbered, values={"city": "Oulu"}, revision=renumbered.revision, by=mikko)

    creation = waiting()
    assert (creation.kind, creation.payload["former"]) == ("contact.create", OLD)
    assert creation.payload["contact"]["city"] == "Oulu"


def test_one_who_is_deleted_on_the_way_is_deleted_by_both_numbers(renumbered, mikko):
    delete_one(renumbered, by=mikko)
    deletion = Operation.objects.get(kind="contact.delete")
    refuse(deletion, NOBODY)

    former = Operation.objects.get(kind="contact.delete_former")
    assert former.payload["former"] == OLD
    assert not Contact.objects.exists()


def test_a_former_number_that_somebody_else_was_given_is_not_deleted(renumbered, group):
    make_contact(group, phone=OLD)

    take(waiting())

    assert not Operation.objects.filter(kind="contact.delete_former").exists()


def test_one_who_is_edited_half_way_leaves_the_old_number_once(half_way, mikko):
    crud.edit(half_way, values={"city": "Oulu"}, revision=half_way.revision, by=mikko)

    take(waiting("contact.update"))

    assert is_leaving_the_old_number()


@pytest.mark.usefixtures("at_once")
def test_one_who_is_deleted_half_way_is_deleted_by_both_numbers(half_way, group, mikko, connected):
    done(BulkVerb.DELETE, group, mikko, query="", ids=[half_way.pk])
    plan_calls(connected)

    take(waiting())

    assert is_leaving_the_old_number()
    assert not Contact.objects.exists()


def test_one_whose_deletion_is_refused_on_the_way_has_the_new_number_still(renumbered, mikko):
    delete_one(renumbered, by=mikko)

    refuse(Operation.objects.get(kind="contact.delete"), Refused("Not allowed.", status=403))

    renumbered.refresh_from_db()
    assert (renumbered.phone, renumbered.former_phone) == (NEW, OLD)
    assert renumbered.sync_state == SyncState.FAILED
    assert renumbered.sync_error == "SmartDialog refused it: Not allowed."


def test_one_who_is_erased_half_way_is_deleted_by_both_numbers(half_way, kahvila, mikko):
    erasing.erase([kahvila], NEW, by=mikko)

    take(waiting("contact.delete"))

    assert is_leaving_the_old_number()


def test_an_old_number_that_smartdialog_keeps_is_left_when_the_contact_is_sent_again(half_way, mikko):
    refuse(waiting(), Refused("Not allowed.", status=403))
    half_way.refresh_from_db()
    assert f"kept {OLD}, too" in half_way.sync_error

    crud.resend(half_way, by=mikko)
    take(waiting())

    assert is_leaving_the_old_number()
    assert not Operation.objects.filter(state=OperationState.FAILED).exists()


def test_one_who_is_given_the_old_number_half_way_is_created_once_it_is_free(half_way, group, mikko):
    leaving = waiting()
    ben = crud.add(group, phone=OLD, values={"first_name": "Ben"}, by=mikko)
    take(waiting("contact.create"))

    take(leaving)

    again = waiting()
    ben.refresh_from_db()
    assert (again.kind, again.payload["phone"]) == ("contact.create", OLD)
    assert (ben.sync_state, ben.known_remotely) == (SyncState.WAITING, False)


def test_one_who_is_deleted_by_a_refused_number_is_deleted_by_the_old_one(renumbered, mikko):
    creation = waiting()
    Operation.objects.filter(pk=creation.pk).update(attempts=1)  # it may have been taken
    crud.edit(renumbered, values={"first_name": "Anna"}, revision=renumbered.revision, by=mikko)
    refuse(creation, NO)
    refuse(waiting("contact.lookup"), NOBODY)
    refuse(waiting("contact.create"), NO)
    renumbered.refresh_from_db()

    delete_one(renumbered, by=mikko)

    assert waiting("contact.delete").payload["phone"] == OLD


def test_a_number_that_is_taken_is_refused_before_any_call(group, anna, mikko, connected):
    ben = make_contact(group, phone=NEW, first_name="Ben")
    form = {"phone": "040 222 2222", "first_name": "Anna", "active": "on", "revision": 0}

    answer = client_of(mikko).post(reverse("contacts:edit", args=[anna.pk]), form)

    anna.refresh_from_db()
    there = reverse("contacts:contact", args=[ben.pk])
    assert b"Ben has this number already" in answer.content
    assert f'<a href="{there}">Open <bdi>Ben</bdi></a>' in answer.content.decode()
    assert anna.phone == OLD
    assert not Operation.objects.exists()


def test_one_smartdialog_never_heard_of_just_has_another_number(group, mikko, connected):
    contact = crud.add(group, phone=OLD, values={"first_name": "Cia"}, by=mikko)
    Operation.objects.all().delete()
    Contact.objects.update(known_remotely=False)

    crud.edit(contact, values={"first_name": "Cia"}, revision=contact.revision, by=mikko, phone=NEW)

    contact.refresh_from_db()
    assert (contact.phone, contact.former_phone) == (NEW, "")
    assert waiting().payload["former"] == ""


def test_the_form_takes_another_number_in_any_spelling(anna, mikko, connected):
    form = {"phone": "040 222 2222", "first_name": "Anna", "active": "on", "revision": 0}

    client_of(mikko).post(reverse("contacts:edit", args=[anna.pk]), form)

    anna.refresh_from_db()
    assert (anna.phone, anna.former_phone) == (NEW, OLD)


def test_what_imports_brought_by_the_former_number_stays_in_the_history(group, mikko, connected):
    job = make_saved(group, mikko, f"{OLD};Anna\n")
    anna = Contact.objects.get()
    crud.edit(anna, values={}, revision=anna.revision, by=mikko, phone=NEW)
    anna.refresh_from_db()

    told = [step.text for step in history.of_contact(anna)]

    assert f"Added by importing {job.original_name}, row 2" in told
    assert "Changed" in told


def test_whoever_has_the_former_number_now_brings_nothing_into_the_history(group, mikko, connected):
    make_saved(group, mikko, f"{OLD};Anna\n")
    anna = Contact.objects.get()
    crud.edit(anna, values={}, revision=anna.revision, by=mikko, phone=NEW)
    take(Operation.objects.get(kind="contact.create", payload__phone=NEW))
    make_saved(group, mikko, f"{OLD};Ben\n")
    anna.refresh_from_db()

    imports = [step.text for step in history.of_contact(anna) if "importing" in step.text]

    assert len(imports) == 1
