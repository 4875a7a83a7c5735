"""What tells consent beside a column that tells it already, and what a Yes is worth that goes on."""

import pytest

from contacts.fields import ACTIVE, CONSENT_TARGETS
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.columns.consent_columns import consent_questions
from contacts.importing.files.reading import MOST_LOOKED_AT
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
        ("Gluteeniton", "ei"),
        ("Invoice sent", "no"),
        ("Har bil", "nej"),
    ],
)
def test_what_is_about_something_else_is_asked_about_beside_none(second, cell):
    header, rows = ["Phone", "Opt-in", second], [["0401110001", "yes", cell], ["0401110002", "yes", cell]]

    assert asked(header, rows) == []


@pytest.mark.parametrize(
    "cell",
    [
        *("Ei viestejä", "STOP", "kielletty", "Do not text!", "niente sms", "inga utskick"),
        *("ei enää viestejä!", "älä laita viestejä", "En halua tekstiviestejä", "Pyysi poistamaan listalta"),
        *("Asked us to stop texting", "Please remove from list", "vill inte ha sms", "non vuole sms"),
        *("Asked us not to text her any more", "Wants no marketing", "Ei halua mainoksia"),
        *("kielsi markkinoinnin 1.2.", "Möchte keine Werbung", "bitte nicht kontaktieren", "abgemeldet"),
        *("Ne plus envoyer de SMS", "ne souhaite pas être contacté", "pas de pub", "désabonné"),
        *("No quiere recibir mensajes", "no enviar publicidad", "dado de baja", "Не присылать смс"),
        *("не пишите ей", "отписан", "ei soovi reklaami", "mitte saata", "nie chce otrzymywać SMS"),
        *("nie życzy sobie kontaktu", "proszę nie wysyłać", "Ønsker ikke SMS", "vil ikke have reklame"),
        *("wil geen reclame", "niet contacteren", "afgemeld", "Gesperrt"),
    ],
)
def test_a_cell_that_forbids_messages_is_asked_about_under_any_header(cell):
    assert asked(["Phone", "Luokka"], [["0401110001", "A"], ["0401110002", cell]]) == [1]


@pytest.mark.parametrize(
    "cell",
    [
        *("älä laita sipulia", "ei maitoa", "poistettu hammas", "no nuts", "stop 5", "not contacted yet"),
        *("keine Zwiebeln", "nicht schwindelfrei", "Ne parle pas anglais", "pas de gluten", "No come carne"),
        *("не ест мясо", "заказ не отправлен", "ei söö liha", "nie je mięsa", "spiser ikke fisk"),
        *("eet geen vlees", "niet thuis op maandag", "No contact lenses", "keine Nachtschicht"),
    ],
)
def test_a_note_of_something_else_is_not_asked_about(cell):
    assert asked(["Phone", "Huom"], [["0401110001", "A"], ["0401110002", cell]]) == []


@pytest.mark.parametrize("header", ["Eronnut", "Poistettu", "Archived"])
def test_a_column_that_is_blank_as_far_as_it_is_looked_at_is_asked_about(header):
    rows = [["0401110001", ""]] * MOST_LOOKED_AT

    assert asked(["Phone", header], rows) == [1]
    assert asked(["Phone", header], rows[1:]) == []


def test_a_permission_named_as_given_or_withdrawn_is_asked_about():
    header, rows = ["Phone", "Suostumus annettu/peruttu"], [["0401110001", "kyllä"]]

    assert asked(header, rows) == [1]


@pytest.mark.parametrize(
    "cell",
    [
        *("kyllä 1.1.2020, peruttu 2.3.2024", "kyllä (peruttu)", "kyllä - myöhemmin kieltänyt"),
        *("Yes - opted out", "yes, expired", "True (revoked)", "yes stop", "Yes until 2023"),
        *("si, revocato", "ja, återkallat 2024", "kyllä, 31.12.2024 asti"),
        *("yes, removed 2024", "Yes (left the shop)", "Yes, old", "yes?", "was yes", "kyllä, erosi 2024"),
        *("kyllä aiemmin", "Ja (t.o.m. 2023)", "ja, slutat", "Sì, tolto 2024", "Yes, card 1234"),
    ],
)
def test_a_yes_that_was_taken_back_is_unreadable(cell):
    with pytest.raises(InvalidValue):
        parse_permission(cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("Yes, I want to receive text messages", "Yes - 2024-05-01T12:00:00Z", "Yes, sms", "yes (web form)"),
        *("Kyllä, minulle saa lähettää tietoa tapahtumista", "Kyllä, annan luvan", "joo", "Kyllä (sms)"),
        *(
            "Ja, jag vill ha erbjudanden via SMS",
            "Ja tack",
            "Sì, desidero ricevere offerte",
            "Ja, gerne",
            "да",
        ),
    ],
)
def test_a_yes_that_says_to_what_stays_a_yes(cell):
    assert parse_permission(cell) == "yes"


def test_a_yes_with_a_date_stays_a_yes():
    assert guess_mapping(["Phone", "SMS-lupa"], [["0401110001", "kyllä 1.1.2020"]])[1] == ACTIVE
    assert parse_permission("kyllä 1.1.2020") == "yes"


WORDS_FOR_IT = """Left on: 2024-05-01, |Revoked: 2024-05-01, |Quit: yes, no|Promotions: no, yes|Ads: no, yes
Spam: yes, no|Archived: yes, no|Reachable: no, yes|Peruutuspäivä: 1.5.2024, |Estopvm: 1.5.2024,
Eropäivä: 1.5.2024, |Ei tekstareita: x, |Tekstarit: ei, joo|Viestit: ei, kyllä|Mainonta: ei, kyllä
Saako tekstata: Ei, Kyllä|Saako laittaa viestiä?: Ei, Joo|Avslutat: 2024-05-01,
Utträde: 2024-05-01, |Nixad: ja, nej
Zustimmung: nein, ja|Darf kontaktiert werden: nein, ja|Abbestellt: ja, nein|Nõus: ei, jah|Keeld: jah, ei
Loobunud: jah, ei|Согласие: нет, да|Отписан: да, нет|Не беспокоить: да, нет|Рассылка: нет, да|Suscrito: no, sí
Ne souhaite pas être contacté: oui, non|Autorisation: non, oui|Zgoda na SMS: nie, tak|Wypisany: tak, nie
Nie kontaktować: tak, nie|Toestemming: nee, ja|Piekrišana: nē, jā|Sutikimas: ne, taip
Suostunut: ei, kyllä|Antanut luvan: ei, kyllä|Hyväksyn ehdot: ei, kyllä|Postituslista: ei, kyllä
Infoviestit: ei, kyllä|Voimassa: ei, kyllä|Irtisanottu: 1.5.2024,|Passivoitu: 1.5.2024,|Saako häiritä: ei, joo
Mktg: no, yes|Campaigns: no, yes|Stay in touch: no, yes|Churned: yes, no|No longer a customer: x,
Comm pref: none, sms|Vill ha nyheter: nej, ja|Uppsagd: 2024-05-01,|Slutat: 2024-05-01,|Utskrivd: ja, nej
Mkt: N, S|Disdetta: 01/05/2024,|Cessato: 01/05/2024,|Disattivato: sì, no|Negato: sì, no"""


@pytest.mark.parametrize("column", [each for line in WORDS_FOR_IT.splitlines() for each in line.split("|")])
def test_whatever_it_is_called_nobody_is_taken_in_silence(column):
    name, _, cells = column.partition(":")
    header = ["Phone", name]
    rows = [["0401110001", cell.strip()] for cell in cells.split(",")]

    assert guess_mapping(header, rows)[1] in CONSENT_TARGETS or asked(header, rows) == [1]
