"""Contacts that name a backlog: one call each when their turn comes, as they are by then."""

import pytest

from contacts.editing import crud
from contacts.models import Contact, SyncState
from contacts.sync import pushing
from contacts.tests.bulk_actions import delete_one
from gateway.models import Backlog, Operation
from gateway.outbox import backlogs
from gateway.workers import leases
from tests.factories import make_contact

pytestmark = pytest.mark.django_db
BATCH = "import:7"


@pytest.fixture
def contacts(group):
    return [make_contact(group, known_remotely=known) for known in (True, False, True)]


@pytest.fixture
def backlog(contacts, group, connected, mikko) -> Backlog:
    backlog = pushing.open_backlog(group, connection=connected, by=mikko, batch=BATCH)
    assert pushing.add_to_backlog(Contact.objects.filter(group=group), backlog) == 3
    return Backlog.objects.get()


def plan(connection) -> int:
    lease = leases.take_connection(connection.pk)
    try:
        return backlogs.plan_next(connection, lease)
    finally:
        lease.release()


def test_each_becomes_the_call_it_needs_by_then(contacts, backlog, connected):
    Contact.objects.filter(pk=contacts[2].pk).update(sync_state=SyncState.DELETING)
    Contact.objects.filter(pk=contacts[0].pk).update(first_name="Aino")

    assert (plan(connected), plan(connected)) == (3, 0)

    planned = {operation.subject: operation for operation in Operation.objects.filter(batch=BATCH)}
    kinds = [planned[f"contact:{contact.pk}"].kind for contact in contacts]
    assert kinds == ["contact.update", "contact.create", "contact.delete"]
    assert planned[f"contact:{contacts[0].pk}"].payload["contact"]["first_name"] == "Aino"
    assert not Contact.objects.exclude(backlog=None).exists()


def test_an_edit_before_its_turn_is_one_call(contacts, backlog, connected, mikko):
    crud.edit(contacts[0], values={"first_name": "Aino"}, revision=contacts[0].revision, by=mikko)

    plan(connected)

    assert Operation.objects.filter(subject=f"contact:{contacts[0].pk}").count() == 1
    backlog.refresh_from_db()
    assert backlog.left == 0


def test_one_that_smartdialog_never_heard_of_is_deleted_without_a_call(contacts, backlog, connected, mikko):
    delete_one(contacts[1], by=mikko)

    assert plan(connected) == 2
    assert not Contact.objects.filter(pk=contacts[1].pk).exists()


def test_moving_to_another_backlog_is_one_call(contacts, backlog, group, connected, mikko):
    second = pushing.open_backlog(group, connection=connected, by=mikko, batch="import:8")
    pushing.add_to_backlog(Contact.objects.filter(pk=contacts[0].pk), second)

    assert [plan(connected) for _ in range(3)] == [2, 1, 0]
    assert Operation.objects.filter(subject=f"contact:{contacts[0].pk}").get().batch == "import:8"


def test_a_pause_takes_them_back_and_a_cancellation_tells_them(contacts, backlog, connected):
    plan(connected)

    backlogs.pause(BATCH)
    assert Contact.objects.filter(backlog=backlog).count() == 3

    backlogs.cancel(BATCH)
    backlogs.drop(backlog.pk)
    assert set(Contact.objects.values_list("sync_state", "backlog")) == {(SyncState.UNSENT, None)}
