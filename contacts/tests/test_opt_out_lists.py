"""A list of numbers to opt out: read from a file or pasted, shown before it is stored, then kept."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import AuditEvent
from contacts.consent import number_lists, opt_outs, propagation, record
from contacts.consent.number_lists import ListUndoPrice
from contacts.consent.opt_outs import Evidence
from contacts.erasure import erasing
from contacts.importing import number_columns as list_files
from contacts.models import (
    ConsentSource,
    Contact,
    NumberList,
    Suppression,
    SyncState,
)
from contacts.tests.workbook_files import written
from tests.factories import make_connection, make_contact, make_service, suppress
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
URL = reverse("opt_outs:import")
PHONE, OTHER = "+358401111111", "+358402222222"


def pasted(browser, text: str):
    return browser.post(URL, {"pasted": text})


def agreed(browser, review, **said):
    form = review.context["form"]
    kept = {name: form.cleaned_data[name] for name in ("name", "token")}
    kept["cells"] = json.dumps(form.cleaned_data["cells"])
    return browser.post(URL, kept | {"agree": "yes"} | said, follow=True)


def test_what_was_read_is_shown_before_anything_is_stored(kahvila, group, mikko):
    suppress(kahvila, phone=OTHER)
    text = f"{PHONE}\n040 222 2222\n0401111111\n12\n47 912 34 567\n"

    review = pasted(client_of(mikko), text)

    judged = review.context["judged"]
    assert (judged.new, judged.known, judged.repeated) == ([PHONE], [OTHER], 1)
    assert [(each.row, each.text) for each in judged.refused] == [(4, "12")]
    assert [(each.row, each.text) for each in judged.unclear] == [(5, "47 912 34 567")]
    words = words_on(review)
    assert "Numbers to opt out 1 Opted out already 1 On the list twice 1 Unclear 1" in words
    assert "This is too short to be a phone number." in words
    assert Suppression.objects.count() == 1


def test_agreed_to_they_are_opted_out_in_every_group(kahvila, group, mikko, connected):
    make_contact(group, phone=PHONE)
    browser = client_of(mikko)

    answer = agreed(browser, pasted(browser, f"{PHONE}\n{OTHER}\nxx"), words="Left the club")

    assert opt_outs.stopped_among(kahvila, [PHONE, OTHER]) == {PHONE, OTHER}
    assert not Contact.objects.get().active
    assert Suppression.objects.first().reason == "Opted out by Mikko: Left the club"
    assert "2 numbers are opted out. 1 row was not taken." in words_on(answer)
    assert AuditEvent.objects.filter(verb="number.opted_out", actor=mikko).count() == 2


def test_sent_twice_it_is_stored_once(group, mikko):
    browser = client_of(mikko)
    review = pasted(browser, PHONE)

    agreed(browser, review)
    agreed(browser, review)

    assert Suppression.objects.count() == 1


def test_the_unclear_ones_are_read_alike_when_somebody_says_so(kahvila, group, mikko):
    make_service(kahvila, kind="Group", regions=["SE"])
    browser = client_of(mikko)
    review = pasted(browser, "040 1234567\n+358401111111")
    assert review.context["judged"].new == [PHONE]
    assert {region for region, _ in review.context["ways"]} == {"FI", "SE"}

    agreed(browser, review, way="SE")

    assert opt_outs.stopped_among(kahvila, [PHONE, "+46401234567"]) == {PHONE, "+46401234567"}


def test_a_csv_file_of_another_tool_is_read_by_its_header(kahvila, group, mikko):
    text = "Email;Phone;Unsubscribed at\na@example.com;040 111 1111;2026-11-01\n;0402222222;2026-11-02\n"
    file = SimpleUploadedFile("unsubscribed.csv", text.encode())
    browser = client_of(mikko)

    review = browser.post(URL, {"file": file})
    assert review.context["judged"].new == [PHONE, OTHER]
    agreed(browser, review)

    assert Suppression.objects.first().reason == "Opted out by Mikko: On a list (unsubscribed.csv)"


def test_a_workbook_is_read_too(group, mikko):
    file = SimpleUploadedFile("list.xlsx", written([["Puhelin"], [PHONE], [OTHER]]))

    assert client_of(mikko).post(URL, {"file": file}).context["judged"].new == [PHONE, OTHER]


def test_a_first_number_is_never_taken_for_a_header(group, mikko):
    review = pasted(client_of(mikko), f"{PHONE} Aino\n{OTHER} Eero\n")

    assert review.context["judged"].rows == 2


@pytest.mark.parametrize("text", ["Name;Town\nAino;Pori\nEero;Rauma\n", "\n\n"])
def test_a_list_without_numbers_is_refused_with_words(text, group, mikko):
    answer = pasted(client_of(mikko), text)

    assert answer.templates[0].name == "contacts/opt_out_import.html"
    assert answer.context["form"].errors


def test_a_list_that_is_too_long_is_refused(group, mikko, monkeypatch):
    monkeypatch.setattr(list_files, "MAX_ROWS", 2)

    answer = pasted(client_of(mikko), f"{PHONE}\n{OTHER}\n+358403333333\n")

    assert "This list has more than 2 numbers" in words_on(answer)


def test_nothing_of_a_list_is_left_on_the_disk(group, mikko, uploads):
    pasted(client_of(mikko), PHONE)

    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize(
    "cells", ["", "x", "{}", '["a"]', "[[1]]", '[["1", "2"]]', "[[1, 2]]", '[[1, "\\u0000"]]']
)
def test_cells_that_are_none_come_back_with_words(cells, group, mikko):
    answer = client_of(mikko).post(URL, {"cells": cells, "agree": "yes"})

    assert answer.status_code == 200
    assert not Suppression.objects.exists()


def test_who_was_erased_is_not_stored_again(kahvila, group, aino):
    make_connection(aino)
    make_contact(group, phone=PHONE)
    erasing.erase([kahvila], PHONE, by=aino)

    judged = pasted(client_of(aino), f"{PHONE}\n{OTHER}").context["judged"]

    assert judged.new == [OTHER]
    assert "erased" in judged.refused[0].reason


def test_thousands_of_numbers_are_stored_in_few_statements(
    kahvila, group, mikko, django_assert_max_num_queries
):
    phones = [f"+35840{number}" for number in range(1_000_000, 1_002_000)]

    with django_assert_max_num_queries(150):
        opt_outs.opt_out_many(kahvila, phones, Evidence(ConsentSource.STAFF, by=mikko))

    assert Suppression.objects.count() == 2000


def test_who_was_opted_out_already_is_on_the_list_too(kahvila, group, mikko):
    suppress(kahvila, phone=PHONE)

    listed(mikko, f"{PHONE}\n{OTHER}")

    assert NumberList.objects.get().numbers == 2
    assert Suppression.objects.in_force().filter(phone=PHONE).count() == 2


def test_a_list_is_taken_back_with_both_on_the_record(kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE)
    number_list = listed(mikko, f"{PHONE}\n{OTHER}", words="Left the club")

    answer = taken_back(mikko, number_list)

    assert "Pasted numbers is undone." in words_on(answer)
    assert opt_outs.stopped_among(kahvila, [PHONE, OTHER]) == set()
    contact.refresh_from_db()
    assert (contact.active, contact.before_opt_out, contact.sync_state) == (True, "", SyncState.WAITING)
    told = [(step.text, step.note) for step in record.entries(record.of_number(kahvila, PHONE))]
    assert told == [("Opt-out removed", "Pasted numbers undone"), ("Opted out", "Left the club")]
    assert AuditEvent.objects.get(verb="opt_outs.list_undone").after == {"numbers": 2}


@pytest.mark.parametrize("source", ConsentSource.values)
@pytest.mark.parametrize("since", [True, False], ids=["since", "before"])
def test_what_others_said_stays(source, since, kahvila, group, mikko, connected):
    contact = make_contact(group, phone=PHONE)
    said = Evidence(ConsentSource(source), words="STOP", by=mikko)
    if not since:
        opt_outs.opt_out(kahvila, PHONE, said)
    number_list = listed(mikko, PHONE)
    if since:
        opt_outs.opt_out(kahvila, PHONE, said)
    assert number_lists.price(number_list) == ListUndoPrice(numbers=1, stopped=1, active=0, undecided=0)

    taken_back(mikko, number_list)

    assert Suppression.objects.in_force().get().source == source
    contact.refresh_from_db()
    assert not contact.active


def test_another_list_of_the_same_numbers_holds(kahvila, group, mikko, connected):
    first, second = listed(mikko, PHONE), listed(mikko, PHONE)

    taken_back(mikko, first)
    assert opt_outs.stopped_among(kahvila, [PHONE]) == {PHONE}

    taken_back(mikko, second)
    assert opt_outs.stopped_among(kahvila, [PHONE]) == set()


def test_who_was_undecided_or_inactive_before_the_list_is_so_again(kahvila, group, mikko, connected):
    undecided = make_contact(group, phone=PHONE, active=False, undecided=True, met={})
    inactive = make_contact(group, phone=OTHER, active=False)
    number_list = listed(mikko, f"{PHONE}\n{OTHER}")
    undecided.refresh_from_db()
    assert not undecided.undecided

    taken_back(mikko, number_list)

    for contact in (undecided, inactive):
        contact.refresh_from_db()
    assert (undecided.active, undecided.undecided, undecided.sync_state) == (False, True, SyncState.FAILED)
    assert (inactive.active, inactive.undecided) == (False, False)


def test_every_spelling_of_a_number_is_taken_back(kahvila, group, mikko, connected):
    spelt = make_contact(group, phone="+5215512345678")
    number_list = listed(mikko, "+525512345678")
    spelt.refresh_from_db()
    assert not spelt.active

    taken_back(mikko, number_list)

    assert not Suppression.objects.in_force().exists()
    spelt.refresh_from_db()
    assert spelt.active


def test_contacts_of_a_long_list_follow_by_the_sweep(kahvila, group, mikko, connected, monkeypatch):
    monkeypatch.setattr(number_lists, "AT_ONCE", 1)
    contacts = [make_contact(group, phone=phone) for phone in (PHONE, OTHER)]
    number_list = listed(mikko, f"{PHONE}\n{OTHER}")
    taken_back(mikko, number_list)
    assert Contact.objects.filter(active=True).count() == 0
    opt_outs.opt_out(kahvila, OTHER, Evidence(ConsentSource.MESSAGE))

    propagation.sweep()

    assert [Contact.objects.get(pk=each.pk).active for each in contacts] == [True, False]
    number_list.refresh_from_db()
    assert number_list.settled


def test_a_list_is_taken_back_once(kahvila, group, mikko, connected):
    number_list = listed(mikko, PHONE)
    taken_back(mikko, number_list)
    opt_outs.opt_out(kahvila, PHONE, Evidence(ConsentSource.STAFF, by=mikko))

    answer = taken_back(mikko, number_list)

    assert "was undone already" in words_on(answer)
    assert not number_lists.undo(number_list, by=mikko)
    assert opt_outs.stopped_among(kahvila, [PHONE]) == {PHONE}


def test_a_form_that_comes_again_after_its_list_was_taken_back_opts_nobody_out(kahvila, group, mikko):
    browser = client_of(mikko)
    review = pasted(browser, PHONE)
    agreed(browser, review)
    taken_back(mikko, NumberList.objects.get())

    answer = agreed(browser, review)

    assert "This list was imported already." in words_on(answer)
    assert opt_outs.stopped_among(kahvila, [PHONE]) == set()


def test_what_taking_back_comes_to_is_told_before(kahvila, group, mikko, connected):
    make_contact(group, phone=PHONE)
    number_list = listed(mikko, f"{PHONE}\n{OTHER}")
    opt_outs.opt_out(kahvila, OTHER, Evidence(ConsentSource.MESSAGE))

    words = words_on(client_of(mikko).get(reverse("opt_outs:list_undo", args=[number_list.pk])))

    assert "2 opt-outs of this list are removed." in words
    assert "1 of these numbers stays opted out" in words
    assert "1 contact can be messaged again." in words


def test_the_lists_are_there_for_viewers_who_take_none_back(kahvila, group, mikko, vera):
    number_list = listed(mikko, PHONE)
    address = reverse("opt_outs:list_undo", args=[number_list.pk])

    words = words_on(client_of(vera).get(reverse("opt_outs:lists")))

    assert "Pasted numbers" in words
    assert "Undo" not in words
    assert client_of(vera).post(address).status_code == 403


def test_nobody_takes_back_another_customers_list(kahvila, group, mikko, otto):
    address = reverse("opt_outs:list_undo", args=[listed(mikko, PHONE).pk])

    assert client_of(otto).post(address).status_code == 404
    assert "Pasted numbers" not in words_on(client_of(otto).get(reverse("opt_outs:lists")))


def test_the_page_of_lists_asks_as_much_for_many(kahvila, group, mikko, django_assert_max_num_queries):
    client, address = client_of(mikko), reverse("opt_outs:lists")
    for _ in range(6):
        listed(mikko, PHONE)

    with django_assert_max_num_queries(7):
        client.get(address)


def listed(user, text: str, **said) -> NumberList:
    """A list that was pasted and agreed to."""
    browser = client_of(user)
    agreed(browser, pasted(browser, text), **said)
    return NumberList.objects.latest("pk")


def taken_back(user, number_list: NumberList):
    return client_of(user).post(reverse("opt_outs:list_undo", args=[number_list.pk]), follow=True)
