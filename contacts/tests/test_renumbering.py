"""A contact that is given another number: created anew at SmartDialog, then deleted by the former one."""

import pytest
from django.urls import reverse

from contacts import editing, history
from contacts.models import Contact, SyncState
from gateway.errors import Refused
from gateway.models import Operation, OperationState
from gateway.outbox.handling import handler_of
from tests.makers import make_contact
from tests.people import client_of

OLD, NEW = "+358401111111", "+358402222222"
NO = Refused("The number is not valid.", status=422)


@pytest.fixture
def anna(group):
    return make_contact(group, phone=OLD, first_name="Anna")


@pytest.fixture
def renumbered(anna, mikko, connected) -> Contact:
    editing.edit(anna, values={"first_name": "Anne"}, revision=0, by=mikko, phone=NEW)
    anna.refresh_from_db()
    return anna


def waiting() -> Operation:
    return Operation.objects.get(state=OperationState.WAITING)


def take(operation: Operation) -> None:
    """SmartDialog takes the call."""
    Operation.objects.filter(pk=operation.pk).update(state=OperationState.DONE)
    operation.refresh_from_db()
    handler_of(operation).done(operation, True)


def refuse(operation: Operation, error: Refused) -> None:
    Operation.objects.filter(pk=operation.pk).update(state=OperationState.FAILED)
    operation.refresh_from_db()
    handler_of(operation).refused(operation, error)


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
    editing.edit(renumbered, values={"city": "Oulu"}, revision=renumbered.revision, by=mikko)

    creation = waiting()
    assert (creation.kind, creation.payload["former"]) == ("contact.create", OLD)
    assert creation.payload["contact"]["city"] == "Oulu"


def test_one_who_is_deleted_on_the_way_is_deleted_by_both_numbers(renumbered, mikko):
    editing.delete([renumbered], by=mikko)
    deletion = Operation.objects.get(kind="contact.delete")
    refuse(deletion, Refused("Not found.", status=404))

    former = Operation.objects.get(kind="contact.delete_former")
    assert former.payload["former"] == OLD
    assert not Contact.objects.exists()


def test_a_former_number_that_somebody_else_was_given_is_not_deleted(renumbered, group):
    make_contact(group, phone=OLD)

    take(waiting())

    assert not Operation.objects.filter(kind="contact.delete_former").exists()


def test_a_number_that_is_taken_is_refused_before_any_call(group, anna, mikko, connected):
    make_contact(group, phone=NEW, first_name="Ben")
    form = {"phone": "040 222 2222", "first_name": "Anna", "active": "on", "revision": 0}

    answer = client_of(mikko).post(reverse("contacts:edit", args=[anna.pk]), form)

    anna.refresh_from_db()
    assert b"Ben has this number already" in answer.content
    assert anna.phone == OLD
    assert not Operation.objects.exists()


def test_one_smartdialog_never_heard_of_just_has_another_number(group, mikko, connected):
    contact = editing.add(group, phone=OLD, values={"first_name": "Cia"}, by=mikko)
    Operation.objects.all().delete()
    Contact.objects.update(known_remotely=False)

    editing.edit(contact, values={"first_name": "Cia"}, revision=contact.revision, by=mikko, phone=NEW)

    contact.refresh_from_db()
    assert (contact.phone, contact.former_phone) == (NEW, "")
    assert waiting().payload["former"] == ""


def test_the_form_takes_another_number_in_any_spelling(anna, mikko, connected):
    form = {"phone": "040 222 2222", "first_name": "Anna", "active": "on", "revision": 0}

    client_of(mikko).post(reverse("contacts:edit", args=[anna.pk]), form)

    anna.refresh_from_db()
    assert (anna.phone, anna.former_phone) == (NEW, OLD)
