"""One thing done to many contacts: agreed to, undone, carried out whoever dies, and never to anybody else."""

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from contacts import history
from contacts.bulk import agreeing, running
from contacts.bulk.operations import DeleteAll
from contacts.bulk.verifying import Verification, VerifyContact
from contacts.editing import suppress
from contacts.models import BulkAction, BulkState, BulkVerb, Contact, SyncState
from contacts.selecting import Selection
from gateway.errors import Refused
from gateway.models import Backlog, Operation, OperationState, ServiceKind
from gateway.outbox import backlogs
from gateway.types import RemoteContact
from tests.makers import make_contact, make_operation, make_service
from tests.people import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.BULK_GRACE = 0


@pytest.fixture
def people(group):
    """Five, the first two with a name that a search finds."""
    return [make_contact(group, first_name="Anna" if number < 2 else "Ben") for number in range(5)]


@pytest.fixture
def other(kahvila):
    return make_service(kahvila, kind=ServiceKind.GROUP, name="Kanta-asiakkaat")


def begun(verb, group, by, *, query="q=anna", ids=None, **options) -> BulkAction:
    selection = Selection.of_list(group, dict([query.split("=")]) if query else {})
    if ids is not None:
        selection = Selection(group, selection.listing, tuple(ids))
    price = agreeing.price(verb, selection)
    return agreeing.begin(verb, selection, agreed=price, options=options, by=by)


def done(verb, group, by, **how) -> BulkAction:
    action = begun(verb, group, by, **how)
    running.run(action.pk)
    action.refresh_from_db()
    return action


def states(contacts) -> list[str]:
    return [Contact.objects.get(pk=each.pk).sync_state for each in contacts]


def settled(action) -> Operation:
    """SmartDialog has emptied the group."""
    [call] = Operation.objects.filter(batch=action.batch)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    DeleteAll().done(call, True)
    return call


def test_nothing_changes_before_the_time_to_undo_is_over(group, people, mikko, connected, settings):
    settings.BULK_GRACE = 60
    action = done(BulkVerb.DELETE, group, mikko)

    assert action.state == BulkState.PENDING
    assert states(people) == ["synced"] * 5
    assert agreeing.undo(action, by=mikko)
    action.begins_at = timezone.now()
    action.save(update_fields=["begins_at"])
    running.run(action.pk)

    action.refresh_from_db()
    assert (action.state, states(people)) == (BulkState.CANCELLED, ["synced"] * 5)
    assert not Operation.objects.exists()
    assert not Backlog.objects.exists()


def test_what_has_begun_is_not_undone(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert not agreeing.undo(action, by=mikko)


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


def test_nobody_who_asked_for_no_messages_is_made_active(group, kahvila, people, mikko, connected):
    suppress(kahvila, phone=people[0].phone, reason="STOP")
    Contact.objects.update(active=False)

    action = done(BulkVerb.ACTIVATE, group, mikko, query="")

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


def test_who_is_moved_is_there_and_no_longer_here(group, other, people, mikko, connected):
    action = done(BulkVerb.MOVE, group, mikko, target=other.pk)

    assert states(people) == ["deleting"] * 2 + ["synced"] * 3
    assert set(Contact.objects.filter(group=other).values_list("phone", flat=True)) == {
        each.phone for each in people[:2]
    }
    assert Backlog.objects.get(batch=action.batch).left == action.calls == 4


def test_another_worker_goes_on_where_one_died(group, people, mikko, connected, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    action = begun(BulkVerb.DEACTIVATE, group, mikko, query="")
    keep = running._keep_history
    died = iter([False, True])

    def dies(*args):
        keep(*args)
        if next(died, False):
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "_keep_history", dies)
    with pytest.raises(KeyboardInterrupt):
        running.run(action.pk)
    assert Contact.objects.filter(active=False).count() == 2
    running.run(action.pk)

    action.refresh_from_db()
    assert (action.done, Backlog.objects.get(batch=action.batch).left) == (5, 5)
    assert not Contact.objects.filter(active=True).exists()


def test_only_one_worker_carries_it_out(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    BulkAction.objects.update(leased_until=timezone.now() + timezone.timedelta(minutes=1))

    running.run(action.pk)

    assert not Contact.objects.filter(active=False).exists()


def test_it_is_paused_and_goes_on(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert agreeing.pause(action, by=mikko)
    assert Backlog.objects.get().state == "paused"
    assert agreeing.resume(action, by=mikko)
    assert Backlog.objects.get().state == "running"


def test_cancelling_keeps_what_is_done_and_drops_what_has_not_left(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    assert agreeing.cancel(action, by=mikko)
    backlogs.drop(Backlog.objects.get().pk)

    assert states(people) == ["failed"] * 2 + ["synced"] * 3
    action.refresh_from_db()
    assert (action.state, action.note) == (BulkState.CANCELLED, "Mikko cancelled it.")


def test_b10_who_comes_after_the_yes_is_not_touched(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    late = make_contact(group, first_name="Anna")

    running.run(action.pk)

    late.refresh_from_db()
    assert late.active


def test_b10_nothing_is_done_to_more_than_were_agreed_to(group, people, mikko, connected):
    action = begun(BulkVerb.DEACTIVATE, group, mikko)
    Contact.objects.filter(pk=people[2].pk).update(search_text="anna")

    running.run(action.pk)

    action.refresh_from_db()
    assert action.state == BulkState.CANCELLED
    assert "3 people match by now, 2 when you said yes" in action.note
    assert not Contact.objects.filter(active=False).exists()


def test_it_takes_as_many_statements_for_many_as_for_few(group, mikko, connected):
    def statements() -> int:
        action = begun(BulkVerb.DELETE, group, mikko, query="q=ben")
        with CaptureQueriesContext(database) as queries:
            running.run(action.pk)
        return len(queries)

    make_contact(group, first_name="Ben"), make_contact(group, first_name="Ben")
    few = statements()
    for _ in range(40):
        make_contact(group, first_name="Ben")

    assert statements() == few < 40


def verified(group, by, connected, **remote) -> Contact:
    """What becomes of the first of the people when SmartDialog has that."""
    action = done(BulkVerb.VERIFY, group, by)
    backlog = Backlog.objects.get(batch=action.batch)
    assert Verification().plan(backlog, 1) == 1
    call = Operation.objects.get(batch=action.batch)
    usual = dict.fromkeys(
        ("email", "last_name", "gender", "street_address", "zip_code", "city", "country_code"), ""
    )
    known = {"phone": call.payload["phone"], "first_name": "Anna", "birth_year": None, "failed_messages": 0}
    there = RemoteContact(**usual | known | {"properties": []} | remote)
    VerifyContact().done(call, there)
    return Contact.objects.get(pk=call.payload["contact_id"])


def test_whom_smartdialog_has_as_we_do_is_verified(group, people, mikko, connected):
    contact = verified(group, mikko, connected)

    assert contact.verified_at
    assert (contact.sync_state, contact.revision) == ("synced", 0)


def test_whom_smartdialog_has_otherwise_is_marked_and_not_changed(group, people, mikko, connected):
    contact = verified(group, mikko, connected, city="Turku", properties=[("Level", "Gold")])

    assert contact.sync_state == "failed"
    assert "something else as city, Level" in contact.sync_error
    assert (contact.city, contact.properties) == ("", {})


def test_whom_smartdialog_does_not_have_is_marked_and_is_sent_anew(group, people, mikko, connected):
    action = done(BulkVerb.VERIFY, group, mikko)
    Verification().plan(Backlog.objects.get(batch=action.batch), 1)
    call = Operation.objects.get(batch=action.batch)
    VerifyContact().refused(call, Refused("Not found.", status=404))

    contact = Contact.objects.get(pk=call.payload["contact_id"])
    assert (contact.sync_state, contact.known_remotely) == ("failed", False)
    call.refresh_from_db()
    assert call.state == OperationState.DONE


def test_a_verification_that_is_paused_goes_on_where_it_was(group, people, mikko, connected):
    action = done(BulkVerb.VERIFY, group, mikko)
    Verification().plan(Backlog.objects.get(batch=action.batch), 2)
    Backlog.objects.update(left=0)

    agreeing.pause(action, by=mikko)
    agreeing.resume(action, by=mikko)
    backlog = Backlog.objects.get(batch=action.batch)
    assert (backlog.left, Operation.objects.count()) == (2, 0)

    assert Verification().plan(backlog, 10) == 2
    assert Verification().plan(backlog, 10) == 0


# The pages


def post(person, group, **form):
    return client_of(person).post(reverse("contacts:bulk", args=[group.pk]), form)


def test_it_asks_first_with_how_many_and_what_it_costs(group, people, mikko, connected):
    asked = post(mikko, group, verb="delete", matching="yes", filter="q=anna")

    assert b"Delete 2 contacts?" in asked.content
    assert b"2 calls" in asked.content
    assert not BulkAction.objects.exists()


def test_agreed_to_it_begins_with_one_row_in_the_trail(group, people, mikko, connected):
    answer = post(mikko, group, verb="delete", matching="yes", filter="q=anna", agreed=2)

    action = BulkAction.objects.get()
    assert answer.url == reverse("contacts:bulk_action", args=[action.pk])
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.subject) == (
        "bulk_delete.agreed",
        mikko,
        f"bulkaction:{action.pk}",
    )
    assert event.after == {"whom": "“anna”", "filter": "q=anna", "people": 2, "group": group.name}


def test_b10_another_number_than_was_shown_is_asked_about_again(group, people, mikko, connected):
    asked = post(mikko, group, verb="delete", matching="yes", filter="q=anna", agreed=1)

    assert b"You were shown 1, and 2 are selected by now." in asked.content
    assert b'name="agreed" value="2"' in asked.content
    assert not BulkAction.objects.exists()


def test_b10_of_many_people_the_worker_counts_before_it_changes_anybody(
    group, people, mikko, connected, monkeypatch
):
    monkeypatch.setattr(agreeing, "QUICKLY_COUNTED", 0)
    post(mikko, group, verb="deactivate", matching="yes", filter="q=anna", agreed=1)
    action = BulkAction.objects.get()

    running.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.CANCELLED, 0)
    assert "2 people match by now, 1 when you said yes" in action.note


def test_a_large_number_has_to_be_typed(group, people, mikko, connected, monkeypatch):
    monkeypatch.setattr("contacts.bulk.forms.LARGE", 1)
    form = {"verb": "delete", "matching": "yes", "filter": "q=anna", "agreed": 2}

    for typed in ("", "1", "two"):
        assert post(mikko, group, **form, typed=typed).status_code == 200
    assert not BulkAction.objects.exists()
    assert post(mikko, group, **form, typed=" 2 ").status_code == 302


def test_a2_a_group_of_another_customer_takes_nobody(group, clienti, people, mikko, connected):
    for target in (clienti.pk, group.pk, 0, "x"):
        form = {"verb": "move", "matching": "yes", "filter": "q=anna", "agreed": 2, "target": target}
        assert post(mikko, group, **form).status_code == 200

    assert not BulkAction.objects.exists()


def test_a2_people_of_other_groups_are_as_if_not_selected(group, clienti, people, mikko, connected):
    theirs = make_contact(clienti)
    asked = post(mikko, group, verb="deactivate", contact=[theirs.pk])
    post(mikko, group, verb="deactivate", contact=[theirs.pk, people[0].pk], agreed=1)

    action = BulkAction.objects.get()
    running.run(action.pk)

    assert asked.status_code == 302
    theirs.refresh_from_db()
    assert (theirs.active, Contact.objects.filter(active=False).count()) == (True, 1)


def test_b10_fields_that_are_not_asked_for_change_nothing(group, people, mikko, connected):
    junk = {
        "customer": 1,
        "state": "done",
        "role": "admin",
        "connection": 99,
        "is_whole_group": 1,
        "calls": 0,
    }
    post(mikko, group, verb="deactivate", matching="yes", filter="q=anna", agreed=2, **junk)

    action = BulkAction.objects.get()
    assert (action.state, action.group, action.connection) == (BulkState.PENDING, group, connected)


def test_b10_more_than_a_page_of_ticks_is_no_error(group, people, mikko, connected):
    ticked = [people[0].pk, *range(10**6, 10**6 + 600)]

    assert b"Delete 1 contact?" in post(mikko, group, verb="delete", contact=ticked).content


@pytest.mark.parametrize("verb", BulkVerb)
def test_each_verb_asks_and_shows_how_far_it_is(group, other, people, mikko, vera, connected, verb):
    given = {"name": "Level", "value": "Gold", "target": other.pk}
    Contact.objects.filter(pk=people[1].pk).update(active=False)
    form = {"verb": verb, "matching": "yes", "filter": "q=anna"}

    assert post(mikko, group, **form).status_code == 200
    page = post(mikko, group, **form, **given, agreed=2).url
    for person in (mikko, vera):
        assert client_of(person).get(page).status_code == 200
    running.run(BulkAction.objects.get().pk)
    agreeing.sweep()

    fragment = client_of(mikko).get(page, headers={"HX-Request": "true"})
    assert fragment.content.lstrip().startswith(b"<section")
    assert client_of(mikko).get(reverse("contacts:group", args=[group.pk])).status_code == 200


def test_a_person_undoes_pauses_and_cancels_from_the_page(group, people, mikko, connected, settings):
    settings.BULK_GRACE = 60
    undone = begun(BulkVerb.DELETE, group, mikko)
    settings.BULK_GRACE = 0
    running_on = done(BulkVerb.DEACTIVATE, group, mikko)
    browser = client_of(mikko)

    browser.post(reverse("contacts:undoing", args=[undone.pk]))
    browser.post(reverse("contacts:pausing_bulk", args=[running_on.pk]))
    running_on.refresh_from_db()
    assert running_on.paused
    browser.post(reverse("contacts:bulk_cancellation", args=[running_on.pk]))

    assert set(BulkAction.objects.values_list("state", flat=True)) == {BulkState.CANCELLED}
