"""Numbers of which another cell, or the name of their column, says the beginning."""

import pytest
import xlsxwriter
from django.core.management import call_command

from contacts.erasure import erasing
from contacts.fields import PHONE_BEGINNING
from contacts.importing.files import workbooks
from contacts.models import Contact
from contacts.tests.first_looks import people
from contacts.tests.test_opt_out_list_files import reviewed
from contacts.text.phones import InvalidPhone, UnclearPhone
from contacts.text.split_numbers import read_any, with_beginning

AREA = "Etunimi;Suuntanumero;Puhelin\nAnna;050;4001234\n"
PREFIXED = "Name;Prefix;Phone\nAnna;Ms;0401110001\n"


@pytest.mark.parametrize(
    ("beginning", "rest", "phone"),
    [
        ("050", "4001234", "+358504001234"),
        ("50", "4001234", "+358504001234"),
        ("(050)", "400 1234", "+358504001234"),
        ("050", "0123456", "+358500123456"),
        ("050", "0504001234", "+358504001234"),
        ("50", "504001234", "+358504001234"),
        ("09", "0401110001", "+358401110001"),
        ("+46", "0701740605", "+46701740605"),
        ("0046", "070 174 06 05", "+46701740605"),
        ("+35850", "4001234", "+358504001234"),
        ("358", "504001234", "+358504001234"),
        ("050", "+46701740605", "+46701740605"),
        ("", "0401110001", "+358401110001"),
        ("-", "0401110001", "+358401110001"),
    ],
)
def test_the_beginning_of_a_number_is_joined_to_the_rest(beginning, rest, phone):
    assert read_any(with_beginning([beginning], rest), ["FI"]).phone == phone


@pytest.mark.parametrize(
    ("beginning", "rest", "error"),
    [
        ("46", "0701740605", UnclearPhone),
        ("40", "40123456", UnclearPhone),
        ("050", "", InvalidPhone),
        ("+999", "4001234", InvalidPhone),
    ],
)
def test_where_two_numbers_are_possible_or_none_nothing_is_taken(beginning, rest, error):
    with pytest.raises(error):
        read_any(with_beginning([beginning], rest), ["FI"])


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        (AREA, "+358504001234"),
        ("Name;Area code;Phone\nAnna;040;4512345\n", "+358404512345"),
        ("Namn;Riktnummer;Telefon\nAnna;050;4001234\n", "+358504001234"),
        ("Nome;Prefisso;Cellulare\nAnna;+39;3331110001\n", "+393331110001"),
        ("Name;Phone country code;Area code;Phone\nAnna;+358;50;4001234\n", "+358504001234"),
        ("Name;Area code;Phone country code;Phone\nAnna;50;+358;4001234\n", "+358504001234"),
        (PREFIXED, "+358401110001"),
        ("Eesnimi;Mobiil (+372)\nMari;50123456\n", "+37250123456"),
        ("Namn;Mobil +46\nÅsa;0701740605\n", "+46701740605"),
        ("Nome;Telefono (prefisso +39)\nAnna;3331110001\n", "+393331110001"),
        ("Nimi;Puhelin (esim. +358401234567)\nAnna;0504001234\n", "+358504001234"),
    ],
)
def test_what_a_file_says_of_the_beginning_of_a_number_belongs_to_it(text, phone, uploaded, mikko):
    assert [row[2] for row in people(uploaded(text))] == [phone]
    assert reviewed(mikko, text).context["judged"].new == [phone]


def test_an_unclear_number_of_a_list_opts_nobody_out(group, mikko):
    judged = reviewed(mikko, "Puhelin;Maakoodi\n0701740605;46\n401110001;358\n").context["judged"]

    assert judged.new == ["+358401110001"]
    assert [each.text for each in judged.unclear] == ["46 0701740605"]


def test_nobody_who_was_erased_comes_back_by_the_first_rows_of_a_file(uploaded, kahvila, aino):
    erasing.erase([kahvila], "+358504001234", by=aino)

    assert uploaded(AREA + "Ben;050;4005678\n").samples == [["Ben", "050", "4005678"]]


def test_only_codes_are_the_beginning_of_a_number(uploaded):
    assert PHONE_BEGINNING in uploaded(AREA).mapping
    assert PHONE_BEGINNING not in uploaded(PREFIXED).mapping


def test_a_number_is_mended_whole_where_its_beginning_stands_beside(uploaded):
    assert with_beginning(["050"], "+358401110001") == ["+358401110001"]
    assert read_any(with_beginning(["050"], "0401110001"), ["FI"]).phone == "+358401110001"


def test_of_columns_with_other_codes_no_number_is_read_as_of_the_first(uploaded):
    job = uploaded("Nimi;Mobiil (+372);Puhelin (+358)\nMari;50123456;\nAnna;;504001234\n")

    assert [row[1:3] for row in people(job)] == [("new", "+37250123456"), ("invalid", "")]


def test_a_command_reads_the_code_of_a_header(group, connected, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("Eesnimi;Mobiil (+372)\nMari;50123456\n")
    where = ["--customer", group.customer.remote_id, "--group", group.remote_id]

    call_command("import_contacts", str(file), *where)

    assert Contact.objects.get().phone == "+37250123456"


@pytest.mark.parametrize(
    ("number_format", "number", "text"),
    [
        ('"+372 "0', 50123456, "+372 50123456"),
        (r"\+372\ 0", 50123456, "+372 50123456"),
        ("+372 00 000 000", 50123456, "+372 50123456"),
        ('[Black]"0"0', 401110001, "0401110001"),
        ('"No "0', 401110001, "401110001"),
        ("[<=9999999]###-####;(###) ###-####", 401110001, "401110001"),
        ("0.00", 401110001, "401110001"),
        ('"+372 "0', -1, "-1"),
    ],
)
def test_what_the_format_of_a_cell_shows_before_a_number_belongs_to_it(number_format, number, text, tmp_path):
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_number(0, 0, number, book.add_format({"num_format": number_format}))

    with workbooks.opened(path) as opened:
        assert [row.cells for row in opened.rows()] == [[text]]
