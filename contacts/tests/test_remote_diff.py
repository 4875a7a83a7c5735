"""What SmartDialog has otherwise: shown field by field, taken over or written over."""

import pytest
from django.urls import reverse

from contacts.models import BulkVerb, Contact, SyncState
from contacts.tests.bulk_actions import done
from gateway.models import Operation
from tests.factories import make_contact
from tests.people import client_of

FOUND = {"city": "Turku", "property:Level": "Gold", "birth_year": "1961", "email": ""}


@pytest.fixture
def anna(group):
    return make_contact(
        group,
        first_name="Anna",
        email="anna@example.fi",
        city="Oulu",
        sync_state=SyncState.FAILED,
        sync_error="SmartDialog has something else.",
        found_remotely=FOUND,
        properties={"Level": "Iron"},
    )


def test_the_sheet_shows_what_differs_field_by_field(anna, mikko):
    sheet = client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])).content.decode()

    assert "What SmartDialog has" in sheet
    for value in ["Oulu", "Turku", "Iron", "Gold", "1961"]:
        assert value in sheet


def test_what_smartdialog_has_is_taken_over_without_a_call(anna, mikko, connected):
    client_of(mikko).post(reverse("contacts:adoption", args=[anna.pk]))

    anna.refresh_from_db()
    assert (anna.city, anna.properties, anna.birth_year, anna.email) == ("Turku", {"Level": "Gold"}, 1961, "")
    assert (anna.sync_state, anna.sync_error, anna.found_remotely) == (SyncState.SYNCED, "", None)
    assert list(Contact.objects.matching("gold")) == [anna]
    assert not Operation.objects.exists()
    sheet = client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])).content.decode()
    assert "Taken over from SmartDialog" in sheet


def test_what_cannot_be_kept_here_is_left_out_and_the_person_is_told(anna, mikko, connected):
    cannot = {"gender": "Unknown", "birth_year": "99999", "first_name": "A" * 101, "property:Level": "\ufffd"}
    Contact.objects.update(found_remotely={"country_code": "Finland", "city": "", **cannot})
    browser = client_of(mikko)
    sheet = browser.get(reverse("contacts:contact", args=[anna.pk])).content.decode()
    assert sheet.count("cannot be kept here") == 4

    answer = browser.post(reverse("contacts:adoption", args=[anna.pk]), follow=True).content.decode()

    assert "but for what cannot be kept here: gender, birth year, first name, Level." in answer
    anna.refresh_from_db()
    assert (anna.country_code, anna.city, anna.gender, anna.birth_year) == ("FIN", "", "", None)
    assert (anna.first_name, anna.properties) == ("Anna", {"Level": "Iron"})
    assert (anna.sync_state, anna.found_remotely) == (SyncState.FAILED, cannot)
    assert "something else as gender, birth year, first name, Level." in anna.sync_error


def test_where_nothing_of_it_can_be_kept_nothing_is_taken_over(anna, mikko, connected):
    Contact.objects.update(found_remotely={"gender": "Unknown"})
    browser, page = client_of(mikko), reverse("contacts:contact", args=[anna.pk])

    assert "Use SmartDialog’s version" not in browser.get(page).content.decode()
    browser.post(reverse("contacts:adoption", args=[anna.pk]))

    anna.refresh_from_db()
    assert (anna.revision, anna.gender, anna.found_remotely) == (0, "", {"gender": "Unknown"})


def test_a_field_that_is_empty_there_takes_no_property_of_its_name_with_it(anna, mikko, connected):
    Contact.objects.update(found_remotely={"city": ""}, properties={"city": "Espoo"})

    client_of(mikko).post(reverse("contacts:adoption", args=[anna.pk]))

    anna.refresh_from_db()
    assert (anna.city, anna.properties) == ("", {"city": "Espoo"})


def test_what_we_have_is_written_over_it(anna, mikko, connected):
    client_of(mikko).post(reverse("contacts:pushes", args=[anna.pk]))

    anna.refresh_from_db()
    assert (anna.city, anna.found_remotely) == ("Oulu", None)
    assert Operation.objects.get().payload["contact"]["city"] == "Oulu"


def test_what_a_bulk_action_changes_is_written_over_it(anna, group, mikko, connected, at_once):
    done(BulkVerb.DEACTIVATE, group, mikko, query="")

    anna.refresh_from_db()
    assert (anna.sync_state, anna.found_remotely) == (SyncState.WAITING, None)
    sheet = client_of(mikko).get(reverse("contacts:contact", args=[anna.pk])).content.decode()
    assert "What SmartDialog has" not in sheet


def test_nothing_is_taken_over_where_nothing_differs(anna, mikko):
    Contact.objects.update(found_remotely=None)

    client_of(mikko).post(reverse("contacts:adoption", args=[anna.pk]))

    anna.refresh_from_db()
    assert (anna.city, anna.sync_state) == ("Oulu", SyncState.FAILED)
