"""Whom an answer of SmartDialog is about, however it spells their number."""

from dataclasses import replace

import pytest

from contacts.models import Contact, Lookup, LookupState
from contacts.sync import lookups, pushing
from contacts.sync.answers import OTHER_NUMBER
from contacts.sync.remote_diff import remote_diff
from contacts.tests.answers import take
from contacts.tests.test_lookups import THERE
from contacts.text.answered_numbers import is_same_phone
from gateway.models import Operation
from tests.factories import make_contact

PHONE = "+358409999999"
MEXICAN, AS_IT_WAS = "+525512345678", "+5215512345678"


@pytest.mark.parametrize(
    ("phone", "answered"),
    [
        (PHONE, "+358409999999"),
        (PHONE, "358409999999"),
        (PHONE, "00358 40 999 9999"),
        (PHONE, "040 9999999"),
        (MEXICAN, AS_IT_WAS),
        (AS_IT_WAS, MEXICAN.removeprefix("+")),
    ],
)
def test_a_number_is_the_same_in_any_spelling(phone, answered):
    assert is_same_phone(phone, answered)


@pytest.mark.parametrize("answered", ["", "99999", "+358409999998", "+46409999999", "9358409999999"])
def test_another_number_is_not(answered):
    assert not is_same_phone(PHONE, answered)


@pytest.mark.parametrize(("answered", "differs"), [("358409999999", False), ("+358401111111", True)])
def test_a_number_that_is_spelled_otherwise_differs_in_nothing(group, answered, differs):
    there = replace(THERE, phone=answered)
    contact = make_contact(group, phone=PHONE)

    assert ("phone" in remote_diff(contact, there)) is differs


def test_nobody_is_taken_in_from_an_answer_about_somebody_else(group, mikko, connected):
    contact = make_contact(group, phone=PHONE, known_remotely=False)
    group.is_shared = None
    pushing.push(contact, connection=connected, by=mikko)

    take(Operation.objects.get(), replace(THERE, phone="+358401111111"))

    contact.refresh_from_db()
    assert (contact.met, contact.city, contact.sync_error) == (None, "", OTHER_NUMBER)
    assert not Operation.objects.unsettled().exists()


def test_an_undone_import_deletes_nobody_for_an_answer_about_somebody_else(group, mikko, connected):
    contact = make_contact(group, phone=PHONE, sync_state="deleting")
    pushing._queue([contact], [pushing.DELETE_OURS], connected, by=mikko)

    take(Operation.objects.get(), replace(THERE, phone="+358401111111"))

    assert not Operation.objects.unsettled().exists()
    assert Contact.objects.get().sync_error == OTHER_NUMBER


def test_a_look_up_says_so(group, mikko, connected):
    lookups.start_lookup(group, phone=PHONE, by=mikko)

    take(Operation.objects.get(), replace(THERE, phone="+358401111111"))

    lookup = Lookup.objects.get()
    assert (lookup.state, lookup.error, lookup.found) == (LookupState.FAILED, OTHER_NUMBER, {})


def test_who_is_in_the_group_by_another_spelling_is_not_looked_up(group, mikko, connected):
    make_contact(group, phone=AS_IT_WAS)

    assert lookups.start_lookups(group, phones=[MEXICAN], by=mikko) == 0
    with pytest.raises(lookups.EditConflict):
        lookups.start_lookup(group, phone=MEXICAN, by=mikko)
