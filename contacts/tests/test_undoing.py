"""Taking an import back: what it added goes, what it overwrote returns, what people changed since stays."""

import pytest

from accounts.models import AuditEvent
from contacts.editing import crud, history
from contacts.importing import import_lifecycle, saving, undo_statements, undoing
from contacts.importing.undo_statements import UndoPrice
from contacts.models import BulkVerb, Contact, Import, ImportRow, ImportState, SyncState
from contacts.tests.bulk_actions import done
from contacts.tests.conftest import die_after, make_checked, make_saved, plan_calls
from gateway import outbox
from gateway.models import Backlog, Operation, OperationState
from gateway.outbox import backlogs
from gateway.sign_in.connections import NotConnected
from tests.factories import make_connection, make_contact, suppress


def undo(job: Import, by) -> Import:
    undoing.begin(job, by=by)
    undoing.undo(job.pk)
    job.refresh_from_db()
    return job


def make_sent(connection) -> None:
    """SmartDialog has taken all that waits."""
    plan_calls(connection)
    Operation.objects.update(state=OperationState.DONE, attempts=1)
    Contact.objects.update(sync_state=SyncState.SYNCED, known_remotely=True)


def test_what_smartdialog_never_heard_of_is_taken_back_without_a_call(group, mikko, connected):
    old = make_contact(
        group, phone="+358401111111", first_name="Anna", city="Oulu", properties={"Jäsentaso": "hopea"}
    )
    job = make_saved(group, mikko, "0401111111;Anne;;;1980;kulta\n0402222222;Ben\n")

    undo(job, mikko)

    old.refresh_from_db()
    assert (old.first_name, old.city, old.birth_year, old.properties) == (
        "Anna",
        "Oulu",
        None,
        {"Jäsentaso": "hopea"},
    )
    assert (old.sync_state, old.search_text.split()[0]) == (SyncState.SYNCED, "anna")
    assert list(Contact.objects.all()) == [old]
    assert job.state == ImportState.UNDONE
    assert job.undone == {"deleted": 1, "restored": 1, "left_alone": 0}
    assert outbox.progress_of(job.undo_batch).total == 0


def test_what_smartdialog_has_heard_of_costs_a_call_each(group, mikko, connected):
    old = make_contact(group, phone="+358401111111", first_name="Anna")
    job = make_saved(group, mikko, "0401111111;Anne\n0402222222;Ben\n")
    make_sent(connected)

    assert undo_statements.price(job) == UndoPrice(deleted=1, restored=1, left_alone=0, calls=2)
    undo(job, mikko)

    old.refresh_from_db()
    assert (old.first_name, old.sync_state) == ("Anna", SyncState.WAITING)
    assert Contact.objects.get(phone="+358402222222").sync_state == SyncState.DELETING
    plan_calls(connected)
    waiting = Operation.objects.filter(batch=job.undo_batch)
    assert sorted(waiting.values_list("kind", flat=True)) == ["contact.delete", "contact.update"]


def test_what_somebody_changed_since_is_left_alone_and_listed(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n0403333333;Cia\n")
    edited = Contact.objects.get(phone="+358401111111")
    crud.edit(edited, values={"first_name": "Annika"}, revision=edited.revision, by=mikko)
    suppress(group.customer, phone="+358402222222", reason="Answered STOP")

    assert undo_statements.price(job) == UndoPrice(deleted=1, restored=0, left_alone=2, calls=0)
    undo(job, mikko)

    left = Contact.objects.order_by("phone").values_list("first_name", "active")
    assert list(left) == [("Annika", True), ("Ben", False)]
    assert job.undone == {"deleted": 1, "restored": 0, "left_alone": 2}
    alone = ImportRow.objects.filter(job=job, left_alone=True)
    assert [row.line for row in alone] == [2, 3]


def test_what_a_later_import_changed_is_left_alone(group, mikko, connected):
    first = make_saved(group, mikko, "0401111111;Anna\n")
    make_saved(group, mikko, "0401111111;Anne\n")

    undo(first, mikko)

    assert Contact.objects.get().first_name == "Anne"
    assert first.undone["left_alone"] == 1


def test_imports_are_taken_back_one_after_the_other(group, mikko, connected):
    old = make_contact(group, phone="+358401111111", first_name="Anna")
    first = make_saved(group, mikko, "0401111111;Anne\n0402222222;Ben\n")
    second = make_saved(group, mikko, "0401111111;Annika\n0402222222;Benny\n")

    undo(second, mikko)
    assert list(Contact.objects.order_by("phone").values_list("first_name", flat=True)) == ["Anne", "Ben"]
    assert set(Contact.objects.values_list("last_import", flat=True)) == {first.pk}
    undo(first, mikko)

    assert first.undone == {"deleted": 1, "restored": 1, "left_alone": 0}
    old.refresh_from_db()
    assert list(Contact.objects.present()) == [old]
    assert (old.first_name, old.last_import) == ("Anna", None)


def test_what_was_edited_between_two_imports_is_left_alone_by_the_first(group, mikko, connected):
    first = make_saved(group, mikko, "0401111111;Anna\n")
    contact = Contact.objects.get()
    crud.edit(contact, values={"city": "Oulu"}, revision=contact.revision, by=mikko)
    second = make_saved(group, mikko, "0401111111;Anne\n")

    undo(second, mikko)
    undo(first, mikko)

    contact.refresh_from_db()
    assert (contact.first_name, contact.city) == ("Anna", "Oulu")
    assert first.undone["left_alone"] == 1


def test_who_was_only_sent_again_is_taken_back(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    Contact.objects.update(sync_state=SyncState.FAILED)
    crud.resend(Contact.objects.get(), by=mikko)

    undo(job, mikko)

    assert job.undone == {"deleted": 1, "restored": 0, "left_alone": 0}


def test_what_differed_at_smartdialog_is_forgotten_by_an_import_and_by_its_undo(group, mikko, connected):
    found = {"city": "Turku"}
    old = make_contact(group, phone="+358401111111", first_name="Anna", found_remotely=found)
    job = make_saved(group, mikko, "0401111111;Anne\n")
    old.refresh_from_db()
    assert old.found_remotely is None

    Contact.objects.update(found_remotely=found)
    undo(job, mikko)

    old.refresh_from_db()
    assert (old.first_name, old.found_remotely) == ("Anna", None)


@pytest.mark.usefixtures("at_once")
def test_who_was_sent_again_among_many_is_taken_back_there_as_well(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    import_lifecycle.cancel(job, by=mikko)
    plan_calls(connected)
    Contact.objects.update(backlog=None, sync_state=SyncState.FAILED)
    done(BulkVerb.SEND, group, mikko, query="state=failed")
    assert Operation.objects.filter(kind="contact.create", state=OperationState.WAITING).count() == 2

    undo(job, mikko)
    plan_calls(connected)

    assert job.undone == {"deleted": 2, "restored": 0, "left_alone": 0}
    last = [
        Operation.objects.filter(subject=f"contact:{each.pk}").latest("pk") for each in Contact.objects.all()
    ]
    assert [each.kind for each in last] == ["contact.delete_ours"] * 2


def test_who_was_given_another_number_since_is_left_alone(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    make_sent(connected)
    anna = Contact.objects.get(phone="+358401111111")
    crud.edit(anna, values={}, revision=anna.revision, by=mikko, phone="+358403333333")

    assert undo_statements.price(job) == UndoPrice(deleted=1, restored=0, left_alone=1, calls=1)
    undo(job, mikko)

    assert job.undone == {"deleted": 1, "restored": 0, "left_alone": 1}
    assert list(Contact.objects.present()) == [anna]


def test_the_history_of_a_contact_tells_of_both(group, mikko, connected):
    old = make_contact(group, phone="+358401111111", first_name="Anna", city="Oulu")
    undo(make_saved(group, mikko, "0401111111;Anne\n"), mikko)

    taken_back, brought = history.of_contact(old)
    assert "undone" in taken_back.text
    assert taken_back.changes == [("First name", "Anne", "Anna")]
    assert brought.changes == [("First name", "Anna", "Anne")]


def test_who_was_being_deleted_before_is_deleted_again(group, mikko, connected):
    make_contact(group, phone="+358401111111", first_name="Anna", sync_state=SyncState.DELETING)
    job = make_saved(group, mikko, "0401111111;Anne\n")

    undo(job, mikko)

    assert Contact.objects.get().sync_state == SyncState.DELETING
    assert (job.undone["deleted"], outbox.progress_of(job.undo_batch).waiting) == (1, 1)


def test_taking_back_is_in_the_trail_with_its_figures(group, mikko, connected):
    job = undo(make_saved(group, mikko, "0401111111;Anna\n"), mikko)

    event = AuditEvent.objects.get(verb="import.undone")
    assert (event.actor, event.after["deleted"]) == (mikko, 1)
    assert AuditEvent.objects.filter(verb="import.undo_confirmed").exists()
    assert (job.undone_by, job.undone_at is None) == (mikko, False)


def test_an_import_is_taken_back_once_and_not_before_it_is_saved(group, mikko, connected):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    assert not undoing.begin(job, by=mikko)
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert undoing.begin(job, by=mikko)
    undoing.undo(job.pk)

    assert not undoing.begin(job, by=mikko)


def test_nobody_takes_back_without_a_connection(group, mikko, connected, aino):
    job = make_saved(group, mikko, "0401111111;Anna\n")

    with pytest.raises(NotConnected):
        undoing.begin(job, by=aino)


def test_what_was_saved_before_a_cancellation_can_be_taken_back(group, mikko, connected, monkeypatch):
    monkeypatch.setattr(saving, "CHUNK", 3)  # the header and two rows
    monkeypatch.setattr(undoing, "CHUNK", 2)
    job = make_checked(group, mikko, "".join(f"04011111{n:02};Anna\n" for n in range(5)))
    import_lifecycle.confirm(job, by=mikko)
    die_after(monkeypatch, saving, "_save_chunk", calls=1)
    saving.save(job.pk)
    import_lifecycle.cancel(job, by=mikko)
    backlogs.drop(Backlog.objects.get().pk)
    job.refresh_from_db()

    undo(job, mikko)

    assert not Contact.objects.exists()
    assert job.undone == {"deleted": 2, "restored": 0, "left_alone": 0}


def test_a_killed_undo_goes_on_where_it_was(group, mikko, connected, monkeypatch):
    monkeypatch.setattr(undoing, "CHUNK", 2)
    job = make_saved(group, mikko, "".join(f"04011111{n:02};Anna\n" for n in range(5)))
    undoing.begin(job, by=mikko)
    with monkeypatch.context() as patch:
        die_after(patch, undoing, "_undo_chunk", calls=1)
        undoing.undo(job.pk)

    undoing.undo(job.pk)

    job.refresh_from_db()
    assert job.undone["deleted"] == 5
    assert not Contact.objects.exists()


def test_an_undo_whose_connection_is_gone_waits_for_somebody_else(group, mikko, connected, aino):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    undoing.begin(job, by=mikko)
    connected.delete()

    undoing.undo(job.pk)

    job.refresh_from_db()
    assert (job.state, Contact.objects.count()) == (ImportState.DONE, 1)
    make_connection(aino)
    assert undo(job, aino).undone["deleted"] == 1
    assert not Contact.objects.exists()
