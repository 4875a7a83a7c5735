"""Many contacts compared with what SmartDialog has of them: a call for each, and nothing is changed."""

import pytest
from django.db.models import F
from django.urls import reverse

from contacts.bulk import action_lifecycle
from contacts.consent import propagation
from contacts.models import BulkVerb, Contact, Suppression, SyncState
from contacts.sync.verification import Verification, VerifyContact
from contacts.tests.bulk_actions import done
from gateway.models import Backlog, Operation, OperationState
from gateway.outbox import QueuedCall, backlogs
from gateway.smartdialog.errors import Refused
from gateway.smartdialog.types import RemoteContact
from tests.factories import make_contact
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once", "as_many")]


def verified(group, by, connected, **remote) -> Contact:
    """What becomes of the first of the people when SmartDialog has that."""
    return answer(asked(group, by), **remote)


def answer(call: Operation, **remote) -> Contact:
    usual = dict.fromkeys(
        ("email", "last_name", "gender", "street_address", "zip_code", "city", "country_code"), ""
    )
    known = {"phone": call.payload["phone"], "first_name": "Anna", "birth_year": None, "failed_messages": 0}
    there = RemoteContact(**usual | known | {"properties": []} | remote)
    VerifyContact().done(QueuedCall(call), there)
    return Contact.objects.get(pk=call.payload["contact_id"])


def not_there(group, by) -> Contact:
    """What becomes of the first of the people when SmartDialog has nobody."""
    call = asked(group, by)
    Operation.objects.update(state=OperationState.FAILED)
    call.refresh_from_db()
    VerifyContact().refused(QueuedCall(call), Refused("Not found.", status=404))
    return Contact.objects.get(pk=call.payload["contact_id"])


def asked(group, by) -> Operation:
    """The call for the first of the people."""
    action = done(BulkVerb.VERIFY, group, by)
    assert Verification().plan(backlogs.backlog_of(action.batch), 1) == 1
    return Operation.objects.get(batch=action.batch)


def test_whom_smartdialog_has_as_we_do_is_verified(group, people, mikko, connected):
    contact = verified(group, mikko, connected)

    assert contact.verified_at
    assert (contact.sync_state, contact.revision) == ("synced", 0)


def test_a_no_that_smartdialog_tells_of_is_kept_and_holds_in_every_group(
    group, people, other, mikko, connected
):
    elsewhere = make_contact(other, phone=people[0].phone)

    contact = verified(group, mikko, connected, active=False)

    assert (contact.active, contact.sync_state, contact.revision) == (False, "synced", 1)
    assert Suppression.objects.get().phone == contact.phone
    propagation.sweep()
    elsewhere.refresh_from_db()
    assert not elsewhere.active


@pytest.mark.parametrize("says", [True, None])
def test_without_a_no_everybody_stays_active(group, people, mikko, connected, says):
    assert verified(group, mikko, connected, active=says).active
    assert not Suppression.objects.exists()


def test_whom_only_we_keep_inactive_has_said_no_no(group, people, mikko, connected):
    Contact.objects.update(active=False)

    assert not verified(group, mikko, connected, active=False).active
    assert not Suppression.objects.exists()


def test_a_no_from_before_a_change_of_ours_says_nothing(group, people, mikko, connected):
    call = asked(group, mikko)
    Contact.objects.update(revision=F("revision") + 1, sync_state=SyncState.WAITING)

    answer(call, active=False)

    assert not Contact.objects.filter(active=False).exists()


def test_whom_smartdialog_has_otherwise_is_marked_and_not_changed(group, people, mikko, connected):
    contact = verified(group, mikko, connected, city="Turku", properties=[("Level", "Gold")])

    assert contact.sync_state == "failed"
    assert "something else as city, Level" in contact.sync_error
    assert (contact.city, contact.properties) == ("", {})


def test_verified_again_whoever_differed_is_as_smartdialog_has_them_by_now(group, people, mikko, connected):
    first = verified(group, mikko, connected, city="Turku")
    other = verified(group, mikko, connected, last_name="Aalto")
    same = verified(group, mikko, connected)

    assert "something else as last name." in other.sync_error
    assert other.found_remotely == {"last_name": "Aalto"}
    assert (same.sync_state, same.sync_error, same.found_remotely) == ("synced", "", None)
    assert first.verified_at < other.verified_at < same.verified_at


def test_whoever_was_not_there_and_is_by_now_is_verified(group, people, mikko, connected):
    gone = not_there(group, mikko)
    assert gone.sync_state == "failed"

    there = verified(group, mikko, connected)

    assert (there.sync_state, there.sync_error, there.known_remotely) == ("synced", "", True)


def test_whoever_differed_and_is_not_there_by_now_differs_in_nothing(group, people, mikko, connected):
    verified(group, mikko, connected, city="Turku")

    gone = not_there(group, mikko)

    assert "does not have this contact" in gone.sync_error
    assert (gone.found_remotely, gone.known_remotely) == (None, False)


def test_what_smartdialog_refused_is_still_to_be_sent_though_it_looks_the_same(
    group, people, mikko, connected
):
    refused = {"sync_state": SyncState.FAILED, "sync_error": "Not so.", "active": False}
    Contact.objects.update(**refused)

    contact = verified(group, mikko, connected)

    assert (contact.sync_state, contact.sync_error, contact.verified_at) == ("failed", "Not so.", None)


def test_whom_smartdialog_does_not_have_is_marked_and_is_sent_anew(group, people, mikko, connected):
    contact = not_there(group, mikko)

    assert (contact.sync_state, contact.known_remotely) == ("failed", False)
    assert Operation.objects.get().state == OperationState.DONE


def test_a_verification_that_is_paused_goes_on_where_it_was(group, people, mikko, connected):
    action = done(BulkVerb.VERIFY, group, mikko)
    Verification().plan(backlogs.backlog_of(action.batch), 2)
    Backlog.objects.update(left=0)

    action_lifecycle.pause(action, by=mikko)
    action_lifecycle.resume(action, by=mikko)
    backlog = backlogs.backlog_of(action.batch)
    assert (backlog.left, Operation.objects.count()) == (2, 0)

    assert Verification().plan(backlog, 10) == 2
    assert Verification().plan(backlog, 10) == 0


# The pages


def test_how_many_messages_failed_is_on_the_sheet_once_it_was_read(group, people, mikko, connected):
    sheet = reverse("contacts:contact", args=[people[0].pk])
    assert "Failed messages" not in client_of(mikko).get(sheet).content.decode()

    contact = verified(group, mikko, connected, failed_messages=3)

    assert contact.failed_messages == 3
    page = client_of(mikko).get(reverse("contacts:contact", args=[contact.pk])).content.decode()
    assert "<dd>3, as SmartDialog counted" in page
