"""The pages where an admin finds a person, hands over what is held, and erases it."""

import json

from django.urls import reverse

from accounts.models import AuditEvent
from contacts.erasure import erasing
from contacts.models import Contact, Erasure
from contacts.tests.conftest import make_checked
from contacts.tests.erasures import PHONE, settle
from tests.factories import make_contact, make_service
from tests.markup import markup
from tests.people import client_of

PAGE = reverse("erasure:people")


def test_an_admin_finds_a_person_by_number_and_by_email_in_all_customers(kahvila, group, clienti, anna, aino):
    make_contact(clienti, phone=PHONE, first_name="Annarella")
    make_contact(group, phone="+358403333333", email="ANNA@example.com")

    by_number = markup(client_of(aino).get(PAGE, {"q": "040 1234567"}))
    by_email = markup(client_of(aino).get(PAGE, {"q": "anna@example.com"}))

    assert ("Annamaria" in by_number, "Annarella" in by_number) == (True, True)
    assert ("+358 40 1234567" in by_email, "+358 40 3333333" in by_email) == (True, True)


def test_nothing_of_a_customer_out_of_reach_is_found_copied_or_erased(
    outsider_oy, otto, aino, aino_connected
):
    theirs = make_contact(make_service(outsider_oy, kind="Group"), phone=PHONE, first_name="Kanarialintu")
    browser = client_of(aino)

    found = browser.get(PAGE, {"q": PHONE}).content
    copied = browser.post(reverse("erasure:copies"), {"phone": PHONE, "format": "json"})
    browser.post(PAGE, {"phone": PHONE, "digits": "4567"})

    assert b"Kanarialintu" not in found
    assert copied.status_code == 302
    theirs.refresh_from_db()
    assert (theirs.first_name, theirs.sync_state) == ("Kanarialintu", "synced")


def test_a_check_says_why_a_row_of_somebody_erased_is_empty(
    kahvila, group, anna, aino, mikko, aino_connected
):
    erasing.erase([kahvila], PHONE, by=aino)
    job = make_checked(group, mikko, "0401234567;Annamaria\n")

    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[job.pk])))

    assert "Of a person who asked to be erased. Nothing of it is kept." in page
    assert "Annamaria" not in page


def test_a_copy_holds_all_of_it_and_is_in_the_trail_without_the_person(anna, aino):
    browser = client_of(aino)

    copy = browser.post(reverse("erasure:copies"), {"phone": PHONE, "format": "json"})
    text = browser.post(reverse("erasure:copies"), {"phone": PHONE, "format": "text"})

    content = json.loads(copy.content)
    assert content["held"]["Kahvila Aalto"]["Contacts"][0]["First name"] == "Annamaria"
    assert "First name: Annamaria" in text.content.decode()
    events = AuditEvent.objects.filter(verb="person.copied")
    assert [(event.actor, event.after, event.subject) for event in events] == [
        (aino, {"Contacts": 1}, "person")
    ] * 2


def test_the_last_digits_have_to_be_typed(anna, aino, aino_connected):
    client_of(aino).post(PAGE, {"phone": PHONE, "digits": "1234"})
    assert not Erasure.objects.exists()

    answer = client_of(aino).post(PAGE, {"phone": PHONE, "digits": "4567"}, follow=True)

    assert Erasure.objects.exists()
    assert b"What may still be held elsewhere" in answer.content
    assert AuditEvent.objects.get(verb="person.erased").actor == aino


def test_only_admins_may(mikko, anna):
    for url in (PAGE, reverse("erasure:copies")):
        assert client_of(mikko).post(url, {"phone": PHONE, "digits": "4567"}).status_code == 403


def test_an_erased_person_is_not_added_by_hand(kahvila, group, anna, aino, aino_connected):
    erasing.erase([kahvila], PHONE, by=aino)

    answer = client_of(aino).post(reverse("contacts:new", args=[group.pk]), {"phone": PHONE})

    assert b"This person asked to be erased" in answer.content
    assert not Contact.objects.present().exists()


def test_an_erasures_page_asks_for_itself_until_smartdialog_has_answered(kahvila, anna, aino, aino_connected):
    [erasure] = erasing.erase([kahvila], PHONE, by=aino)
    browser, page = client_of(aino), reverse("erasure:erasure", args=[erasure.pk])

    part = markup(browser.get(page, HTTP_HX_REQUEST="true"))
    assert f'id="erasure" hx-get="{page}" hx-trigger="every 2s"' in part
    assert "<html" not in part

    settle(erasure)
    erasing.finish_erasure(erasure)
    part = markup(browser.get(page, HTTP_HX_REQUEST="true"))
    assert "Erased" in part
    assert "hx-trigger" not in part
