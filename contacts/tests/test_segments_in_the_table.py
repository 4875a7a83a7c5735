"""A condition in the table of a group: in its address, its pages, its selections, and shared as a segment."""

from datetime import date

import pytest
from django.http import QueryDict
from django.urls import reverse

from contacts.listing import TableQuery, as_segment
from contacts.listing.selection import Selection
from contacts.models import Import
from contacts.segments import saved_segments
from tests.factories import make_contact
from tests.markup import words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
TURKU = "city = Turku and Level != gold"


@pytest.fixture
def people(group):
    make_contact(group, first_name="Anna", city="Turku", properties={"Level": "gold"})
    make_contact(group, first_name="Ben", city="Turku", properties={"Level": "silver"})
    make_contact(group, first_name="Cia", city="Oulu")


def shown(person, group, **asked) -> str:
    return words_on(client_of(person).get(reverse("contacts:group", args=[group.pk]), asked))


def test_the_table_shows_whom_a_condition_means(people, group, vera):
    page = shown(vera, group, where=TURKU)

    assert "Ben" in page
    assert "Anna" not in page
    assert "Without the filter: city = Turku and Level != gold" in page


def test_it_is_written_in_any_case(people, group, vera):
    assert "Ben" in shown(vera, group, where="CITY = turku AND level is not gold")


def test_what_cannot_be_read_shows_nobody_and_says_why(people, group, vera):
    page = shown(vera, group, where="city = Turku and levl = gold")

    assert "No field or property is called “levl”. Did you mean “Level”?" in page
    assert "Ben" not in page


@pytest.mark.parametrize("where", ["city =", "group = Nowhere", "x" * 2000])
def test_nobody_is_selected_by_what_cannot_be_read(people, group, where):
    asked = QueryDict(mutable=True)
    asked["where"] = where

    assert not Selection.from_query(group, asked).contacts().exists()


def test_a_selection_carries_the_condition_from_form_to_form(people, group):
    listing = TableQuery(where="city = Turku or city = Åbo ää")
    form = QueryDict(mutable=True)
    form.update({"matching": "yes", "filter": listing.query()})

    assert Selection.from_post(group, form).listing == listing
    assert Selection.from_post(group, form).kept_words() == "A condition"
    assert Selection.from_post(group, form).in_words() == listing.where


def test_an_export_is_of_whom_the_condition_means(people, group, mikko):
    address = reverse("contacts:export", args=[group.pk])
    form = {"matching": "yes", "filter": TableQuery(where=TURKU).query(), "format": "csv"}
    answer = client_of(mikko).post(address, form)

    rows = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert "Ben" in rows
    assert "Anna" not in rows


def test_segments_of_the_customer_are_offered(people, group, kahvila, trattoria, mikko, vera):
    saved_segments.add(kahvila, name="Not gold", text=TURKU, by=mikko)
    saved_segments.add(trattoria, name="Romani", text="city = Roma", by=mikko)

    page = shown(vera, group)
    assert "Not gold" in page
    assert "Romani" not in page


def test_all_filters_become_one_segment(group, mikko):
    job = Import.objects.create(group=group, created_by=mikko, original_name="jäsenet.csv")
    listing = TableQuery(
        text="Ann",
        state="opted_out",
        having="Level",
        value="gold",
        importer=mikko.pk,
        job=job.pk,
        since=date(2026, 3, 1),
        where="city = Turku or city = Oulu",
    )

    assert as_segment.text_of(listing, group) == (
        "group = Jäsenet and (city = Turku or city = Oulu) and anything contains Ann and consent = opted out"
        " and Level = gold and imported by = Mikko and import = jäsenet.csv and changed since 2026-03-01"
    )
    assert as_segment.text_of(TableQuery(where="city ="), group) == ""
