"""Many contacts compared with what SmartDialog has of them: a call for each, and nothing is changed."""

import pytest

from contacts.bulk import agreeing
from contacts.bulk.verifying import Verification, VerifyContact
from contacts.models import BulkVerb, Contact
from contacts.tests.bulk_actions import done
from gateway.errors import Refused
from gateway.models import Backlog, Operation, OperationState
from gateway.types import RemoteContact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


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
