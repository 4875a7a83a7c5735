"""Rows of custom properties in the form of a contact: one more, one less, and nothing typed is lost."""

import re

import pytest
from django.urls import reverse

from contacts.models import Contact
from gateway.models import Operation
from tests.factories import make_contact
from tests.people import client_of

TYPED = {
    "phone": "not a number yet",
    "first_name": "Liisa",
    "birth_year": "12",
    "property_name": ["Level", "", "Shoe"],
    "property_value": ["Gold", "", "38"],
}


def posted(url: str, person, **more) -> str:
    return client_of(person).post(url, TYPED | more).content.decode()


def rows_in(page: str) -> list[tuple[str, str]]:
    shown = page[: page.index("<template>", page.index("data-rows"))]
    names = re.findall(r'name="property_name" value="([^"]*)"', shown)
    values = re.findall(r'name="property_value" value="([^"]*)"', shown)
    return list(zip(names, values, strict=True))


def test_a_row_more_keeps_what_was_typed_and_scolds_nobody(group, mikko):
    page = posted(reverse("contacts:new", args=[group.pk]), mikko, property_row="add")

    assert rows_in(page) == [("Level", "Gold"), ("", ""), ("Shoe", "38"), ("", "")]
    for typed in ["not a number yet", "Liisa", "12"]:
        assert f'value="{typed}"' in page
    assert "Nothing was saved" not in page
    assert len(re.findall(r"<input[^>]* autofocus", page)) == 1


def test_a_row_less_takes_that_row(group, mikko):
    page = posted(reverse("contacts:new", args=[group.pk]), mikko, property_row="0")

    assert rows_in(page) == [("", ""), ("Shoe", "38")]
    assert re.search(r'value="add"[^>]* autofocus', page)


@pytest.mark.parametrize("junk", ["", "7", "-1", "9" * 5000, "٣", "0 "])
def test_a_row_that_is_not_there_changes_nothing(group, mikko, junk):
    page = posted(reverse("contacts:new", args=[group.pk]), mikko, property_row=junk)

    assert [row for row in rows_in(page) if any(row)] == [("Level", "Gold"), ("Shoe", "38")]


def test_the_form_of_somebody_keeps_its_revision_and_saves_only_when_it_is_sent(group, mikko, connected):
    anna = make_contact(group, first_name="Anna", active=True, properties={"Level": "Iron"})
    url = reverse("contacts:edit", args=[anna.pk])

    page = posted(url, mikko, property_row="add", revision="0", active="on")
    assert re.search(r'name="revision" value="0"', page)
    assert re.search(r'name="active"[^>]* checked', page)
    assert not re.search(r'name="active"[^>]* checked', posted(url, mikko, property_row="add", revision="0"))
    anna.refresh_from_db()
    assert (anna.first_name, anna.properties) == ("Anna", {"Level": "Iron"})
    assert not Operation.objects.exists()

    sent = {"phone": anna.phone, "birth_year": "", "revision": "0", "active": "on"}
    client_of(mikko).post(url, TYPED | sent)
    assert Contact.objects.get().properties == {"Level": "Gold", "Shoe": "38"}


def test_enter_in_a_field_saves(group, mikko):
    """The first button of a form is the one that Enter presses."""
    page = client_of(mikko).get(reverse("contacts:new", args=[group.pk])).content.decode()

    form = page[page.index('<form class="form"') :]
    assert re.search(r"<button[^>]*>", form)[0] == "<button hidden>"
