"""One thing done to many contacts, on its pages: asked with what it costs, agreed to, followed."""

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.bulk import action_lifecycle, action_runner
from contacts.models import BulkAction, BulkState, BulkVerb, Contact
from contacts.tests.bulk_actions import begun, done, fingerprint_on
from contacts.tests.bulk_actions import post_bulk as post
from tests.factories import make_contact
from tests.people import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


def test_it_asks_first_with_how_many_and_what_it_costs(group, people, mikko, connected):
    asked = post(mikko, group, verb="delete", matching="yes", filter="q=anna")

    assert b"Delete 2 contacts?" in asked.content
    assert b"a few seconds, done " in asked.content
    assert not BulkAction.objects.exists()


def test_one_persons_deletion_asks_by_name_and_says_in_the_trail_who_it_was(group, people, mikko, connected):
    form = {"verb": "delete", "contact": [people[0].pk]}

    asked = post(mikko, group, **form).content
    assert b"Delete <bdi>Anna</bdi>?" in asked
    assert b"unless you undo it" in asked
    post(mikko, group, **form, agreed=1)
    action_runner.run(BulkAction.objects.get().pk)

    event = AuditEvent.objects.get(verb="contact.deleted")
    assert (event.actor, event.subject) == (mikko, f"contact:{people[0].pk}")
    assert event.before["first_name"] == "Anna"


def test_one_person_is_named_on_the_pages_and_not_in_the_trail(group, people, mikko, connected):
    form = {"verb": "verify", "contact": [people[0].pk]}

    assert b"<bdi>Anna</bdi> of" in post(mikko, group, **form).content
    page = post(mikko, group, **form, agreed=1).url

    assert b"<bdi>Anna</bdi> of" in client_of(mikko).get(page).content
    assert AuditEvent.objects.get().after["whom"] == "One contact"


def test_agreed_to_it_begins_with_one_row_in_the_trail(group, people, mikko, connected):
    answer = post(mikko, group, verb="delete", matching="yes", filter="q=anna", agreed=2)

    action = BulkAction.objects.get()
    assert answer.url == reverse("contacts:bulk_action", args=[action.pk])
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor, event.subject) == (
        "bulk_delete.agreed",
        mikko,
        f"bulkaction:{action.pk}",
    )
    assert event.after == {"whom": "A search", "people": 2, "group": group.name}


def test_another_number_than_was_shown_is_asked_about_again(group, people, mikko, connected):
    asked = post(mikko, group, verb="delete", matching="yes", filter="q=anna", agreed=1)

    assert b"You were shown 1, and 2 are selected by now." in asked.content
    assert b'name="agreed" value="2"' in asked.content
    assert not BulkAction.objects.exists()


def test_others_than_were_shown_are_asked_about_again_though_they_are_as_many(
    group, people, mikko, connected
):
    form = {"verb": "delete", "matching": "yes", "filter": "q=anna"}
    shown = fingerprint_on(post(mikko, group, **form))
    Contact.objects.filter(pk=people[0].pk).update(search_text="ben")
    Contact.objects.filter(pk=people[2].pk).update(search_text="anna")

    asked = post(mikko, group, **form, agreed=2, fingerprint=shown)

    assert b"Others are selected by now than the 2 that you were shown." in asked.content
    assert fingerprint_on(asked) != shown
    assert not BulkAction.objects.exists()


def test_a_yes_without_a_fingerprint_is_asked_about_again(group, people, mikko, connected, monkeypatch):
    form = {"verb": "delete", "matching": "yes", "filter": "q=anna", "agreed": 2, "fingerprint": ""}
    for many in (10_000, 0):
        monkeypatch.setattr(action_lifecycle, "RECOUNT_UP_TO", many)
        assert b"Others are selected by now" in post(mikko, group, **form).content

    assert not BulkAction.objects.exists()


def test_of_many_people_the_worker_counts_before_it_changes_anybody(
    group, people, mikko, connected, monkeypatch
):
    monkeypatch.setattr(action_lifecycle, "RECOUNT_UP_TO", 0)
    post(mikko, group, verb="deactivate", matching="yes", filter="q=anna", agreed=1)
    action = BulkAction.objects.get()

    action_runner.run(action.pk)

    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.CANCELLED, 0)
    assert "2 people match by now, 1 when you said yes" in action.note


def test_a_large_number_has_to_be_typed(group, people, mikko, connected, monkeypatch):
    monkeypatch.setattr("contacts.bulk.forms.LARGE", 1)
    form = {"verb": "delete", "matching": "yes", "filter": "q=anna", "agreed": 2}

    for typed in ("", "1", "two"):
        assert post(mikko, group, **form, typed=typed).status_code == 200
    assert not BulkAction.objects.exists()
    assert post(mikko, group, **form, typed=" 2 ").status_code == 302


def test_a_group_of_another_customer_takes_nobody(group, clienti, people, mikko, connected):
    for target in (clienti.pk, group.pk, 0, "x"):
        form = {"verb": "move", "matching": "yes", "filter": "q=anna", "agreed": 2, "target": target}
        assert post(mikko, group, **form).status_code == 200

    assert not BulkAction.objects.exists()


def test_people_of_other_groups_are_as_if_not_selected(group, clienti, people, mikko, connected):
    theirs = make_contact(clienti)
    asked = post(mikko, group, verb="deactivate", contact=[theirs.pk])
    post(mikko, group, verb="deactivate", contact=[theirs.pk, people[0].pk], agreed=1)

    action = BulkAction.objects.get()
    action_runner.run(action.pk)

    assert asked.status_code == 302
    theirs.refresh_from_db()
    assert (theirs.active, Contact.objects.filter(active=False).count()) == (True, 1)


def test_fields_that_are_not_asked_for_change_nothing(group, people, mikko, connected):
    junk = {
        "customer": 1,
        "state": "done",
        "role": "admin",
        "connection": 99,
        "is_whole_group": 1,
        "calls": 0,
    }
    post(mikko, group, verb="deactivate", matching="yes", filter="q=anna", agreed=2, **junk)

    action = BulkAction.objects.get()
    assert (action.state, action.group, action.connection) == (BulkState.PENDING, group, connected)


def test_more_than_a_page_of_ticks_is_no_error(group, people, mikko, connected):
    ticked = [people[0].pk, *range(10**6, 10**6 + 600)]

    assert b"Delete 1 contact?" in post(mikko, group, verb="delete", contact=ticked).content


@pytest.mark.parametrize("verb", BulkVerb)
def test_each_verb_asks_and_shows_how_far_it_is(group, other, people, mikko, vera, connected, verb):
    given = {"name": "Level", "value": "Gold", "target": other.pk, "words": "A form", "dated": "2026-11-12"}
    Contact.objects.filter(pk=people[1].pk).update(active=False, sync_state="failed")
    form = {"verb": verb, "matching": "yes", "filter": "q=anna"}

    assert post(mikko, group, **form).status_code == 200
    page = post(mikko, group, **form, **given, agreed=2).url
    for person in (mikko, vera):
        assert client_of(person).get(page).status_code == 200
    action_runner.run(BulkAction.objects.get().pk)
    action_lifecycle.sweep()

    fragment = client_of(mikko).get(page, headers={"HX-Request": "true"})
    assert fragment.content.lstrip().startswith(b"<section")
    assert client_of(mikko).get(reverse("contacts:group", args=[group.pk])).status_code == 200


def test_a_person_undoes_pauses_and_cancels_from_the_page(group, people, mikko, connected, settings):
    settings.BULK_GRACE = 60
    undone = begun(BulkVerb.DELETE, group, mikko)
    settings.BULK_GRACE = 0
    running_on = done(BulkVerb.DEACTIVATE, group, mikko)
    browser = client_of(mikko)

    browser.post(reverse("contacts:undoing", args=[undone.pk]))
    browser.post(reverse("contacts:pausing_bulk", args=[running_on.pk]))
    running_on.refresh_from_db()
    assert running_on.paused
    browser.post(reverse("contacts:bulk_cancellation", args=[running_on.pk]))

    assert set(BulkAction.objects.values_list("state", flat=True)) == {BulkState.CANCELLED}
