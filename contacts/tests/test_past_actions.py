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
from contacts.tests.conftest import plan_calls
from gateway import clock
from gateway.models import Backlog, Operation, OperationState
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
@pytest.mark.parametrize(
    ("how_many", "words"), [(0, "No difference was found."), (2, "1 contact differs, 1 contact is not there")]
)
def test_verifying_says_what_it_found_and_later_still(group, people, mikko, connected, how_many, words):
    action = begun(BulkVerb.VERIFY, group, mikko)
    BulkAction.objects.filter(pk=action.pk).update(state=BulkState.SYNCING, begun_at=clock.now())
    found = {"sync_state": "failed", "verified_at": clock.now()}
    for contact, error in list(zip(people, (GONE, "Otherwise there: city"), strict=False))[:how_many]:
        Contact.objects.filter(pk=contact.pk).update(**found, sync_error=error)

    action_lifecycle.sweep()
    Contact.objects.update(sync_state="synced")

    for page in (address(action, "bulk_action"), reverse("contacts:past_actions", args=[group.pk])):
        assert words in client_of(mikko).get(page).content.decode()


@pytest.mark.usefixtures("at_once")
def test_calls_that_failed_are_part_of_the_result(group, people, mikko, connected):
    action = done(BulkVerb.DEACTIVATE, group, mikko)
    plan_calls(connected)
    Operation.objects.update(state=OperationState.FAILED)
    action_lifecycle.sweep()

    page = client_of(mikko).get(address(action, "bulk_action")).content.decode()
    listed = client_of(mikko).get(reverse("contacts:past_actions", args=[group.pk])).content.decode()

    assert "SmartDialog has not taken all of it" in page
    assert "saved and synced" not in page
    assert "2 of 2 changed, 2 calls failed" in listed


@pytest.mark.usefixtures("at_once")
def test_cancelling_a_move_counts_calls_and_says_where_people_are(group, other, people, mikko, connected):
    action = done(BulkVerb.MOVE, group, mikko, target=other.pk, into=other.name)

    asked = client_of(mikko).get(address(action, "bulk_cancellation"), headers=HTMX).content.decode()
    client_of(mikko).post(address(action, "bulk_cancellation"))
    backlogs.drop(Backlog.objects.get().pk)
    page = client_of(mikko).get(address(action, "bulk_action")).content.decode()

    for said in (asked, page):
        assert "Calls that are not made: 4" in said
        assert f"Who is not in {other.name} there is “Not synced”" in said
    assert states(people[:2]) == ["synced"] * 2
    assert set(other.contacts.values_list("sync_state", flat=True)) == {"unsent"}


@pytest.mark.usefixtures("at_once")
def test_after_a_cancelled_deletion_it_says_who_is_back(group, people, mikko, connected):
    action = done(BulkVerb.DELETE, group, mikko)
    plan_calls(connected)

    client_of(mikko).post(address(action, "bulk_cancellation"))
    page = client_of(mikko).get(address(action, "bulk_action")).content.decode()
    backlogs.drop(Backlog.objects.get().pk)

    assert "Back in the list: 2 contacts" in page
    assert states(people[:2]) == ["synced"] * 2


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
