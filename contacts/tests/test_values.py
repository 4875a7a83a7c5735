"""What headers and cells mean, in English, Finnish, Swedish and Italian."""

import pytest

from contacts.fields import Gender
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.row_parser import parse_row
from contacts.text.formula_injection import escape_formula
from contacts.text.values import InvalidValue, clean_text, parse_country

HEADERS = {
    "phone": ["Mobile number", "Matkapuhelin", "GSM-numero", "Mobilnummer", "Telefonnr.", "N. cellulare"],
    "first_name": ["First name", "Etunimi", "FÖRNAMN", "Nome"],
    "last_name": ["Surname", "Sukunimi", "Efternamn", "Cognome"],
    "email": ["E-mail", "Sähköpostiosoite", "E-postadress", "Posta elettronica"],
    "gender": ["Sex", "Sukupuoli", "Kön", "Sesso"],
    "birth_year": ["Date of birth", "Syntymävuosi", "Födelseår", "Anno di nascita"],
    "street_address": ["Address line 1", "Katuosoite", "Gatuadress", "Indirizzo"],
    "zip_code": ["ZIP/Postal code", "Postinumero", "Postnr", "C.A.P.", "CAP"],
    "city": ["Town", "Postitoimipaikka", "Postort", "Città"],
    "country_code": ["Country", "Maa", "Land", "Paese"],
}
GENDERS = {
    Gender.FEMALE: ["Female", "F", "nainen", "N", "kvinna", "K", "femmina", "donna", "Mrs."],
    Gender.MALE: ["male", "M", "Mies", "man", "maschio", "uomo", "Herr"],
    Gender.OTHER: ["other", "muu", "annat", "altro", "X"],
}
COUNTRIES = {
    "FIN": ["FI", "fin", "Finland", "Suomi", "Finlandia"],
    "SWE": ["SE", "Sweden", "Ruotsi", "Sverige", "Svezia"],
    "ITA": ["it", "Italy", "Italia", "Italien"],
    "GBR": ["UK", "Iso-Britannia", "Storbritannien", "Regno Unito", "United Kingdom"],
    "USA": ["U.S.A.", "Yhdysvallat", "Förenta staterna", "Stati Uniti"],
    "EST": ["Viro", "Estland", "Estonia", "Eesti"],
    "NLD": ["Alankomaat", "Nederländerna", "Paesi Bassi"],
}

GETS_MESSAGES = {
    "yes": ["Yes", "1", "TRUE", "kyllä", "ja", "Sì", "subscribed", "aktiivinen"],
    "no": ["No", "0", "false", "Ei", "nej", "inactive", "Unsubscribed", "passiivinen"],
}


def pairs(words: dict) -> list[tuple[str, str]]:
    return [(each, meaning) for meaning, spoken in words.items() for each in spoken]


@pytest.mark.parametrize(("header", "field"), pairs(HEADERS))
def test_a_header_is_understood(header, field):
    assert guess_mapping([header]) == [field]


@pytest.mark.parametrize(("cell", "gender"), pairs(GENDERS))
def test_a_gender_is_understood(cell, gender):
    assert parse_row(["0401234567", cell], ["phone", "gender"], ["FI"]).values["gender"] == gender


@pytest.mark.parametrize(("cell", "said"), pairs(GETS_MESSAGES))
def test_whether_somebody_gets_messages_is_understood(cell, said):
    mapping = guess_mapping(["Puhelin", "Markkinointilupa"])

    assert parse_row(["0401234567", cell], mapping, ["FI"]).values["active"] == said


@pytest.mark.parametrize(("cell", "code"), pairs(COUNTRIES))
def test_a_country_is_understood(cell, code):
    assert parse_row(["0401234567", cell], ["phone", "country_code"], ["FI"]).values["country_code"] == code


def test_of_two_columns_of_numbers_the_one_with_phones_is_taken():
    samples = [["17", "0401234567"], ["18", "0401234568"]]

    assert guess_mapping(["Numero", "Puhelin"], samples) == ["property:Numero", "phone"]


@pytest.mark.parametrize(
    ("code", "country", "is_lost"),
    [
        ("100", "", True),
        ("2100", "FIN", True),
        ("00100", "", False),
        ("1234", "NOR", False),
        ("114 55", "SWE", False),
    ],
)
def test_a_postal_code_without_its_zeros_is_named_as_such(code, country, is_lost):
    reading = parse_row(["+358401234567", code, country], ["phone", "zip_code", "country_code"], ["FI"])

    assert ("zip_code" not in reading.values) is is_lost
    assert [
        ("such as 00100" in each.reason or "such as 02100" in each.reason) for each in reading.problems
    ] == ([True] if is_lost else [])


def test_a_postal_code_of_an_unknown_country_is_left_as_it_is():
    assert parse_row(["0401234567", "100"], ["phone", "zip_code"], ["FI", "SE"]).values["zip_code"] == "100"


@pytest.mark.parametrize(
    ("said", "code"), [("46", "SWE"), ("+358", "FIN"), ("0039", "ITA"), ("372.0", "EST")]
)
def test_a_dialling_code_is_a_country(said, code):
    assert parse_country(said) == code


def test_a_dialling_code_that_decided_the_number_is_kept_as_the_country():
    reading = parse_row(["0701740605", "46"], ["phone", "country_code"], ["FI"])

    assert (reading.values, reading.problems) == ({"phone": "+46701740605", "country_code": "SWE"}, [])


@pytest.mark.parametrize("said", ["1", "+7", "999"])
def test_a_dialling_code_of_several_countries_or_none_is_no_country(said):
    with pytest.raises(InvalidValue):
        parse_country(said)


@pytest.mark.parametrize(
    ("target", "cell"),
    [
        ("gender", "Ei määritetty"),
        ("gender", "Ospecificerat"),
        ("gender", "Unspecified"),
        ("birth_year", "0.0.00"),
    ],
)
def test_what_programs_write_for_nothing_is_nothing_and_no_fault(target, cell):
    reading = parse_row(["0401110001", cell], ["phone", target], ["FI"])

    assert (target in reading.values, reading.problems) == (False, [])


@pytest.mark.parametrize(
    ("cell", "kept"),
    [("'90100", "90100"), ("'00 100", "00 100"), ("''90100", "'90100"), ("'t Hooft", "'t Hooft")],
)
def test_a_quote_that_keeps_a_number_as_text_is_no_part_of_it(cell, kept):
    assert clean_text(cell) == kept
    assert clean_text(escape_formula(kept)) == kept
