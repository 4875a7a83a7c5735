"""One thing done to many contacts: undone, carried out whoever dies, and never to anybody else."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from contacts.bulk import action_lifecycle, action_runner
from contacts.editing import history
from contacts.models import BulkAction, BulkState, BulkVerb, Contact, Suppression, SyncState
from contacts.tests.bulk_actions import begun, done, states
from gateway import clock
from gateway.models import Backlog, Operation, OperationState
from gateway.outbox import backlogs
from tests.factories import make_contact, make_operation, suppress

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "as_many")]


def test_nothing_changes_before_the_time_to_undo_is_over(group, people, mikko, connected, settings):
    settings.BULK_GRACE = 60
    action = done(BulkVerb.DELETE, group, mikko)

    assert action.state == BulkState.PENDING
    assert states(people) == ["synced"] * 5
    assert action_lifecycle.undo(action, by=mikko)
    action.begins_at = clock.now()
    action.save(update_fields=["begins_at"])
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, states(people)) == (BulkState.CANCELLED, ["synced"] * 5)
    assert not Operation.objects.exists()
    assert not Backlog.objects.exists()


def test_what_has_begun_is_not_undone(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert not action_lifecycle.undo(action, by=mikko)


def test_whoever_matches_is_deleted_by_a_call_each_when_its_turn_comes(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko)

    assert states(people) == ["deleting"] * 2 + ["synced"] * 3
    assert (action.state, action.done, action.calls) == (BulkState.SYNCING, 2, 2)
    assert Backlog.objects.get(batch=action.batch).left == 2
    assert set(Contact.objects.filter(backlog__batch=action.batch)) == set(people[:2])


def test_whom_smartdialog_never_heard_of_costs_no_call(group, mikko, connected):
    new = make_contact(group, first_name="Anna", known_remotely=False, sync_state="waiting")
    make_operation(connected, kind="contact.create", subject=f"contact:{new.pk}")

    action = done(BulkVerb.DELETE, group, mikko)

    assert not Contact.objects.exists()
    assert Operation.objects.get().state == OperationState.CANCELLED
    assert not Contact.objects.filter(backlog__batch=action.batch).exists()


def test_nobody_who_asked_for_no_messages_is_made_active(group, kahvila, people, mikko, connected):
    suppress(kahvila, phone=people[0].phone, reason="STOP")
    Contact.objects.update(active=False)

    action = done(BulkVerb.ACTIVATE, group, mikko, query="", words="Signed the form", dated="2026-11-12")

    people[0].refresh_from_db()
    assert not people[0].active
    assert Contact.objects.filter(active=True).count() == 4
    assert (action.done, action.left_out, action.calls) == (4, 1, 4)


def test_messages_are_stopped(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert set(Contact.objects.filter(active=False)) == set(people[:2])
    assert states(people) == ["waiting"] * 2 + ["synced"] * 3
    assert Backlog.objects.get(batch=action.batch).left == 2


def test_a_property_is_set_found_and_taken_away(group, people, mikko, connected):
    done(BulkVerb.SET_PROPERTY, group, mikko, name="Level", value="Gold")
    assert set(Contact.objects.matching("gold")) == set(people[:2])

    done(BulkVerb.SET_PROPERTY, group, mikko, query="q=gold", name="Level", value="")

    assert not Contact.objects.matching("gold").exists()
    assert not Contact.objects.exclude(properties={}).exists()


def test_the_history_of_a_contact_tells_of_it(group, people, mikko, connected):
    people[0].properties = {"Level": "Iron"}
    people[0].save()
    done(BulkVerb.SET_PROPERTY, group, mikko, name="Level", value="Gold")
    people[0].refresh_from_db()

    [entry] = history.of_contact(people[0])

    assert (entry.who, entry.text) == ("Mikko", "Property set with 2 contacts")
    assert entry.changes == [("Level", "Iron", "Gold")]
    assert history.of_contact(people[4]) == []


def test_a_copy_leaves_alone_who_is_there_already(group, other, people, mikko, connected):
    there = make_contact(other, phone=people[0].phone, first_name="As she was")
    people[1].active = False
    people[1].save()

    action = done(BulkVerb.COPY, group, mikko, target=other.pk)

    copied = Contact.objects.get(group=other, phone=people[1].phone)
    there.refresh_from_db()
    assert (copied.first_name, copied.active, copied.known_remotely) == ("Anna", False, False)
    assert (there.first_name, there.sync_state) == ("As she was", "synced")
    assert states(people) == ["synced"] * 5
    assert (action.done, action.left_out) == (1, 1)


def test_a_copy_begins_anew_who_is_being_deleted_there(group, other, people, mikko, connected):
    going = make_contact(other, phone=people[0].phone, sync_state=SyncState.DELETING, revision=3)

    done(BulkVerb.COPY, group, mikko, target=other.pk)

    going.refresh_from_db()
    assert (going.first_name, going.sync_state, going.revision) == ("Anna", "waiting", 4)


@pytest.mark.parametrize("verb", [BulkVerb.COPY, BulkVerb.MOVE])
def test_nobody_who_was_opted_out_is_made_active_by_a_copy(
    group, other, kahvila, people, mikko, connected, verb
):
    make_contact(other, phone=people[0].phone, sync_state=SyncState.DELETING, active=False)
    Suppression.objects.create(customer=kahvila, phone=people[1].phone)

    done(verb, group, mikko, query="", target=other.pk)

    arrived = Contact.objects.filter(group=other)
    assert set(arrived.filter(active=True).values_list("phone", flat=True)) == {
        each.phone for each in people[2:]
    }
    assert set(arrived.values_list("sync_state", flat=True)) == {SyncState.WAITING}


def test_who_is_moved_is_there_and_no_longer_here(group, other, people, mikko, connected):
    action = done(BulkVerb.MOVE, group, mikko, target=other.pk)

    assert states(people) == ["deleting"] * 2 + ["synced"] * 3
    assert set(Contact.objects.filter(group=other).values_list("phone", flat=True)) == {
        each.phone for each in people[:2]
    }
    assert Backlog.objects.get(batch=action.batch).left == action.calls == 4


def test_another_worker_goes_on_where_one_died(group, people, mikko, connected, monkeypatch):
    monkeypatch.setattr(action_runner, "CHUNK", 2)
    action = begun(BulkVerb.DEACTIVATE, group, mikko, query="")
    keep = action_runner._keep_history
    died = iter([False, True])

    def dies(*args):
        keep(*args)
        if next(died, False):
            raise KeyboardInterrupt

    monkeypatch.setattr(action_runner, "_keep_history", dies)
    with pytest.raises(KeyboardInterrupt):
        action_runner.run(action.pk)
    assert Contact.objects.filter(active=False).count() == 2
    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.done, Backlog.objects.get(batch=action.batch).left) == (5, 5)
    assert not Contact.objects.filter(active=True).exists()


def test_only_one_worker_carries_it_out(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    BulkAction.objects.update(leased_until=clock.after(60))

    action_runner.run(action.pk)

    assert not Contact.objects.filter(active=False).exists()


def test_it_is_paused_and_goes_on(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert action_lifecycle.pause(action, by=mikko)
    assert Backlog.objects.get().state == "paused"
    assert action_lifecycle.resume(action, by=mikko)
    assert Backlog.objects.get().state == "running"


def test_cancelling_keeps_what_is_done_and_drops_what_has_not_left(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert action_lifecycle.cancel(action, by=mikko)
    backlogs.drop(Backlog.objects.get().pk)

    assert states(people) == ["unsent"] * 2 + ["synced"] * 3
    action.refresh_from_db()
    assert (action.state, action.note) == (BulkState.CANCELLED, "Mikko cancelled it.")


def test_whose_deletion_is_cancelled_is_there_as_before(group, people, mikko, connected):
    Contact.objects.filter(pk=people[0].pk).update(sync_state="failed", sync_error="No")
    action = done(BulkVerb.DELETE, group, mikko)
    assert states(people[:2]) == ["deleting"] * 2

    assert action_lifecycle.cancel(action, by=mikko)
    backlogs.drop(Backlog.objects.get().pk)

    assert states(people[:2]) == ["unsent", "synced"]


def test_who_comes_after_the_yes_is_not_touched(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    late = make_contact(group, first_name="Anna")

    action_runner.run(action.pk)

    late.refresh_from_db()
    assert late.active


def test_nothing_is_done_to_more_than_were_agreed_to(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    Contact.objects.filter(pk=people[2].pk).update(search_text="anna")

    action_runner.run(action.pk)

    action.refresh_from_db()
    assert action.state == BulkState.CANCELLED
    assert "3 people match by now, 2 when you said yes" in action.note
    assert not Contact.objects.filter(active=False).exists()


def test_nothing_is_done_to_others_than_were_agreed_to_though_they_are_as_many(
    group, people, mikko, connected
):
    Contact.objects.filter(pk=people[0].pk).update(sync_state=SyncState.FAILED)
    action = begun(BulkVerb.DELETE, group, mikko, query="state=failed")
    Contact.objects.filter(pk=people[0].pk).update(sync_state=SyncState.SYNCED)
    Contact.objects.filter(pk=people[3].pk).update(sync_state=SyncState.FAILED)

    action_runner.run(action.pk)

    action.refresh_from_db()
    assert action.state == BulkState.CANCELLED
    assert action.note == (
        "Others match by now than when you said yes. Nothing was changed: look at the list again."
    )
    assert states(people) == ["synced"] * 3 + ["failed", "synced"]


def test_two_in_place_of_two_with_the_same_sum_of_keys_are_others(group, mikko, connected):
    keys = (11, 14, 12, 13)
    for pk in keys:
        make_contact(group, pk=pk, first_name="Anna" if pk in keys[:2] else "Ben")
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    for pk, word in zip(keys, ("ben", "ben", "anna", "anna"), strict=True):
        Contact.objects.filter(pk=pk).update(search_text=word)

    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.CANCELLED, 0)
    assert Contact.objects.filter(active=True).count() == 4


def test_of_ticked_people_those_who_are_left_are_changed(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko, query="", ids=[each.pk for each in people[:3]])
    people[0].delete()

    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.SYNCING, 2)


def test_it_takes_as_many_statements_for_many_as_for_few(group, mikko, connected):
    def statements() -> int:
        action = begun(BulkVerb.DELETE, group, mikko, query="q=ben")
        with CaptureQueriesContext(database) as queries:
            action_runner.run(action.pk)
        return len(queries)

    make_contact(group, first_name="Ben"), make_contact(group, first_name="Ben")
    few = statements()
    for _ in range(40):
        make_contact(group, first_name="Ben")

    assert statements() == few < 40
