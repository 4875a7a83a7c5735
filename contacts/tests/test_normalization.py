"""Text that looks the same is stored the same and found the same."""

import unicodedata

import pytest

from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.row_parser import parse_row
from contacts.models import Contact
from contacts.tests.conftest import make_saved
from contacts.text.full_text_search import case_folded, search_text
from contacts.text.normalization import MAX_COMBINING_MARKS, limit_combining_marks, nfc
from tests.factories import make_contact

APART = unicodedata.normalize("NFD", "Åsa Ylä-Väänänen Forlì")


def first_name(cell: str) -> str:
    return str(parse_row(["0401234567", cell], ["phone", "first_name"], ["FI"]).values["first_name"])


def test_letters_apart_are_stored_as_one(group, mikko, connected):
    make_saved(group, mikko, f"0401234567;{unicodedata.normalize('NFC', APART)}\n")

    assert first_name(APART) == unicodedata.normalize("NFC", APART)


@pytest.mark.parametrize("typed", ["väänänen", unicodedata.normalize("NFD", "väänänen"), "VÄÄNÄNEN"])
def test_a_search_finds_however_it_is_typed(group, typed):
    contact = make_contact(group, first_name="Åsa", last_name="Ylä-Väänänen")

    assert list(Contact.objects.matching(typed)) == [contact]


@pytest.mark.parametrize("typed", ["istanbul", "ISTANBUL", "İstanbul", "i\u0307stanbul"])
def test_the_turkish_i_is_found(group, typed):
    contact = make_contact(group, properties={"Kaupunki": "İstanbul"})

    assert list(Contact.objects.matching(typed)) == [contact]


@pytest.mark.parametrize("name", ["👩‍👩‍👧‍👦", "مريم", "שרה", "Zoë", "Nguyễn", "李"])
def test_names_of_the_world_stay_as_they_are(name):
    assert first_name(name) == name
    assert case_folded(name) == case_folded(unicodedata.normalize("NFD", name))


def test_what_turns_the_direction_of_text_is_left_out():
    assert first_name("Anna\u202egpj") == "Annagpj"


@pytest.mark.parametrize("change", [nfc, case_folded, lambda text: search_text("", [text])])
def test_a_thousand_accents_on_a_letter_are_few(change):
    text = "a" + "\u0301\u0316" * 500 + "b"

    assert len(change(text)) <= MAX_COMBINING_MARKS + 8
    assert "b" in change(text)


def test_ordinary_text_of_any_length_keeps_its_marks():
    text = unicodedata.normalize("NFD", "Nguyễn Ưởng " * 100)

    assert limit_combining_marks(text) == text


def test_headers_are_recognised_in_either_spelling():
    assert guess_mapping([unicodedata.normalize("NFD", "Sähköposti"), "CITTÀ", "förnamn"]) == [
        "email",
        "city",
        "first_name",
    ]
