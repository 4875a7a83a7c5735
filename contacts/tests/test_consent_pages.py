"""The record of consent of one number, on its page and on a contact's sheet; opting out, and back in."""

from datetime import date

import pytest
from django.urls import reverse

from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, Suppression
from gateway.models import Operation
from tests.factories import make_contact, suppress
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
PHONE = "+358401111111"
SIGNED = {"words": "Signed the form", "dated": "2026-11-12"}


@pytest.fixture
def contact(group) -> Contact:
    return make_contact(group, phone=PHONE, first_name="Aino", last_name="Aalto")


def sheet(contact: Contact) -> str:
    return reverse("contacts:contact", args=[contact.pk])


def to(name: str, of: Contact | Suppression) -> str:
    return reverse(name, args=[of.pk])


def number_page() -> str:
    return to("opt_outs:number", Suppression.objects.latest("pk"))


def test_the_whole_record_is_there_with_words_and_source(kahvila, group, contact, mikko, connected, vera):
    suppress(kahvila, phone=PHONE, reason="STOP")
    staff = Evidence(ConsentSource.STAFF, by=mikko, words="Signed the form", dated=date(2026, 11, 12))
    opt_outs.allow(kahvila, PHONE, staff)
    opt_outs.opt_out(kahvila, PHONE, Evidence(ConsentSource.STAFF, by=mikko, words="Called us"))

    for page in (number_page(), sheet(contact)):
        words = words_on(client_of(vera).get(page))
        said = [
            "Opted out: Called us",
            "Opt-out removed: Signed the form (12 Nov 2026)",
            "Opted out: Wrote “STOP” to Inbound",
        ]
        places = [words.index(each) for each in said]
        assert places == sorted(places)


def test_a_number_is_in_no_address(kahvila, mikko):
    suppress(kahvila, phone=PHONE)

    assert PHONE[1:] not in number_page()


def test_from_the_sheet_they_are_opted_out_everywhere_with_why(contact, other, mikko, connected):
    there = make_contact(other, phone=PHONE)

    answer = client_of(mikko).post(to("contacts:opting_out", contact), {"words": "Called us"}, follow=True)

    there.refresh_from_db()
    assert not there.active
    assert Suppression.objects.get().reason == "Opted out by Mikko: Called us"
    assert "Aino Aalto is opted out, in 2 groups and any they join." in words_on(answer)


def test_without_a_word_of_why_they_are_opted_out_just_the_same(contact, mikko, connected):
    client_of(mikko).post(to("contacts:opting_out", contact))

    assert Suppression.objects.get().words == ""


def test_they_are_allowed_messages_again_with_how_and_when(kahvila, contact, mikko, connected):
    suppress(kahvila, phone=PHONE)

    client_of(mikko).post(to("contacts:letting_back", contact), SIGNED)

    contact.refresh_from_db()
    lifted = Suppression.objects.get()
    assert contact.active
    assert (lifted.lift_words, lifted.lift_dated, lifted.lifted_by) == (
        "Signed the form",
        date(2026, 11, 12),
        mikko,
    )
    assert [call.payload["contact"]["active"] for call in Operation.objects.order_by("pk")] == [True]


@pytest.mark.parametrize("said", [{}, {"words": "Signed"}, {"words": "Signed", "dated": "2999-01-01"}])
@pytest.mark.parametrize("name", ["contacts:letting_back", "opt_outs:removal"])
def test_without_how_and_when_they_stay_opted_out_and_the_form_comes_back(
    name, said, kahvila, contact, mikko, connected
):
    suppress(kahvila, phone=PHONE)
    of = contact if name.startswith("contacts") else Suppression.objects.get()

    answer = client_of(mikko).post(to(name, of), said)

    assert "Nothing was saved" in words_on(answer)
    assert Suppression.objects.in_force().exists()
    contact.refresh_from_db()
    assert not contact.active


def test_on_the_page_of_a_number_the_opt_out_is_removed_and_made_anew(kahvila, contact, mikko, connected):
    suppress(kahvila, phone=PHONE)
    page, first = number_page(), Suppression.objects.get()

    client_of(mikko).post(to("opt_outs:removal", first), SIGNED)
    assert not Suppression.objects.in_force().exists()
    answer = client_of(mikko).post(to("opt_outs:renewal", first), {"words": "Called again"}, follow=True)

    assert answer.redirect_chain == [(page, 302)]
    assert Suppression.objects.in_force().get().words == "Called again"


def test_an_opt_out_under_the_other_spelling_is_shown_and_removed(kahvila, group, mikko, connected):
    suppress(kahvila, phone="+5491123456789")
    contact = make_contact(group, phone="+541123456789")

    assert "Wrote “STOP” to Inbound" in words_on(client_of(mikko).get(sheet(contact)))
    client_of(mikko).post(to("contacts:letting_back", contact), SIGNED)

    assert not Suppression.objects.in_force().exists()


def test_who_looks_only_changes_nothing(kahvila, contact, vera):
    suppress(kahvila, phone=PHONE)

    for name in ("contacts:opting_out", "contacts:letting_back"):
        assert client_of(vera).post(to(name, contact), SIGNED).status_code == 403
    assert "Remove opt-out" not in words_on(client_of(vera).get(sheet(contact)))
    assert Suppression.objects.in_force().exists()


def test_the_sheet_tells_undecided_from_opted_out(group, mikko):
    undecided = make_contact(group, phone=PHONE, active=False, undecided=True)

    words = words_on(client_of(mikko).get(sheet(undecided), headers={"HX-Request": "true"}))

    assert "Messages Undecided" in words
    assert "Opted out" not in words
