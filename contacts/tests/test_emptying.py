"""A whole group deleted: one call, and our rows go only when SmartDialog has answered it."""

import pytest
from django.utils import timezone

from contacts.bulk import agreeing, running
from contacts.bulk.operations import DeleteAll
from contacts.models import BulkState, BulkVerb, Contact, SyncState
from contacts.tests.bulk_actions import done, settled, states
from gateway.errors import Refused
from gateway.models import Backlog, Operation, OperationState
from tests.makers import make_contact, make_operation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def test_a_whole_group_is_one_call_and_our_rows_go_only_after_it(group, clienti, people, mikko, connected):
    theirs = make_contact(clienti)
    make_contact(group, sync_state=SyncState.DELETING, pk=people[0].pk - 1)
    action = done(BulkVerb.DELETE, group, mikko, query="")

    assert (action.state, states(people)) == (BulkState.ASKING, ["synced"] * 5)
    call = settled(action)
    assert call.payload["group"] == group.remote_id
    running.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.SYNCING, 6)
    assert list(Contact.objects.all()) == [theirs]
    agreeing.sweep()
    action.refresh_from_db()
    assert action.state == BulkState.DONE


def test_a_refusal_to_empty_the_group_loses_nobody(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko, query="")

    DeleteAll().refused(Operation.objects.get(), Refused("Not allowed.", status=403))

    action.refresh_from_db()
    assert action.state == BulkState.FAILED
    assert states(people) == ["synced"] * 5


def test_what_waits_for_people_of_the_group_is_held_back_until_smartdialog_has_answered(
    group, people, mikko, connected
):
    earlier = done(BulkVerb.DEACTIVATE, group, mikko)
    action = done(BulkVerb.DELETE, group, mikko, query="")
    assert Backlog.objects.get(batch=earlier.batch).state == "paused"

    DeleteAll().refused(Operation.objects.get(), Refused("Not allowed.", status=403))

    assert Backlog.objects.get(batch=earlier.batch).state == "running"
    assert Contact.objects.filter(backlog__batch=earlier.batch).count() == 2
    action.refresh_from_db()
    assert action.state == BulkState.FAILED


def test_a_group_is_not_emptied_while_a_call_of_it_is_being_made(group, people, mikko, connected):
    flying = make_operation(
        connected,
        kind="contact.create",
        customer=group.customer,
        payload={"group": group.remote_id},
        state=OperationState.INFLIGHT,
    )
    action = done(BulkVerb.DELETE, group, mikko, query="")

    assert (action.state, action.leased_until) == (BulkState.PENDING, None)
    Operation.objects.filter(pk=flying.pk).update(state=OperationState.DONE)
    running.run(action.pk)
    action.refresh_from_db()
    assert action.state == BulkState.ASKING


def test_a_group_that_smartdialog_has_emptied_goes_here_as_well_whoever_cancels(
    group, people, mikko, connected
):
    action = done(BulkVerb.DELETE, group, mikko, query="")
    settled(action)

    assert not agreeing.pause(action, by=mikko)
    assert not agreeing.cancel(action, by=mikko)


def test_who_changes_while_a_group_is_being_emptied_is_kept_and_sent_again(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko, query="")
    newcomer = make_contact(group)
    Contact.objects.filter(pk=people[0].pk).update(updated_at=timezone.now())
    settled(action)

    running.run(action.pk)

    kept = Contact.objects.filter(group=group)
    assert set(kept) == {people[0], newcomer}
    assert {(each.known_remotely, each.backlog.batch) for each in kept} == {(False, action.batch)}
