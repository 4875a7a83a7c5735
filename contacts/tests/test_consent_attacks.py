"""Opt-outs by people in a hurry, by attackers, and by two at once."""

import json
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from contacts.consent import opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource, Contact, Suppression
from tests.factories import make_contact, suppress
from tests.people import client_of

pytestmark = pytest.mark.django_db
LIST, NEW, IMPORT, EXPORT = (reverse(f"opt_outs:{name}") for name in ("list", "new", "import", "export"))
PHONE = "+358401111111"


@pytest.mark.parametrize(
    "cells",
    [
        "[[" + "9" * 5000 + ', "0401111111"]]',
        "[" * 20_000 + "]" * 20_000,
        '[[1, "\\ud800"]]',
        '[[1e400, "0401111111"]]',
        '[[true, "0401111111"]]',
        json.dumps([[1, "1" * 100_000]]),
        json.dumps([[1, "=HYPERLINK(1)"], [2, "+358401111111"], [3, "=0401111111"]]),
        json.dumps([[-1, "@SUM(1)"]]),
    ],
)
@pytest.mark.parametrize(
    "said", [{}, {"token": str(UUID(int=0)), "agree": "yes"}, {"token": str(UUID(int=0))}]
)
def test_whatever_a_list_is_made_of_it_is_answered(said, cells, group, mikko):
    answer = client_of(mikko).post(IMPORT, {"cells": cells} | said)

    assert answer.status_code in (200, 302, 422)


def test_a_list_of_the_most_numbers_is_taken_from_its_page(group, mikko):
    pasted = "\n".join(f"+35840{number:07d}" for number in range(1_000_000, 1_020_000))

    page = client_of(mikko).post(IMPORT, {"pasted": pasted})
    form = page.context["form"]
    kept = {"cells": form.data["cells"], "name": "", "way": "", "words": "", "token": uuid4()}
    assert client_of(mikko).post(IMPORT, kept | {"agree": "yes"}).status_code == 302

    assert Suppression.objects.in_force().as_said().count() == 20_000


@pytest.mark.parametrize("name", ["number", "removal", "renewal"])
def test_the_record_of_another_customer_is_nowhere(trattoria, otto, name):
    suppress(trattoria, phone=PHONE)
    foreign = Suppression.objects.get()
    address = reverse(f"opt_outs:{name}", args=[foreign.pk])
    browser = client_of(otto)

    answer = (
        browser.get(address)
        if name == "number"
        else browser.post(address, {"words": "x", "dated": "2026-01-01"})
    )

    assert answer.status_code == 404
    assert Suppression.objects.get().lifted_at is None


def test_a_press_twice_keeps_one_opt_out_and_lets_back_once(kahvila, group, mikko):
    browser = client_of(mikko)
    for _ in range(2):
        assert browser.post(NEW, {"phone": PHONE}).status_code == 302
    kept = Suppression.objects.get()
    removal = reverse("opt_outs:removal", args=[kept.pk])
    for _ in range(2):
        assert browser.post(removal, {"words": "Form", "dated": "2026-01-01"}).status_code == 302

    kept.refresh_from_db()
    assert kept.lift_words == "Form"
    assert Suppression.objects.count() == 1


def test_an_old_page_s_removal_ends_no_opt_out_that_came_since(kahvila, group, mikko, connected):
    """The person wrote STOP while staff looked at the page of another opt-out, and pressed."""
    opt_outs.opt_out(kahvila, PHONE, Evidence(ConsentSource.STAFF, by=mikko))
    seen = Suppression.objects.get()
    opt_outs.opt_out(kahvila, PHONE, Evidence(ConsentSource.MESSAGE, words="STOP"))

    answer = client_of(mikko).post(
        reverse("opt_outs:removal", args=[seen.pk]), {"words": "Form", "dated": "2026-01-01"}
    )

    assert answer.status_code in (200, 302)


@pytest.mark.parametrize("value", ["\x00", "9" * 500, "'", "٠٤٠١١١١١١١"])
def test_junk_in_the_search_finds_nobody_and_breaks_nothing(kahvila, mikko, value):
    assert client_of(mikko).get(LIST, {"q": value}).status_code == 200


@pytest.mark.parametrize("spelling", ["+5491123456789", "+541123456789"])
def test_staff_stop_one_phone_in_every_group_and_spelling(kahvila, group, other, mikko, connected, spelling):
    for each, phone in [(group, "+5491123456789"), (other, "+541123456789")]:
        make_contact(each, phone=phone)

    opt_outs.opt_out(kahvila, spelling, Evidence(ConsentSource.STAFF, by=mikko))
    assert not Contact.objects.filter(active=True).exists()

    said = Evidence(ConsentSource.STAFF, words="Form", by=mikko, dated=date(2026, 1, 1))
    assert opt_outs.allow(kahvila, spelling, said) == 2


def test_nobody_with_an_opt_out_is_listed_as_active(kahvila, group, mikko):
    """The contact has yet to follow the record."""
    suppress(kahvila, phone=PHONE)
    make_contact(group, phone=PHONE, first_name="Zelda")

    place = reverse("contacts:group", args=[group.pk])
    assert "Zelda" not in client_of(mikko).get(place, {"state": "active"}).content.decode()
    [row] = client_of(mikko).get(place).context["page"].rows
    assert row.is_stopped
    assert "Opted out</span>" in client_of(mikko).get(place).context["rows"]


def test_the_sweep_leaves_nobody_active_who_came_after_the_opt_out(kahvila, group, connected):
    suppress(kahvila, phone=PHONE)
    contact = make_contact(group, phone=PHONE)

    propagation.sweep()

    contact.refresh_from_db()
    assert not contact.active
