"""An import is paused, resumed and cancelled by people, wherever it is."""

from datetime import timedelta

import pytest
from django.urls import reverse

from contacts.importing import checking, import_lifecycle, saving
from contacts.importing.import_progress import check_progress_of, progress_of
from contacts.models import Contact, Import, ImportState
from contacts.tests.conftest import make_checked, make_import, make_saved, plan_calls
from gateway import clock, outbox
from gateway.models import Operation
from tests.people import client_of


def test_nothing_is_read_while_it_is_paused(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    assert import_lifecycle.pause(job, by=mikko)
    checking.check(job.pk)
    assert not job.rows.exists()
    assert import_lifecycle.resume(job, by=mikko)
    checking.check(job.pk)

    job.refresh_from_db()
    assert job.state == ImportState.CHECKED


def test_a_pause_takes_effect_between_two_chunks(group, mikko, connected, monkeypatch):
    monkeypatch.setattr(saving, "CHUNK", 3)  # the header and two rows
    job = make_checked(group, mikko, "".join(f"04011111{n:02};Anna\n" for n in range(5)))
    import_lifecycle.confirm(job, by=mikko)

    saving.save(job.pk, on_progress=lambda job: import_lifecycle.pause(job, by=mikko))
    assert Contact.objects.count() == 2
    job.refresh_from_db()
    assert (job.paused, job.saved) == (True, 2)

    import_lifecycle.resume(job, by=mikko)
    saving.save(job.pk)

    job.refresh_from_db()
    assert (Contact.objects.count(), job.saved, job.state) == (5, 5, ImportState.SYNCING)


def test_a_sweep_leaves_what_is_paused(group, mikko, connected, monkeypatch):
    job = make_import(group, mikko, "0401111111;Anna\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    import_lifecycle.pause(job, by=mikko)

    assert not Import.objects.stalled().exists()


def test_no_call_is_planned_while_sending_is_paused(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")

    import_lifecycle.pause(job, by=mikko)
    plan_calls(connected)
    assert not Operation.objects.exists()
    import_lifecycle.resume(job, by=mikko)
    plan_calls(connected)

    assert Operation.objects.filter(batch=job.batch).count() == 1


def test_what_is_over_is_neither_paused_nor_resumed_nor_cancelled(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    import_lifecycle.cancel(job, by=mikko)

    assert not import_lifecycle.pause(job, by=mikko)
    assert not import_lifecycle.resume(job, by=mikko)
    assert not import_lifecycle.cancel(job, by=mikko)


def test_a_paused_import_can_be_cancelled(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    import_lifecycle.pause(job, by=mikko)

    assert import_lifecycle.cancel(job, by=mikko)

    job.refresh_from_db()
    assert (job.state, job.paused) == (ImportState.CANCELLED, False)
    assert outbox.progress_of(job.batch).waiting == 0


@pytest.mark.parametrize(
    ("state", "before", "after"),
    [
        (ImportState.CHECKING, {"counts": {"new": 100}}, {"counts": {"new": 150, "changed": 50}}),
        (ImportState.SAVING, {"saved": 100}, {"saved": 200}),
        (ImportState.UNDOING, {"undone": {"deleted": 100}}, {"undone": {"deleted": 150, "restored": 50}}),
    ],
)
def test_the_pace_is_of_what_was_done_since_it_was_resumed(group, mikko, monkeypatch, state, before, after):
    job, began = make_import(group, mikko, "Phone\n0401234567\n"), clock.now()
    an_hour_ago = began - timedelta(hours=1)
    Import.objects.filter(pk=job.pk).update(state=state, paused=True, paced_at=an_hour_ago, **before)
    job.refresh_from_db()
    import_lifecycle.resume(job, by=mikko)
    Import.objects.filter(pk=job.pk).update(**after)
    job.refresh_from_db()

    monkeypatch.setattr(clock, "now", lambda: began + timedelta(seconds=10))

    followed = check_progress_of(job) if state == ImportState.CHECKING else progress_of(job)
    assert followed.rows_a_second == 10


def test_a_paused_import_is_listed_as_paused_until_it_is_over(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    assert import_lifecycle.pause(job, by=mikko)

    browser = client_of(mikko)
    for page in (reverse("contacts:imports", args=[group.pk]), reverse("contacts:groups")):
        assert "Paused" in browser.get(page).content.decode()

    import_lifecycle.cancel(Import.objects.get(), by=mikko)
    assert Import.objects.get().status == ("cancelled", "Cancelled")
