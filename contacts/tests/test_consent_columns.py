"""Columns of consent: found by their words, read both ways round, and never guessed."""

import pytest

from contacts.fields import ACTIVE, PROHIBITION
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.columns.consent_columns import consent_questions
from contacts.text.consent_words import parse_permission, parse_prohibition
from contacts.text.values import InvalidValue

PERMISSIONS = """Opt in|Opt-in|opted_in
Consent|SMS consent|Marketing consent|Marketing permission|Accepts Marketing
Accepts SMS Marketing|Gets messages|Subscribed|Markkinointilupa|SMS-lupa|Lupa SMS|Lupa|Saa lähettää viestejä
Suostumus|Tekstiviestilupa|Suoramarkkinointilupa|Samtycke|Samtycke till SMS|Får skicka SMS|Godkänner utskick
Consenso|Consenso marketing|Consenso SMS|Riceve messaggi|Autorizzazione SMS|acceptsMarketing
Saako lähettää viestejä?|Haluan tekstiviestejä|Vill ha SMS|Vuole ricevere SMS|Receives texts
SMS consent (yes/no)|Lupa (kyllä/ei)|Einwilligung|Samtykke|Nõusolek|Acepta SMS
Får vi kontakta dig?|Kan kontaktas|Saa ottaa yhteyttä|Saako ottaa yhteyttä?|May we contact you?
Can we contact you?|Contactable|Contact OK|Contattabile|Possiamo contattarti?|Desidera essere contattato"""
PROHIBITIONS = """Opt-out|Opted Out|OptOut|Unsubscribed|UNSUB_TIME|Do not contact|Do Not Text|DNC|Blocklisted
Kielto|Suoramarkkinointikielto|Markkinointikielto|SMS-kielto|Kieltänyt markkinoinnin|Ei saa lähettää
Ei markkinointia|Spärr|Spärrad|Får ej kontaktas|Reklamspärr|Avregistrerad|Non contattare|Non inviare SMS
Disiscritto|Opposizione al marketing
Ei mainoksia|En halua viestejä|Estetty|Vill inte ha SMS|Tackat nej|NIX|Non disturbare|Non vuole SMS|Nessun SMS
Niente pubblicità|No pubblicità|Gesperrt|Keine Werbung|Reservert|No molestar
Kontakta ej|Kontaktas ej|Skicka inte|Avstår|Nej tack|Älä ota yhteyttä|Älä lähetä|Ei tiedotteita|Ei kiitos
Not contactable|Non mandare|Non contattabile|Abgemeldet|Widerspruch|Désabonné|Désinscrit|Frameldt
Suostumus peruttu|Lupa peruttu|Lupa evätty|Lupa poistettu|Samtycke återkallat|Samtycke saknas|Utan samtycke
Nekat samtycke|Consenso negato|Senza consenso|Consenso ritirato|Consent revoked|Permission denied
Without consent|Ilman lupaa|Ei lupaa|Missing consent|DND|Denylist|Stopped|Objection|Viestiesto|Peruuttanut
Torjunut|Hylännyt viestit|Pois listalta|Robinson|Lista nera|Vietato|Opposto|Reserverad|Spam complaint"""
NEITHER = """Tekstiviestilupa (ei)|SMS consent (no)|Consenso privacy|Consenso al trattamento dei dati
Nimi|Asiakasnumero|Option|Optician|Lupaus|Kieli|Tila|Status|Stato|Synt.aika|Consultant|OPTIN_TIME"""


def lines(words: str) -> list[str]:
    return [each for line in words.splitlines() for each in line.split("|")]


@pytest.mark.parametrize("header", lines(PERMISSIONS))
def test_a_permission_is_known_by_its_words(header):
    assert guess_mapping(["puhelin", header])[1] == ACTIVE


@pytest.mark.parametrize("header", lines(PROHIBITIONS))
def test_a_prohibition_is_known_by_its_words(header):
    assert guess_mapping(["puhelin", header])[1] == PROHIBITION


@pytest.mark.parametrize("header", lines(NEITHER))
def test_what_is_about_something_else_is_no_consent(header):
    assert guess_mapping(["puhelin", header])[1] not in (ACTIVE, PROHIBITION)


GRANTED = "Yes|kyllä|KYLLA|ja|sì|x|1|granted|Myönnetty|✓|subscribed|Yes, I agree"
UNKNOWN = "ei tietoa|ei tiedossa|Ei vastausta|ei kysytty|no answer|no data|ingen uppgift|nessuna risposta"
REFUSED = """revoked 2023-04-01|refused on 1.2.2024|ei tiedotteita|no|Ei|nej|0
denied|Evätty|Ei myönnetty|not granted|opted out
NEVER_SUBSCRIBED|cleaned|Ei kiitos|non concesso|✗|får ej|nej tack|nein|ei ole"""
NOTHING = """12.3.2024|maybe|pending|Yes, but not by SMS|kyllä, vain sähköposti|yes (email)|?|-
Yes, by phone|Yes, by telephone|Kyllä, puhelimitse|Kyllä, kirjeitse|Kyllä, saa soittaa|Ja, per telefon
Sì, telefono|Ja, via e-post|Ja, telefonisch|Yes, by letter"""
FORBIDDEN = "Yes|kyllä|true|X|1|unsubscribed|2024-05-01 12:00|1.5.2024|kielletty"
NOT_FORBIDDEN = "no|ei|ei ole|false|0|subscribed|opted in"
NO_PROHIBITION = "denied|granted|too many messages"


@pytest.mark.parametrize("text", lines(GRANTED))
def test_a_permission_says_yes(text):
    assert parse_permission(text) == "yes"


@pytest.mark.parametrize("text", lines(REFUSED))
def test_a_permission_says_no(text):
    assert parse_permission(text) == "no"


@pytest.mark.parametrize("text", lines(FORBIDDEN))
def test_a_prohibition_means_no(text):
    assert parse_prohibition(text) == "no"


@pytest.mark.parametrize("text", lines(NOT_FORBIDDEN))
def test_no_prohibition_means_yes(text):
    assert parse_prohibition(text) == "yes"


@pytest.mark.parametrize(
    ("parse", "text"),
    [(parse_permission, text) for text in lines(f"{NOTHING}|{UNKNOWN}")]
    + [(parse_prohibition, text) for text in lines(NO_PROHIBITION)],
)
def test_what_says_neither_is_not_guessed(parse, text):
    with pytest.raises(InvalidValue):
        parse(text)


@pytest.mark.parametrize("header", ["Status", "Tila", "List membership", "Subscription status", "Email"])
def test_words_of_a_list_tell_consent_under_any_header(header):
    samples = [["0401115001", "unsubscribed"], ["0401115002", "subscribed"], ["0401115003", "cleaned"]]

    assert guess_mapping(["puhelin", header], samples)[1] in (ACTIVE, "email")


def test_of_two_permissions_the_one_for_sms_decides():
    header = ["puhelin", "Markkinointilupa", "SMS-lupa", "Sähköpostilupa"]

    assert guess_mapping(header) == ["phone", "property:Markkinointilupa", ACTIVE, "property:Sähköpostilupa"]


def test_a_general_prohibition_holds_beside_a_permission_for_sms():
    assert guess_mapping(["puhelin", "SMS-lupa", "Suoramarkkinointikielto"])[1:] == [ACTIVE, PROHIBITION]


def test_a_column_that_looks_like_consent_and_is_not_understood_is_asked_about():
    header, samples = ["puhelin", "Lupa", "GDPR"], [["0401115001", "vihreä", "ok"]]

    asked = consent_questions(header, samples, guess_mapping(header, samples))

    assert [each["choices"] for each in asked] == [["yes", "no", "ignore"]]
    assert asked[0]["words"].startswith("“Lupa”")


ASKED = """Tekstiviestilupa (ei)
Direktreklam|Accetta comunicazioni|Texting OK|Agreed to terms|Mailing list|Poistettu
Deceased|Kuollut|Peruttu|Nyhetsbrev: nej|Consenso privacy|Legal basis|Contact preference|Preferred channel
Meddelanden|Notiser|Viestintä|Ilmoitukset|Evätty|Notifications|Communications|Notifiche|Escluso|Eronnut
Poistunut|Bounced|Inactive|Exclude|Would you like to hear from us?"""
NOT_ASKED = "Member|VIP|Jäsen|Is a company|Tax exempt|Paid|Student|Lisätiedot|Kontaktperson|Yhteystiedot"


@pytest.mark.parametrize("header", lines(ASKED))
def test_what_may_say_who_gets_messages_is_asked_about(header):
    samples = [["0401115001", "x"], ["0401115002", ""]]

    asked = consent_questions(["puhelin", header], samples, guess_mapping(["puhelin", header], samples))

    assert [each["about"] for each in asked] == ["consent"]


@pytest.mark.parametrize("header", lines(NOT_ASKED))
def test_a_yes_or_no_about_something_else_is_not_asked_about(header):
    samples = [["0401115001", "yes"], ["0401115002", "no"]]

    assert not consent_questions(["phone", header], samples, guess_mapping(["phone", header], samples))


@pytest.mark.parametrize("header", ["Eronnut", "Bounced"])
def test_the_day_on_which_somebody_left_is_asked_about(header):
    samples = [["0401115001", "2024-05-01"], ["0401115002", ""]]

    assert consent_questions(["phone", header], samples, guess_mapping(["phone", header], samples))


def test_of_two_permissions_the_one_for_marketing_is_before_that_for_keeping_data():
    header = ["puhelin", "Consenso privacy", "Consenso marketing"]

    assert guess_mapping(header)[1:] == ["property:Consenso privacy", ACTIVE]


def test_where_only_another_channel_is_told_of_somebody_is_asked():
    header, samples = ["phone", "Accepts Email Marketing"], [["0401115001", "yes"]]

    asked = consent_questions(header, samples, guess_mapping(header, samples))

    assert [each["words"].split(" may")[0] for each in asked] == ["“Accepts Email Marketing”"]


def test_a_column_that_is_understood_is_not_asked_about():
    header, samples = (
        ["phone", "Accepts Email Marketing", "Accepts SMS Marketing"],
        [["0401115001", "yes", "no"]],
    )

    assert consent_questions(header, samples, guess_mapping(header, samples)) == []
