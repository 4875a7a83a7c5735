"""A whole group deleted: one call, and our rows go only when SmartDialog has answered it."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from contacts.bulk import action_lifecycle, action_runner, chunks, empty_group
from contacts.editing import crud
from contacts.models import BulkAction, BulkState, BulkVerb, Contact, SyncState
from contacts.sync.group_deletion import NOT_EMPTIED, DeleteAll
from contacts.tests.bulk_actions import delete_one, done, post_bulk, settled, states
from contacts.tests.conftest import plan_calls
from gateway.models import Backlog, Connection, Operation, OperationState, Service
from gateway.outbox import QueuedCall, retry
from gateway.outbox.claiming import due_operations
from gateway.smartdialog.errors import Refused
from gateway.workers import sweeping
from tests.factories import make_contact, make_operation, suppress

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "as_many")]


def test_a_whole_group_is_one_call_and_our_rows_go_only_after_it(group, clienti, people, mikko, connected):
    theirs = make_contact(clienti)
    make_contact(group, sync_state=SyncState.DELETING, pk=people[0].pk - 1)
    action = done(BulkVerb.DELETE, group, mikko, query="")

    assert (action.state, states(people)) == (BulkState.ASKING, ["synced"] * 5)
    call = settled(action)
    assert call.payload["group"] == group.remote_id
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.SYNCING, 6)
    assert list(Contact.objects.all()) == [theirs]
    action_lifecycle.sweep()
    action.refresh_from_db()
    assert action.state == BulkState.DONE


def test_in_a_group_that_was_emptied_is_nobody_whom_we_do_not_know(group, people, mikko, connected):
    Service.objects.update(is_shared=None)

    settled(done(BulkVerb.DELETE, group, mikko, query=""))

    group.refresh_from_db()
    assert group.is_shared is False


def test_a_refusal_to_empty_the_group_loses_nobody(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko, query="")

    DeleteAll().refused(QueuedCall(Operation.objects.get()), Refused("Not allowed.", status=403))

    action.refresh_from_db()
    assert action.state == BulkState.FAILED
    assert states(people) == ["synced"] * 5


def test_a_refused_emptying_is_begun_anew_and_not_tried_again(group, people, mikko, connected):
    done(BulkVerb.DELETE, group, mikko, query="")
    call = Operation.objects.get()
    told = {"reason": "refused", "reason_params": {"words": "Not allowed."}}
    Operation.objects.update(state=OperationState.FAILED, **told)
    call.refresh_from_db()

    DeleteAll().refused(QueuedCall(call), Refused("Not allowed.", status=403))

    call.refresh_from_db()
    assert (call.state, call.reason) == (OperationState.DONE, "refused")
    assert not retry(QueuedCall(call), by=mikko)


def test_an_answer_of_false_is_a_refusal_to_empty_the_group(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko, query="")

    DeleteAll().done(QueuedCall(Operation.objects.get()), False)
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.note) == (BulkState.FAILED, NOT_EMPTIED)
    assert states(people) == ["synced"] * 5


def test_what_waits_for_people_of_the_group_is_held_back_until_smartdialog_has_answered(
    group, people, mikko, connected
):
    earlier = done(BulkVerb.DEACTIVATE, group, mikko)
    action = done(BulkVerb.DELETE, group, mikko, query="")
    assert Backlog.objects.get(batch=earlier.batch).state == "paused"

    DeleteAll().refused(QueuedCall(Operation.objects.get()), Refused("Not allowed.", status=403))

    assert Backlog.objects.get(batch=earlier.batch).state == "running"
    assert Contact.objects.filter(backlog__batch=earlier.batch).count() == 2
    action.refresh_from_db()
    assert action.state == BulkState.FAILED


def waiting_of(contact) -> list[str]:
    """The calls of it that may leave now."""
    waiting = due_operations(Connection.objects.get()).filter(subject=f"contact:{contact.pk}")
    return [operation.kind for operation in waiting]


def test_what_single_people_did_waits_for_the_answer_and_goes_on_after_a_refusal(
    group, kahvila, people, mikko, connected
):
    edited, stopped, deleted, *_ = people
    crud.edit(edited, values={"first_name": "Annika"}, revision=0, by=mikko)
    suppress(kahvila, phone=stopped.phone, reason="STOP", by=mikko)
    delete_one(deleted, by=mikko)
    done(BulkVerb.DELETE, group, mikko, query="")
    assert [waiting_of(each) for each in (edited, stopped, deleted)] == [[], [], []]

    call = Operation.objects.get(kind="contact.delete_all")
    DeleteAll().refused(QueuedCall(call), Refused("Not allowed.", status=403))

    assert waiting_of(edited) == waiting_of(stopped) == ["contact.update"]
    assert waiting_of(deleted) == ["contact.delete"]
    stop = Operation.objects.get(subject=f"contact:{stopped.pk}")
    assert stop.payload["contact"]["active"] is False
    assert states(people) == ["waiting", "waiting", "deleting", "synced", "synced"]


def test_an_edit_while_the_group_is_being_emptied_is_in_the_call_that_goes_on(
    group, people, mikko, connected
):
    crud.edit(people[0], values={"first_name": "Annika"}, revision=0, by=mikko)
    done(BulkVerb.DELETE, group, mikko, query="")
    people[0].refresh_from_db()
    crud.edit(people[0], values={"first_name": "Annukka"}, revision=1, by=mikko)

    call = Operation.objects.get(kind="contact.delete_all")
    DeleteAll().refused(QueuedCall(call), Refused("Not allowed.", status=403))

    [call] = due_operations(connected).filter(subject=f"contact:{people[0].pk}")
    assert call.payload["contact"]["first_name"] == "Annukka"


def test_whoever_failed_before_a_refusal_has_still_failed(group, people, mikko, connected):
    crud.edit(people[0], values={"first_name": "Annika"}, revision=0, by=mikko)
    Operation.objects.update(state=OperationState.FAILED)
    Contact.objects.filter(pk=people[0].pk).update(sync_state=SyncState.FAILED, sync_error="Not so.")
    done(BulkVerb.DELETE, group, mikko, query="")

    call = Operation.objects.get(kind="contact.delete_all")
    DeleteAll().refused(QueuedCall(call), Refused("Not allowed.", status=403))

    people[0].refresh_from_db()
    assert (people[0].sync_state, people[0].sync_error, waiting_of(people[0])) == ("failed", "Not so.", [])


def test_what_waited_for_people_of_a_group_that_is_empty_never_leaves(group, people, mikko, connected):
    crud.edit(people[0], values={"first_name": "Annika"}, revision=0, by=mikko)
    done(BulkVerb.DELETE, group, mikko, query="")

    call = Operation.objects.get(kind="contact.delete_all")
    DeleteAll().done(QueuedCall(call), True)

    assert Operation.objects.get(subject=f"contact:{people[0].pk}").state == OperationState.CANCELLED


@pytest.mark.parametrize("how", ["undone", "more people"])
def test_what_is_held_back_goes_on_when_the_group_is_not_emptied_after_all(
    group, people, mikko, connected, how
):
    make_operation(
        connected,
        kind="contact.create",
        customer=group.customer,
        payload={"group": group.remote_id},
        state=OperationState.INFLIGHT,
    )
    earlier = done(BulkVerb.DEACTIVATE, group, mikko)
    crud.edit(people[4], values={"first_name": "Bo"}, revision=0, by=mikko)
    action = done(BulkVerb.DELETE, group, mikko, query="")
    assert (action.state, waiting_of(people[4])) == (BulkState.PENDING, [])

    if how == "undone":
        assert action_lifecycle.undo(action, by=mikko)
    else:
        BulkAction.objects.filter(pk=action.pk).update(ceiling=make_contact(group).pk)
        action_runner.run(action.pk)

    assert waiting_of(people[4]) == ["contact.update"]
    assert Backlog.objects.get(batch=earlier.batch).state == "running"


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
    action_runner.run(action.pk)
    action.refresh_from_db()
    assert action.state == BulkState.ASKING


def test_a_group_that_smartdialog_has_emptied_goes_here_as_well_whoever_cancels(
    group, people, mikko, connected
):
    action = done(BulkVerb.DELETE, group, mikko, query="")
    settled(action)

    assert not action_lifecycle.pause(action, by=mikko)
    assert not action_lifecycle.cancel(action, by=mikko)


def test_who_changes_while_a_group_is_being_emptied_is_kept_and_sent_again(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko, query="")
    newcomer = make_contact(group)
    Contact.objects.filter(pk=people[0].pk).update(updated_at=timezone.now())
    settled(action)

    action_runner.run(action.pk)

    kept = Contact.objects.filter(group=group)
    assert set(kept) == {people[0], newcomer}
    assert {(each.known_remotely, each.backlog.batch) for each in kept} == {(False, action.batch)}


def test_an_edit_on_a_host_whose_clock_is_behind_is_kept_as_well(
    group, people, mikko, connected, monkeypatch
):
    sweeping.sync_host_clock()
    action = done(BulkVerb.DELETE, group, mikko, query="")
    behind = timezone.now() - timedelta(seconds=5)
    with monkeypatch.context() as there:
        there.setattr(timezone, "now", lambda: behind)
        crud.edit(people[0], values={"first_name": "Eino"}, revision=0, by=mikko)
    settled(action)

    action_runner.run(action.pk)

    assert [each.first_name for each in Contact.objects.filter(group=group)] == ["Eino"]


def test_each_is_sent_again_once_however_many_of_them_a_drain_takes_meanwhile(
    group, people, mikko, connected, monkeypatch
):
    monkeypatch.setattr(empty_group, "RESEND_CHUNK", 2)
    action = done(BulkVerb.DELETE, group, mikko, query="")
    newcomers = [make_contact(group) for _ in range(5)]
    settled(action)
    update, sent = chunks.update_and_queue, []

    def planned_meanwhile(keys, backlog):
        assert len(sent) < 20
        sent.extend(keys)
        update(keys, backlog)
        plan_calls(connected)

    monkeypatch.setattr(chunks, "update_and_queue", planned_meanwhile)
    action_runner.run(action.pk)

    assert sent == [each.pk for each in newcomers]


def test_a_worker_that_woke_too_late_sends_nobody_again(group, people, mikko, connected, monkeypatch):
    action = done(BulkVerb.DELETE, group, mikko, query="")
    newcomer = make_contact(group)
    settled(action)
    Contact.objects.exclude(pk=newcomer.pk).delete()
    real = empty_group._next

    def taken_over(action):
        BulkAction.objects.filter(pk=action.pk).update(fence=F("fence") + 1)
        return real(action)

    monkeypatch.setattr(empty_group, "_next", taken_over)
    action_runner.run(action.pk)

    newcomer.refresh_from_db()
    assert (newcomer.known_remotely, newcomer.backlog) == (True, None)


def test_emptying_asks_for_the_number_of_those_who_are_there(group, people, mikko, connected):
    make_contact(group, sync_state=SyncState.DELETING)
    Contact.objects.filter(pk__in=[people[0].pk, people[1].pk]).update(known_remotely=False)
    form = {"verb": "delete", "matching": "yes", "filter": ""}

    asked = post_bulk(mikko, group, **form).content.decode()
    assert "SmartDialog has 4 contacts in it that we know of" in asked  # of ours 3, and 1 on its way out
    assert "empties the whole group at once" in asked

    post_bulk(mikko, group, **form, agreed=5, typed="5")
    assert not BulkAction.objects.exists()
    post_bulk(mikko, group, **form, agreed=5, typed="4")
    assert BulkAction.objects.get().is_whole_group


def test_whoever_ticked_the_whole_group_is_offered_the_one_call(group, people, mikko, connected):
    everybody = {"verb": "delete", "contact": [each.pk for each in people]}
    offer = "Empty the group at once instead"

    assert offer in post_bulk(mikko, group, **everybody).content.decode()

    make_contact(group)
    assert offer not in post_bulk(mikko, group, **everybody).content.decode()
