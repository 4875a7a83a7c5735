"""What is done and old is kept no longer than settings say."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEvent
from contacts.bulk import action_lifecycle, action_runner
from contacts.importing import import_lifecycle, saving
from contacts.models import (
    BulkAction,
    BulkPart,
    BulkVerb,
    Contact,
    Import,
    ImportRow,
    ImportState,
    StoredChunk,
    StoredFile,
)
from contacts.tests.bulk_actions import begun, done
from contacts.tests.conftest import make_checked, make_saved, stored_names
from gateway import clock
from gateway.models import HookEvent, HookKind, HookSubscription, Operation, OperationState
from gateway.workers import retention
from tests.factories import make_contact, make_operation
from tests.people import client_of

pytestmark = pytest.mark.django_db

SAID = {"contact": {"first_name": "Anna"}}


@pytest.fixture
def later(monkeypatch):
    def move(days: float) -> None:
        now = timezone.now() + timedelta(days=days)
        monkeypatch.setattr(clock, "now", lambda: now)
        retention.prune()

    return move


def test_every_rule_has_its_days(settings):
    assert retention.RULES.names() == set(settings.RETENTION_DAYS)


@pytest.mark.parametrize("state", [OperationState.DONE, OperationState.CANCELLED])
def test_what_a_call_said_is_emptied_when_it_is_done_and_old(connected, later, state):
    call = make_operation(connected, state=state, payload=SAID, settled_at=clock.now())

    later(29)
    assert Operation.objects.get(pk=call.pk).payload == SAID
    later(31)
    assert Operation.objects.get(pk=call.pk).payload == {}


@pytest.mark.parametrize("state", [OperationState.WAITING, OperationState.FAILED, OperationState.UNKNOWN])
def test_what_may_be_tried_again_stays(connected, later, state):
    call = make_operation(connected, state=state, payload=SAID, settled_at=clock.now())

    later(400)

    assert Operation.objects.get(pk=call.pk).payload == SAID


@pytest.mark.parametrize(("state", "stays"), [("done", False), ("quarantined", True), ("parked", True)])
def test_what_smartdialog_sent_is_emptied_when_it_is_read_and_old(kahvila, later, state, stays):
    hook = HookSubscription.objects.create(customer=kahvila, kind=HookKind.INBOUND)
    event = HookEvent.objects.create(subscription=hook, body=b"Anna", query="a=1", state=state)

    later(31)

    event.refresh_from_db()
    assert bool(event.body) == bool(event.query) == stays


def test_a_file_that_nobody_goes_on_with_is_deleted_with_its_rows(group, mikko, connected, later):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    assert stored_names() == [job.stored_name]

    later(13)
    assert stored_names() == [job.stored_name]
    later(15)

    job.refresh_from_db()
    assert (job.state, stored_names()) == (ImportState.CANCELLED, [])
    assert not ImportRow.objects.exists()
    assert Import.objects.get().samples == []


def test_the_file_of_a_save_that_stays_paused_goes_and_the_save_can_go_on(group, mikko, connected, later):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    import_lifecycle.confirm(job, by=mikko)
    import_lifecycle.pause(job, by=mikko)

    later(15)

    assert stored_names() == []
    import_lifecycle.resume(job, by=mikko)
    saving.save(job.pk)
    assert Contact.objects.count() == 1


def test_a_file_of_no_import_is_deleted(later):
    StoredFile.objects.create(name="left", size=4).chunks.create(number=0, data=b"Anna")
    broken_off = StoredFile.objects.create(name="not whole")
    broken_off.chunks.create(number=0, data=b"Ben")

    later(13)
    assert stored_names() == ["left", "not whole"]
    later(15)

    assert stored_names() == []
    assert not StoredChunk.objects.exists()


def test_a_session_that_has_ended_is_deleted(later):
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=timezone.now() - timedelta(1))

    later(0)

    assert not Session.objects.exists()


def test_what_smartdialog_said_of_people_goes_with_what_the_call_said(connected, later):
    said = {"reason": "refused", "reason_params": {"words": "Anna is no name"}}
    call = make_operation(connected, state="cancelled", payload=SAID, settled_at=clock.now(), **said)

    later(31)

    call.refresh_from_db()
    assert (call.reason, call.reason_params) == ("", {})


def test_rows_of_an_import_and_changes_of_many_go_after_a_year(group, mikko, connected, at_once, later):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    done(BulkVerb.SET_PROPERTY, group, mikko, query="", name="Level", value="Gold")
    Import.objects.update(state="done", finished_at=clock.now())
    BulkAction.objects.update(state="done", finished_at=clock.now())

    later(364)
    job.refresh_from_db()
    assert (ImportRow.objects.count(), BulkPart.objects.count(), job.can_undo) == (1, 1, True)
    later(366)
    assert (ImportRow.objects.count(), BulkPart.objects.count(), job.can_undo) == (0, 0, False)


def test_rows_of_an_import_that_was_dropped_go_with_what_is_abandoned(group, mikko, connected, later):
    job = make_checked(group, mikko, "0401111111;Anna\n")
    import_lifecycle.cancel(job, by=mikko)

    later(13)
    assert ImportRow.objects.exists()
    later(15)
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize("ends", ["done", "cancelled", "undone"])
def test_an_action_forgets_its_search_when_it_ends(group, mikko, connected, settings, ends):
    settings.BULK_GRACE = 0 if ends == "done" else 60
    make_contact(group, first_name="Zyxqvia")
    action = begun(BulkVerb.DEACTIVATE, group, mikko, query="q=Zyxqvia")
    if ends == "done":
        action_runner.run(action.pk)
        Operation.objects.all().delete()
        action_lifecycle.sweep()
    else:
        {"cancelled": action_lifecycle.cancel, "undone": action_lifecycle.undo}[ends](action, by=mikko)

    action.refresh_from_db()
    assert (action.is_over, action.filter) == (True, "")


@pytest.mark.usefixtures("at_once")
def test_nothing_that_was_searched_for_stays_of_a_bulk_action(group, mikko, connected, later):
    make_contact(group, first_name="Zyxqvia")
    done(BulkVerb.DEACTIVATE, group, mikko, query="q=Zyxqvia")
    BulkAction.objects.update(state="done", finished_at=clock.now())

    later(2)

    action = BulkAction.objects.get()
    assert (action.whom, action.filter) == ("A search", "")
    assert "Zyxqvia" not in str(list(AuditEvent.objects.values_list("after", "subject_text")))


def test_an_export_keeps_no_search_words(group, mikko):
    make_contact(group, first_name="Zyxqvia")
    page = reverse("contacts:export", args=[group.pk])

    client_of(mikko).post(page, {"matching": "yes", "filter": "q=Zyxqvia", "format": "csv"})

    told = AuditEvent.objects.get(verb="contacts.exported").after
    assert told == {"whom": "A search", "people": 1, "file": "csv"}
