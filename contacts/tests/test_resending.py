"""Many contacts that SmartDialog does not have as they are here, sent to it."""

import pytest

from contacts.bulk import action_lifecycle
from contacts.importing import import_lifecycle
from contacts.listing.selection import Selection
from contacts.models import BulkVerb, Contact, SyncState
from contacts.sync.verification import GONE
from contacts.tests.bulk_actions import done, states
from contacts.tests.conftest import make_saved, plan_calls
from gateway.models import Backlog, Operation, OperationState
from gateway.outbox import backlogs
from tests.factories import make_contact, make_operation
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "as_many")]


def test_whom_a_cancelled_import_left_here_is_sent(group, people, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Ulla\n0402222222;Eino\n")
    import_lifecycle.cancel(job, by=mikko)
    backlogs.drop(Backlog.objects.get().pk)

    action = done(BulkVerb.SEND, group, mikko, query="state=failed")
    plan_calls(connected)

    assert (action.agreed, action.calls, action.done) == (2, 2, 2)
    calls = Operation.objects.filter(batch=action.batch)
    assert sorted(call.payload["contact"]["first_name"] for call in calls) == ["Eino", "Ulla"]
    assert set(Contact.objects.filter(last_import=job).values_list("sync_state", "sync_error")) == {
        (SyncState.WAITING, "")
    }


def test_who_is_there_or_on_the_way_is_left_as_they_are(group, people, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Ulla\n")

    assert action_lifecycle.price(BulkVerb.SEND, Selection.from_query(group, {})).changing == 0
    plan_calls(connected)
    action = done(BulkVerb.SEND, group, mikko, query="")

    assert (action.done, action.left_out) == (0, 6)
    assert Operation.objects.get().batch == job.batch


def test_whoever_lost_their_call_is_sent(group, mikko, connected):
    lost = make_contact(group, sync_state=SyncState.WAITING)
    make_operation(connected, subject=f"contact:{lost.pk}", state=OperationState.CANCELLED)

    assert done(BulkVerb.SEND, group, mikko, query="").done == 1


def test_of_whom_smartdialog_has_something_else_a_person_decides(group, mikko, connected):
    failed = {"sync_state": SyncState.FAILED, "first_name": "Anna"}
    differs = make_contact(group, **failed, found_remotely={"city": "Oulu"})
    gone = make_contact(group, **failed, sync_error=GONE, known_remotely=False)

    done(BulkVerb.SEND, group, mikko)

    assert states([differs, gone]) == ["failed", "waiting"]


def test_what_failed_before_needs_nobody_any_more(group, mikko, connected):
    contact = make_contact(group, first_name="Anna", sync_state=SyncState.FAILED)
    make_operation(connected, subject=f"contact:{contact.pk}", state=OperationState.FAILED)

    done(BulkVerb.SEND, group, mikko)

    assert Operation.objects.get().state == OperationState.CANCELLED


def test_the_page_asks_with_what_it_costs_and_says_who_is_left_out(group, people, mikko, connected):
    make_contact(group, sync_state=SyncState.FAILED)
    chosen = {"verb": "send", "matching": "yes", "filter": ""}

    asked = client_of(mikko).post(f"/contacts/{group.pk}/bulk/", chosen).content.decode()

    assert "Send 6 contacts to SmartDialog?" in asked
    assert "1 will be sent, 5 will not." in asked
    assert "a few seconds, done " in asked
