"""A file's way into a group: checked without a change, saved with a call for each row that changes it."""

from django.db import transaction

from contacts.importing import checking, import_lifecycle, saving
from contacts.models import Contact, Import, ImportRow, ImportState, SyncState
from contacts.tests.conftest import (
    die_after,
    make_checked,
    make_import,
    make_saved,
    plan_calls,
    stored_names,
)
from gateway import outbox
from gateway.models import Backlog, Operation
from gateway.outbox import backlogs
from gateway.workers.leases import LeaseLost
from tests.factories import make_contact, suppress


def kinds(job: Import) -> dict[int, str]:
    return dict(ImportRow.objects.filter(job=job).values_list("line", "kind"))


def test_each_row_is_one_of_six_kinds(group, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna")
    make_contact(group, phone="+358402222222", first_name="Ben")
    make_contact(group, phone="+358403333333", active=False)

    job = make_checked(
        group,
        mikko,
        "040 1111111;Anne\n0402222222;Ben\n0403333333;Cia\n0404444444;Dan\n+358404444444;Dan\n040;Eve\n\n",
    )

    assert list(kinds(job).values()) == ["changed", "unchanged", "opted_out", "new", "duplicate", "invalid"]
    assert job.state == ImportState.CHECKED
    assert job.counts == dict.fromkeys(
        ["changed", "unchanged", "opted_out", "new", "duplicate", "invalid"], 1
    )
    assert job.calls == 2


def test_a_changed_row_says_what_was_and_what_will_be(group, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna", properties={"Jäsentaso": "hopea"})

    job = make_checked(group, mikko, "0401111111;Anne;;;;kulta\n")

    assert job.rows.get().changes == {
        "first_name": ["Anna", "Anne"],
        "property:Jäsentaso": ["hopea", "kulta"],
    }


def test_a_blank_cell_keeps_what_is_there(group, mikko, connected):
    contact = make_contact(group, phone="+358401111111", first_name="Anna", email="anna@example.fi")

    make_saved(group, mikko, "0401111111;Anne;;;;\n")

    contact.refresh_from_db()
    assert (contact.first_name, contact.email) == ("Anne", "anna@example.fi")


def test_a_bad_optional_cell_is_left_out_and_the_row_is_taken(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna;;anna(at)example.fi;-74;kulta\n")

    contact = Contact.objects.get()
    assert (contact.first_name, contact.email, contact.birth_year) == ("Anna", "", None)
    assert [problem["target"] for problem in job.rows.get().problems] == ["email", "birth_year"]


def test_only_new_and_changed_rows_cost_a_call(group, mikko, connected):
    make_contact(group, phone="+358401111111", first_name="Anna")
    changed = make_contact(group, phone="+358402222222", first_name="Ben")

    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Benny\n0403333333;Cia\n")

    assert (outbox.progress_of(job.batch).waiting, Operation.objects.count()) == (2, 0)
    plan_calls(connected)
    operations = Operation.objects.filter(batch=job.batch)
    assert sorted(operations.values_list("kind", flat=True)) == ["contact.create", "contact.update"]
    assert operations.get(kind="contact.update").subject == f"contact:{changed.pk}"
    assert operations.get(kind="contact.create").payload["contact"]["active"] is True
    assert (job.state, job.saved) == (ImportState.SYNCING, 2)


def test_importing_the_same_file_again_changes_nothing(group, mikko, connected):
    text = "0401111111;Anna;;anna@example.fi;1980;kulta\n0402222222;Ben;;;;\n"
    make_saved(group, mikko, text)

    again = make_checked(group, mikko, text)

    assert again.counts == {"unchanged": 2}


def test_a_file_never_reactivates_somebody(group, mikko, connected):
    contact = make_contact(group, phone="+358401111111", first_name="Anna", active=False)
    suppress(group.customer, phone="+358402222222", reason="Answered STOP")

    job = make_saved(group, mikko, "0401111111;Anne\n0402222222;Ben\n")

    contact.refresh_from_db()
    assert (contact.active, contact.first_name) == (False, "Anna")
    assert job.counts == {"opted_out": 2}
    assert outbox.progress_of(job.batch).total == 0


def test_who_opts_out_between_check_and_save_is_left_alone(group, mikko, connected):
    make_contact(group, phone="+358401111111", first_name="Anna")
    job = make_checked(group, mikko, "0401111111;Anne\n0402222222;Ben\n")
    suppress(group.customer, phone="+358401111111", reason="Answered STOP")
    suppress(group.customer, phone="+358402222222", reason="Answered STOP")

    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    job.refresh_from_db()
    assert job.counts == {"opted_out": 2}
    assert outbox.progress_of(job.batch).total == 0


def test_who_is_being_deleted_comes_back_as_new(group, mikko, connected):
    contact = make_contact(
        group, phone="+358401111111", first_name="Anna", city="Oulu", sync_state=SyncState.DELETING
    )

    job = make_saved(group, mikko, "0401111111;Anne\n")

    contact.refresh_from_db()
    assert job.counts == {"new": 1}
    assert (contact.first_name, contact.city, contact.sync_state) == ("Anne", "", SyncState.WAITING)
    plan_calls(connected)
    assert Operation.objects.get().kind == "contact.create"


def test_a_killed_check_goes_on_from_its_last_chunk(group, mikko, monkeypatch):
    monkeypatch.setattr(checking, "CHUNK", 2)
    job = make_import(group, mikko, "".join(f"04011111{n:02};Anna\n" for n in (1, 2, 3, 1, 5)))
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    die_after(monkeypatch, checking, "_check_chunk", calls=1)

    checking.check(job.pk)
    assert len(kinds(job)) == 2
    monkeypatch.undo()
    checking.check(job.pk)

    job.refresh_from_db()
    assert kinds(job) == {2: "new", 3: "new", 4: "new", 5: "duplicate", 6: "new"}
    assert job.counts == {"new": 4, "duplicate": 1}


def test_a_killed_save_goes_on_without_doing_a_row_twice(group, mikko, connected, monkeypatch):
    monkeypatch.setattr(saving, "CHUNK", 3)  # the header and two rows
    job = make_checked(group, mikko, "".join(f"04011111{n:02};Anna\n" for n in range(5)))
    import_lifecycle.confirm(job, by=mikko)
    die_after(monkeypatch, saving, "_save_chunk", calls=1)

    saving.save(job.pk)
    assert Contact.objects.count() == 2
    monkeypatch.undo()
    saving.save(job.pk)

    job.refresh_from_db()
    assert (Contact.objects.count(), outbox.progress_of(job.batch).waiting, job.saved) == (5, 5, 5)


def test_a_chunk_is_done_again_when_somebody_adds_a_number_of_it_in_between(
    group, mikko, connected, monkeypatch
):
    compared, added = saving._Chunk._compare_again, []

    def add_after_comparing(chunk):
        compared(chunk)
        if not added:
            added.append(make_contact(group, phone="+358401111111"))

    monkeypatch.setattr(saving._Chunk, "_compare_again", add_after_comparing)
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n")

    assert added
    assert job.saved == outbox.progress_of(job.batch).waiting == 2
    assert set(Contact.objects.values_list("first_name", flat=True)) == {"Anna", "Ben"}


def test_a_worker_that_wakes_too_late_writes_nothing(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    late = import_lifecycle.acquire(job.pk, ImportState.CHECKING)
    Import.objects.update(leased_until=None)

    checking.check(job.pk)

    assert late is not None
    try:
        late.write(cursor=0)
    except LeaseLost:
        return
    raise AssertionError("a lost lease wrote")


def test_cancelling_keeps_what_is_saved_and_stops_the_calls(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")

    assert import_lifecycle.cancel(job, by=mikko)

    backlogs.drop(Backlog.objects.get().pk)
    contact = Contact.objects.get()
    assert (contact.sync_state, outbox.progress_of(job.batch).cancelled) == (SyncState.UNSENT, 1)
    assert "cancelled before SmartDialog was told" in contact.sync_error
    assert not import_lifecycle.cancel(job, by=mikko)


def test_the_sweep_finds_stalled_work_and_ends_what_is_sent(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    import_lifecycle.sweep()
    job.refresh_from_db()
    assert job.state == ImportState.SYNCING

    plan_calls(connected)
    Operation.objects.update(state="done")
    import_lifecycle.sweep()

    job.refresh_from_db()
    assert job.state == ImportState.DONE


def test_the_file_goes_when_it_is_no_longer_needed(group, mikko, connected, uploads):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    assert stored_names() == [job.stored_name]
    assert list(uploads.iterdir()) == []  # a copy is there only while it is read

    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert stored_names() == []


def test_a_cancelled_import_loses_its_file_once_that_is_committed(
    group, mikko, connected, django_capture_on_commit_callbacks
):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    with transaction.atomic():
        import_lifecycle.cancel(job, by=mikko)
        transaction.set_rollback(True)  # what it is part of was not done
    assert stored_names() == [job.stored_name]

    with django_capture_on_commit_callbacks(execute=True):
        import_lifecycle.cancel(job, by=mikko)
    assert stored_names() == []


def test_the_first_rows_are_kept_until_no_columns_can_be_chosen(group, mikko, connected):
    saved = make_checked(group, mikko, "0401111111;Anna\n")
    cancelled = make_checked(group, mikko, "0402222222;Ben\n")
    assert [saved.samples, cancelled.samples] == [[["0401111111", "Anna"]], [["0402222222", "Ben"]]]

    import_lifecycle.confirm(saved, by=mikko)
    import_lifecycle.cancel(cancelled, by=mikko)
    refused = make_checked(group, mikko, "0403333333;Cia\n" * 600 + '0404444444;"Dan\n')

    assert refused.state == ImportState.REFUSED
    assert not Import.objects.exclude(samples=[]).exists()


def test_an_import_whose_connection_is_gone_ends_and_saves_nothing(group, mikko, connected):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    import_lifecycle.confirm(job, by=mikko)
    connected.delete()

    saving.save(job.pk)

    job.refresh_from_db()
    assert (job.state, job.finished_at is None) == (ImportState.CANCELLED, False)
    assert not Contact.objects.exists()
    assert stored_names() == []
