"""Few contacts that a person waits for: their calls go before those that many wait for."""

import pytest

from contacts.bulk import action_lifecycle
from contacts.models import BulkVerb, Contact
from contacts.models.bulk import INTERACTIVE_UP_TO
from contacts.tests.bulk_actions import done
from contacts.tests.conftest import make_saved
from gateway.models import Backlog, Lane, Operation
from gateway.outbox import claiming
from tests.factories import make_contact
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


@pytest.mark.parametrize("verb", [BulkVerb.VERIFY, BulkVerb.DEACTIVATE, BulkVerb.DELETE])
def test_their_calls_do_not_wait_for_an_import(group, people, mikko, connected, verb):
    make_saved(group, mikko, "0401111111;Ulla\n0402222222;Eino\n")

    action = done(verb, group, mikko)

    calls = Operation.objects.filter(batch=action.batch)
    assert list(calls.values_list("lane", flat=True)) == [Lane.INTERACTIVE] * 2
    assert Backlog.objects.get(batch=action.batch).left == 0
    assert claiming.due_operations(connected).first() in calls


def test_many_wait_for_their_turn(group, mikko, connected):
    for _ in range(INTERACTIVE_UP_TO + 1):
        make_contact(group, first_name="Anna")

    action = done(BulkVerb.VERIFY, group, mikko)

    backlog = Backlog.objects.get(batch=action.batch)
    assert (backlog.lane, backlog.left) == (Lane.BULK, INTERACTIVE_UP_TO + 1)
    assert not Operation.objects.exists()


def test_they_are_paused_and_go_on(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)

    action_lifecycle.pause(action, by=mikko)
    assert Contact.objects.exclude(backlog=None).count() == 2
    assert not Operation.objects.exists()
    action_lifecycle.resume(action, by=mikko)

    assert Backlog.objects.running().get().left == 2


def test_their_price_does_not_wait_for_an_import(group, people, mikko, connected):
    make_saved(group, mikko, "0401111111;Ulla\n0402222222;Eino\n")
    ticked = {"verb": "verify", "contact": [people[0].pk]}

    asked = client_of(mikko).post(f"/contacts/{group.pk}/bulk/", ticked).content.decode()

    assert "a few seconds, done " in asked
    assert "that wait" not in asked
