"""Which cells of a file are names, and of whom."""

import pytest

from contacts.importing.columns.column_mapping import guess_mapping
from contacts.models import ImportRow
from contacts.tests.first_looks import people
from contacts.text.names import split_name, word_up_to
from contacts.text.values import clean


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Päivi Meikäläinen", ("Päivi", "Meikäläinen")),
        ("Meikäläinen, Päivi", ("Päivi", "Meikäläinen")),
        ("Meikäläinen; Päivi", ("Päivi", "Meikäläinen")),
        ("Anna van der Berg", ("Anna", "van der Berg")),
        ("Aino Maria Aalto", ("Aino Maria", "Aalto")),
        ("Aino", ("Aino", "")),
        ("van Gogh Vincent", ("Vincent", "van Gogh")),
        ("Aino Aalto (ent. Ek)", ("Aino", "Aalto (ent. Ek)")),
        ("Aino (Aalto)", ("Aino", "(Aalto)")),
        (" Aino, ", ("Aino", "")),
    ],
)
def test_a_whole_name_is_first_and_last(name, parts):
    assert split_name(name) == parts


def test_the_last_name_comes_first_where_the_header_says_so():
    assert split_name("van der Berg Anna Maria", last_first=True) == ("Anna Maria", "van der Berg")
    assert guess_mapping(["Sukunimi ja etunimi", "Puhelin"]) == ["full_name:last_first", "phone"]


@pytest.mark.parametrize(
    ("headers", "targets"),
    [
        (["Nimi", "Puhelin"], ["full_name", "phone"]),
        (["Name", "First name", "Last name", "Phone"], ["", "first_name", "last_name", "phone"]),
        (["Nimi", "Sukunimi", "Puhelin"], ["first_name", "last_name", "phone"]),
        (["Nome", "Cognome", "Cellulare"], ["first_name", "last_name", "phone"]),
        (["Vorname", "Name", "Handy"], ["first_name", "last_name", "phone"]),
        (["Nom", "Prénom", "Téléphone"], ["last_name", "first_name", "phone"]),
        (["Nombre", "Apellidos", "Móvil"], ["first_name", "last_name", "phone"]),
        (
            ["Фамилия", "Имя", "Отчество", "Телефон"],
            ["last_name", "first_name", "property:Отчество", "phone"],
        ),
        (["Perekonnanimi", "Eesnimi", "Telefon"], ["last_name", "first_name", "phone"]),
        (["Imię", "Nazwisko", "Komórka"], ["first_name", "last_name", "phone"]),
        (["Tilltalsnamn", "Efternamn", "Mobil"], ["first_name", "last_name", "phone"]),
        (["First name", "Customer name", "Phone"], ["first_name", "full_name", "phone"]),
    ],
)
def test_a_column_of_names_is_what_the_others_leave_to_it(headers, targets):
    assert guess_mapping(headers) == targets


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["Ek Anna", "Elo Ben Olli"], "full_name:last_first"),
        (["Anna Ek", "Ben Elo"], "full_name"),
        (["Anna", "Ben Olli"], "first_name"),
        (["", ""], "first_name"),
    ],
)
@pytest.mark.parametrize("headers", [["Sukunimi", "Nimi"], ["Cognome", "Nome"]])
def test_a_name_beside_the_last_name_is_whole_where_it_holds_that(headers, names, target):
    rows = [["Ek", names[0], "0401110001"], ["Elo", names[1], "0401110002"]]

    assert guess_mapping([*headers, "Puhelin"], rows, ["FI"]) == ["last_name", target, "phone"]


@pytest.mark.parametrize(
    ("names", "target"),
    [
        (["Anna Ek", "Ben Elo"], "full_name"),
        (["Ek Anna", "Elo Ben"], "full_name:last_first"),
        (["Ek", "Elo"], "last_name"),
    ],
)
@pytest.mark.parametrize("headers", [["Vorname", "Name"], ["Prénom", "Nom"], ["Etunimi", "Nimi"]])
def test_a_name_beside_the_first_name_is_whole_where_it_holds_that(headers, names, target):
    rows = [["Anna", names[0], "0401110001"], ["Ben", names[1], "0401110002"]]

    assert guess_mapping([*headers, "Puhelin"], rows, ["FI"]) == ["first_name", target, "phone"]


@pytest.mark.parametrize(
    ("header", "name", "target"),
    [
        ("Nom", "Dupont", "last_name"),
        ("Nom", "Jean Dupont", "full_name"),
        ("Имя", "Анна", "first_name"),
        ("Nombre", "Ana Ruiz", "full_name"),
        ("Name, Vorname", "Ek, Anna", "full_name:last_first"),
        ("Nom et prénom", "Dupont Jean", "full_name:last_first"),
        ("ФИО", "Иванова Анна Ивановна", "full_name:last_first"),
        ("Nazwisko i imię", "Nowak Anna", "full_name:last_first"),
        ("Imię i nazwisko", "Anna Nowak", "full_name"),
        ("Vor- und Nachname", "Anna Ek", "full_name"),
        ("Nombre y apellidos", "Ana Ruiz", "full_name"),
        ("Täisnimi", "Anna Ek", "full_name"),
    ],
)
def test_a_name_alone_is_a_part_or_whole_as_its_language_has_it(header, name, target):
    assert guess_mapping([header, "Puhelin"], [[name, "0401110001"]], ["FI"]) == [target, "phone"]


@pytest.mark.parametrize(
    "cell",
    [
        *("2027-04-01", "1.4.2027", "1.huhti", "Apr-01", "1-maj", "12:30", "46478", "TOSI", "TRUE", "false"),
        *("01.Dez", "1. Mai", "1-févr.", "1-ene", "1. veebr", "1-kwi", "12-окт", "mai.24"),
        *("WAHR", "VRAI", "TÕENE", "FAŁSZ", "ИСТИНА", "#WERT!", "#BEZUG!", "#NV", "#¡VALOR!", "#ДЕЛ/0!"),
    ],
)
def test_what_a_spreadsheet_made_of_a_name_is_none(uploaded, cell):
    job = uploaded(f"Etunimi;Kaupunki;Puhelin\n{cell};{cell};0401110001\n")

    assert people(job) == [(2, "new", "+358401110001", "")]
    assert len(ImportRow.objects.get(job=job).problems) == 2


@pytest.mark.parametrize("name", ["None", "True", "N/A", "May", "Elo", "Kesä 2 Oy", "Vero", "Lis", "#Hype!"])
def test_a_name_that_only_looks_odd_is_one(uploaded, name):
    assert people(uploaded(f"Etunimi;Puhelin\n{name};0401110001\n"))[0][3] == name


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        *((cell, "Anna") for cell in ("„Anna“", "«Anna»", "’Anna’", "“Anna”", "'Anna'", "`Anna´", "‹Anna›")),
        *((name, name) for name in ("O'Neil", "D’Arcy", "'t Hart", "Anna “Annu”", "«Anna» «Maria»")),
    ],
)
def test_quotation_marks_around_a_name_are_none_of_it(uploaded, cell, name):
    assert people(uploaded(f"Etunimi;Puhelin\n{cell};0401110001\n"))[0][3] == name


@pytest.mark.parametrize("sign", "\u200b\u00ad\u2060\u2063\u3164\u2800\ufeff\ufe0f\u200d")
def test_what_nobody_sees_is_no_value(sign):
    assert clean(sign) == ("", True)
    assert clean(f"Ai{sign}no" if sign not in "\ufe0f\u200d" else "Aino") == ("Aino", True)


@pytest.mark.parametrize(
    ("cells", "target"), [(["Attivo", "Sospeso"], "property:Stato"), (["Italia", ""], "country_code")]
)
def test_the_italian_word_for_a_country_is_none_where_no_cell_is_one(cells, target):
    rows = [["3331110001", cell] for cell in cells]

    assert guess_mapping(["Cellulare", "Stato"], rows, ["IT"])[1] == target


@pytest.mark.parametrize("cell", ["", "''", "“”", "'"])
def test_marks_around_nothing_are_taken_as_they_are(cell):
    assert word_up_to(40)(cell) == cell
