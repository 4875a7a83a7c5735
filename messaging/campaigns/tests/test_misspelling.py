"""Misspelt placeholders are named, with what was meant, before anybody reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import post, press
from messaging.campaigns.wording import misspelling, placeholders
from tests.factories import make_contact

KNOWN = [
    ("firstName", "First name"),
    ("lastName", "Last name"),
    ("zipCode", "Postal code"),
    ("Pisteet", "Pisteet"),
]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("$(firstname)", "$(firstName)"),
        ("$(First name)", "$(firstName)"),
        ("$(etunimi)", "$(firstName)"),
        ("$(fristName)", "$(firstName)"),
        ("$(postal_code)", "$(zipCode)"),
        ("$(pisteet)", "$(Pisteet)"),
        ("$(pistet)", "$(Pisteet)"),
        ("$(xyz)", ""),
        ("{{firstName}}", "$(firstName)"),
        ("{{ first_name }}", "$(firstName)"),
        ("${lastName}", "$(lastName)"),
        ("{firstName}", "$(firstName)"),
        ("{{1}}", ""),
    ],
)
def test_what_was_meant_is_found(written, meant):
    found = misspelling.find(f"Hei {written}, moi", KNOWN)

    assert [(each.written, each.meant) for each in found] == [(written, meant)]
    assert misspelling.mend(f"Hei {written}, moi", found[0].choice) == f"Hei {meant}, moi"


def test_one_that_is_not_closed_is_found():
    assert [each.written for each in misspelling.find("Hei $(firstName ja moi", KNOWN)] == ["$(firstName"]


@pytest.mark.parametrize("text", ["Hei $(firstName)!", "5 $ (n. 4 e)", "{ a b }", "Hinta $5, {0 %}", ""])
def test_what_is_right_or_no_placeholder_is_left_alone(text):
    assert misspelling.find(text, KNOWN) == []


@given(st.text(alphabet="$(){} aN|\n", max_size=60))
def test_mending_leaves_nothing_to_be_mended_by_the_same_button(text):
    for each in misspelling.find(text, KNOWN):
        if each.meant:
            mended = misspelling.mend(text, each.choice)
            assert mended.count(each.meant) >= 1


@given(st.sampled_from(["firstName", "lastName", "Pisteet"]), st.text(alphabet="ab {}", max_size=20))
def test_a_known_name_is_never_called_misspelt(name, around):
    found = misspelling.find(f"{around}$({name}){around}", KNOWN)

    assert placeholders.PLACEHOLDER.findall(f"$({name})") == [name]
    assert [each for each in found if not each.is_literal] == []


def test_the_page_names_it_and_a_press_mends_it(filled, mikko):
    page = post(mikko, filled, content="Hei $(firstname)").content.decode()
    mended = post(mikko, filled, content="Hei $(firstname)", mend="$(firstname)|$(firstName)")

    assert "Did you mean <bdi>$(firstName)</bdi>?" in page
    assert mended.context["summary"].campaign.content == "Hei $(firstName)"


def test_what_people_would_read_as_written_is_not_sent(filled, mikko):
    answered = press(mikko, filled, content="Hei {{firstName}}")

    assert (answered.status_code, Campaign.objects.exists()) == (422, False)
    assert 'value="send"' not in answered.content.decode()


def test_a_property_that_somebody_has_is_known(filled, group, mikko):
    make_contact(group, first_name="Pirjo", properties={"Pisteet": "80"})

    assert post(mikko, filled, content="$(Pisteet)").context["summary"].misspelt == []


def test_gender_birth_year_and_postal_code_can_be_said(filled, group, mikko):
    make_contact(group, first_name="Pirjo", gender="Female", birth_year=1980, zip_code="00100")

    page = post(
        mikko,
        filled,
        content="$(gender) $(birthYear) $(zipCode) $(streetAddress)",
        **{"fallback-streetAddress": "kotona"},
    )

    assert page.context["summary"].people == 1
    assert page.context["summary"].parts.dearest == "Female 1980 00100 kotona"
