"""A group that others have used: a pasted list is looked up, and who is there is taken in."""

from dataclasses import replace

import pytest
from django.urls import reverse

from contacts.models import Contact, Lookup, LookupState, SyncState
from contacts.tests.answers import refuse, take
from contacts.tests.test_lookups import PHONE, THERE
from gateway.models import Lane, Operation
from gateway.smartdialog.errors import Refused
from tests.factories import make_contact
from tests.people import client_of

NOBODY = Refused("There is no such contact", status=404)


@pytest.fixture
def page(group) -> str:
    return reverse("contacts:group_adoption", args=[group.pk])


def test_each_number_of_the_list_is_looked_up_once_behind_what_people_wait_for(group, page, mikko, connected):
    make_contact(group, phone="+358401111111")

    client_of(mikko).post(page, {"numbers": "040 999 9999\n+358409999999\n\n0401111111\n"})

    [call] = Operation.objects.all()
    assert (call.kind, call.lane, call.payload["phone"]) == ("contact.find", Lane.BULK, PHONE)


def test_who_is_there_is_taken_in_and_asked_about(group, page, mikko, connected):
    client_of(mikko).post(page, {"numbers": PHONE})

    take(Operation.objects.get(), THERE)

    contact = Contact.objects.get()
    assert (contact.name, contact.undecided, contact.active) == ("Liisa Virtanen", True, False)
    assert contact.sync_state == SyncState.FAILED
    assert not Contact.objects.filter(group=group).messageable().exists()
    assert Lookup.objects.get().state == LookupState.TAKEN


def test_the_page_counts_who_was_there_and_names_who_was_not(page, mikko, connected):
    browser = client_of(mikko)
    browser.post(page, {"numbers": PHONE})
    refuse(Operation.objects.get(), NOBODY)

    shown = browser.get(page).content.decode()

    assert "SmartDialog does not have it" in shown
    assert "+358 40 9999999" in shown.replace("\xa0", " ") or "9999999" in shown
    assert "About a minute for a hundred numbers" in shown


def test_a_line_that_is_no_number_is_told_and_nothing_is_asked(page, mikko, connected):
    answer = client_of(mikko).post(page, {"numbers": f"{PHONE}\nAnna\n"})

    assert "Anna" in answer.content.decode()
    assert not Operation.objects.exists()


def test_a_no_that_smartdialog_tells_of_is_taken_in_as_a_no(group, page, mikko, connected):
    client_of(mikko).post(page, {"numbers": PHONE})

    take(Operation.objects.get(), replace(THERE, active=False))

    contact = Contact.objects.get()
    assert (contact.active, contact.undecided) == (False, False)
    assert group.customer.suppressions.get().phone == PHONE
