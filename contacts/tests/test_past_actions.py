"""What is done to many contacts: held while it is looked at, asked about before a cancel, listed later."""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.bulk import action_lifecycle, action_runner
from contacts.models import BulkAction, BulkState, BulkVerb, Contact
from contacts.sync.verification import GONE
from contacts.tests.bulk_actions import begun, done, states
from gateway import clock
from gateway.models import Backlog
from gateway.outbox import backlogs
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_many")]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pending(group, people, mikko, connected, settings) -> BulkAction:
    settings.BULK_GRACE = 10
    return begun(BulkVerb.DELETE, group, mikko)


def address(action: BulkAction, name: str) -> str:
    return reverse(f"contacts:{name}", args=[action.pk])


def make_older(action: BulkAction, seconds: float) -> None:
    moments = {"created_at": action.created_at, "begins_at": action.begins_at}
    earlier = {name: moment - timedelta(seconds=seconds) for name, moment in moments.items()}
    BulkAction.objects.filter(pk=action.pk).update(**earlier)
    action.refresh_from_db()


def test_while_it_is_looked_at_it_does_not_begin(pending, people, mikko):
    make_older(pending, 30)  # it would have begun twenty seconds ago
    page = client_of(mikko).post(address(pending, "holding"), headers=HTMX).content.decode()

    action_runner.run(pending.pk)

    assert states(people) == ["synced"] * 5
    assert "Starting in 30 seconds" in page
    assert action_lifecycle.undo(pending, by=mikko)


def test_it_waits_a_minute_at_most(pending, mikko):
    make_older(pending, 61)

    client_of(mikko).post(address(pending, "holding"), headers=HTMX)
    action_runner.run(pending.pk)

    pending.refresh_from_db()
    assert pending.state != BulkState.PENDING


def test_left_alone_it_begins_ten_seconds_later(pending, mikko):
    client_of(mikko).post(address(pending, "holding"), headers=HTMX)

    pending.refresh_from_db()
    assert 9 < (pending.begins_at - clock.now()).total_seconds() <= 10


def test_it_can_be_started_at_once(pending, people, mikko, settings):
    assert client_of(mikko).post(address(pending, "holding"), {"now": "yes"}).status_code == 302

    action_runner.run(pending.pk)
    assert states(people)[:2] == ["deleting"] * 2


def test_whoever_looks_at_it_in_another_tab_holds_no_more_what_was_started(pending, people, mikko, aino):
    assert action_lifecycle.start_now(pending)

    assert not action_lifecycle.start_now(pending)  # a double press
    client_of(aino).post(address(pending, "holding"), headers=HTMX)

    action_runner.run(pending.pk)
    assert states(people)[:2] == ["deleting"] * 2


def test_what_was_started_can_be_undone_until_a_worker_has_it(pending, people, mikko, aino):
    action_lifecycle.start_now(pending)

    assert action_lifecycle.undo(pending, by=aino)
    action_runner.run(pending.pk)

    assert states(people) == ["synced"] * 5


def test_without_time_to_undo_nobody_holds_anything(group, people, mikko, connected, settings):
    settings.BULK_GRACE = 0
    action = begun(BulkVerb.DELETE, group, mikko)

    client_of(mikko).post(address(action, "holding"), headers=HTMX)
    action_runner.run(action.pk)

    assert states(people)[:2] == ["deleting"] * 2


def test_what_has_begun_or_was_undone_is_held_no_more(pending, mikko):
    assert action_lifecycle.undo(pending, by=mikko)

    assert not action_lifecycle.hold(pending)
    assert not action_lifecycle.start_now(pending)
    assert "Undone" in client_of(mikko).get(address(pending, "bulk_action")).content.decode()


def test_who_only_looks_holds_nothing(pending, vera):
    assert client_of(vera).post(address(pending, "holding")).status_code == 403
    assert (
        address(pending, "holding")
        not in client_of(vera).get(address(pending, "bulk_action")).content.decode()
    )


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    ("verb", "words"),
    [
        (BulkVerb.DEACTIVATE, "Changed only here: 2 contacts"),
        (BulkVerb.DELETE, "Back in the list: 2 contacts"),
    ],
)
def test_cancelling_asks_first_with_what_it_leaves(group, people, mikko, connected, verb, words):
    action = done(verb, group, mikko)

    asked = client_of(mikko).get(address(action, "bulk_cancellation"), headers=HTMX).content.decode()

    assert words in asked
    action.refresh_from_db()
    assert action.state == BulkState.SYNCING


@pytest.mark.usefixtures("at_once")
def test_afterwards_it_says_who_was_changed_only_here(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)
    client_of(mikko).post(address(action, "bulk_cancellation"))
    backlogs.drop(Backlog.objects.get().pk)

    page = client_of(mikko).get(address(action, "bulk_action")).content.decode()
    assert "Changed only here: 2 contacts" in page

    shown = client_of(mikko).get(reverse("contacts:group", args=[group.pk]), {"state": "failed"})
    assert {each.pk for each in shown.context["page"].rows} == {each.pk for each in people[:2]}


@pytest.mark.usefixtures("at_once")
def test_verifying_says_what_it_found(group, people, mikko, connected):
    action = begun(BulkVerb.VERIFY, group, mikko)
    BulkAction.objects.filter(pk=action.pk).update(state=BulkState.DONE, begun_at=clock.now())
    found = {"sync_state": "failed", "verified_at": clock.now()}
    page = address(action, "bulk_action")
    assert "No difference was found." in client_of(mikko).get(page).content.decode()

    Contact.objects.filter(pk=people[0].pk).update(**found, sync_error=GONE)
    Contact.objects.filter(pk=people[1].pk).update(**found, sync_error="Otherwise there: city")

    assert "1 contact differs, 1 contact is not there" in client_of(mikko).get(page).content.decode()


@pytest.mark.usefixtures("at_once")
def test_past_actions_are_listed_with_what_came_of_them(group, people, mikko, vera, otto, connected):
    here = reverse("contacts:past_actions", args=[group.pk])
    done(BulkVerb.DEACTIVATE, group, mikko)
    with CaptureQueriesContext(database) as of_one:
        client_of(vera).get(here)

    for _ in range(60):
        begun(BulkVerb.DELETE, group, mikko)
    with CaptureQueriesContext(database) as of_many:
        first = client_of(vera).get(here)
    page = client_of(vera).get(here, {"before": first.context["page"].next}).content.decode()

    assert len(of_many) == len(of_one)

    assert "Opting 2 contacts out" in page
    assert "2 of 2 changed" in page
    assert client_of(otto).get(here).status_code == 404
    assert here in client_of(vera).get(reverse("contacts:group", args=[group.pk])).content.decode()
