"""What tells consent beside a column that tells it already, and what a Yes is worth that goes on."""

import pytest

from contacts.fields import ACTIVE, CONSENT_TARGETS
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.columns.consent_columns import consent_questions
from contacts.text.consent_words import parse_permission
from contacts.text.values import InvalidValue


def asked(header: list[str], rows: list[list[str]]) -> list[int]:
    return [each["column"] for each in consent_questions(header, rows, guess_mapping(header, rows))]


@pytest.mark.parametrize(
    ("first", "second", "no"),
    [
        ("Markkinointilupa", "SMS", "ei"),
        ("Markkinointilupa", "Tekstiviestit", "ei"),
        ("Consenso marketing", "SMS", "no"),
        ("Samtycke", "Utskick SMS", "nej"),
        ("Marketing consent", "Text messages", "no"),
        ("SMS-lupa", "Kuollut", "x"),
        ("SMS-lupa", "Eronnut", "1.2.2024"),
        ("Marketing consent", "Communication preferences", "Email only"),
        ("Opt-in", "Channel", "email"),
        ("SMS-lupa", "Huom", "EI SAA LÄHETTÄÄ VIESTEJÄ"),
        ("SMS-lupa", "Ryhmä", "kielto"),
    ],
)
def test_what_may_say_no_is_asked_about_beside_a_column_that_tells(first, second, no):
    header, rows = ["Phone", first, second], [["0401110001", "yes", no], ["0401110002", "yes", no]]

    assert guess_mapping(header, rows)[2] in CONSENT_TARGETS or 2 in asked(header, rows)


@pytest.mark.parametrize(
    ("second", "cell"),
    [
        ("Email consent", "no"),
        ("Uutiskirje", "ei"),
        ("Channel", "Kampanjasivu"),
        ("Huom", "soita iltaisin, ei aamulla"),
        ("Katuosoite", "Kieltotie 4"),
        ("Päättynyt", "ei"),
    ],
)
def test_what_is_about_something_else_is_asked_about_beside_none(second, cell):
    header, rows = ["Phone", "Opt-in", second], [["0401110001", "yes", cell], ["0401110002", "yes", cell]]

    assert asked(header, rows) == []


@pytest.mark.parametrize(
    "cell", ["Ei viestejä", "STOP", "kielletty", "Do not text!", "niente sms", "inga utskick"]
)
def test_a_cell_that_forbids_messages_is_asked_about_under_any_header(cell):
    assert asked(["Phone", "Luokka"], [["0401110001", "A"], ["0401110002", cell]]) == [1]


def test_a_permission_named_as_given_or_withdrawn_is_asked_about():
    header, rows = ["Phone", "Suostumus annettu/peruttu"], [["0401110001", "kyllä"]]

    assert asked(header, rows) == [1]


@pytest.mark.parametrize(
    "cell",
    [
        *("kyllä 1.1.2020, peruttu 2.3.2024", "kyllä (peruttu)", "kyllä - myöhemmin kieltänyt"),
        *("Yes - opted out", "yes, expired", "True (revoked)", "yes stop", "Yes until 2023"),
        *("si, revocato", "ja, återkallat 2024", "kyllä, 31.12.2024 asti"),
    ],
)
def test_a_yes_that_was_taken_back_is_unreadable(cell):
    with pytest.raises(InvalidValue):
        parse_permission(cell)


def test_a_yes_with_a_date_stays_a_yes():
    assert guess_mapping(["Phone", "SMS-lupa"], [["0401110001", "kyllä 1.1.2020"]])[1] == ACTIVE
    assert parse_permission("kyllä 1.1.2020") == "yes"
