"""A STOP that comes while somebody else does something to the same person."""

import pytest

from contacts.bulk import action_lifecycle, action_runner
from contacts.consent import opt_out_requests, opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.editing import crud
from contacts.errors import EditConflict
from contacts.models import BulkVerb, ConsentSource, Contact, OptOutDecision, OptOutRequest, Suppression
from contacts.tests.bulk_actions import begun, done
from contacts.text.phones import spellings
from tests.factories import make_contact, suppress

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+358401111111", "+358402222222"


@pytest.fixture
def person(group, connected) -> Contact:
    return make_contact(group, phone=PHONE, first_name="Anna")


def stop(customer, phone=PHONE) -> None:
    opt_outs.opt_out(customer, phone, Evidence(ConsentSource.MESSAGE, words="STOP"))


@pytest.mark.parametrize("verb", [BulkVerb.COPY, BulkVerb.MOVE])
def test_who_stops_before_a_copy_runs_gets_no_messages_in_the_other_group(
    person, group, other, kahvila, mikko, settings, verb
):
    settings.BULK_GRACE = 0
    action = begun(verb, group, mikko, query="", ids=[person.pk], target=other.pk)
    stop(kahvila)

    action_runner.run(action.pk)

    assert not Contact.objects.filter(active=True).exists()
    assert not Contact.objects.messageable().exists()


def test_who_stops_before_an_opt_out_is_removed_in_bulk_stays_out(person, group, kahvila, mikko, settings):
    settings.BULK_GRACE = 0
    opt_outs.opt_out(kahvila, PHONE, Evidence(ConsentSource.STAFF, by=mikko))
    said = {"words": "Form", "dated": "2026-01-01"}
    action = begun(BulkVerb.ACTIVATE, group, mikko, query="", ids=[person.pk], **said)
    stop(kahvila)

    action_runner.run(action.pk)

    person.refresh_from_db()
    assert not person.active
    assert [each.source for each in Suppression.objects.in_force()] == [
        ConsentSource.MESSAGE,
        ConsentSource.STAFF,
    ]


def test_an_edit_that_was_open_when_they_stopped_changes_nothing(person, kahvila, mikko):
    revision = person.revision
    stop(kahvila)

    with pytest.raises(EditConflict):
        crud.edit(person, values={"first_name": "A", "active": True}, revision=revision, by=mikko)


def test_who_stops_is_stopped_by_the_number_of_now_and_of_before(person, group, kahvila, mikko):
    crud.edit(
        person, values={"first_name": "Anna", "active": True}, revision=person.revision, by=mikko, phone=OTHER
    )
    stop(kahvila, OTHER)

    assert not Contact.objects.get().active


def test_who_was_added_while_they_stopped_is_in_no_campaign(group, kahvila, connected, mikko):
    suppress(kahvila, phone=PHONE)
    crud.add(group, phone=PHONE, values={"first_name": "Anna", "active": True}, by=mikko)

    assert not Contact.objects.messageable().exists()
    propagation.sweep()
    assert not Contact.objects.get().active


def test_two_people_who_decide_at_once_leave_one_decision(kahvila, person, mikko, aino):
    kept = opt_out_requests.keep(kahvila, PHONE, words="please stop", place="x")
    twin = OptOutRequest.objects.get(pk=kept.pk)

    assert opt_outs.decide(kept, OptOutDecision.OPTED_OUT, by=mikko)
    assert not opt_outs.decide(twin, OptOutDecision.NOT_MEANT, by=aino)
    assert Suppression.objects.in_force().count() == 1


@pytest.mark.parametrize("phone", ["+5215512345678", "+551187654321", "+541123456789", "+5491123456789"])
def test_words_that_wait_in_every_spelling_are_one_request_and_go_with_a_decision(kahvila, mikko, phone):
    for each in spellings(phone):
        opt_out_requests.keep(kahvila, each, words=f"stop it {each}", place="x")

    [asked] = OptOutRequest.objects.as_said()
    assert asked.words == f"stop it {spellings(phone)[-1]}"
    assert opt_out_requests.waiting_among(kahvila, spellings(phone)) == set(spellings(phone))
    opt_outs.decide(asked, OptOutDecision.NOT_MEANT, by=mikko)
    assert not OptOutRequest.objects.undecided().exists()


def test_a_deletion_that_is_cancelled_brings_back_nobody_who_stopped(person, group, kahvila, mikko, settings):
    settings.BULK_GRACE = 0
    Contact.objects.update(known_remotely=True, sync_state="synced")
    action = done(BulkVerb.DELETE, group, mikko, query="", ids=[person.pk])
    stop(kahvila)
    action_lifecycle.cancel(action, by=mikko)

    assert not Contact.objects.messageable().exists()
    propagation.sweep()
    assert not Contact.objects.present().filter(active=True).exists()
