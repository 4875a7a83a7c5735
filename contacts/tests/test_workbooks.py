"""XLSX as it is read: what Excel shows, row by row, with nothing computed and little in memory."""

import datetime
import io
import tracemalloc

import pytest
import xlsxwriter
from django.urls import reverse

from contacts.importing import import_lifecycle
from contacts.importing.files import workbooks
from contacts.importing.files.parsers import FileRow
from contacts.importing.files.refusals import FileRefused
from contacts.importing.import_lifecycle import Upload
from contacts.tests.workbook_files import archive, by_hand, lying, text, written
from tests.people import client_of


def read_rows(tmp_path, content: bytes) -> list[FileRow]:
    path = tmp_path / "book.upload"
    path.write_bytes(content)
    with workbooks.opened(path) as book:
        return list(book.rows())


def read(tmp_path, content: bytes) -> list[list[str]]:
    return [row.cells for row in read_rows(tmp_path, content)]


def test_cells_are_read_as_excel_holds_them(tmp_path):
    rows = [["Puhelin", "Nimi"], [358401234567, "Åke"], [401234567.0, 1.5], ["0401", True]]

    assert read(tmp_path, written(rows)) == [
        ["Puhelin", "Nimi"],
        ["358401234567", "Åke"],
        ["401234567", "1.5"],
        ["0401", "true"],
    ]


def test_dates_are_read_as_dates_and_times_as_times(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "d.m.yyyy"})
        red = book.add_format({"num_format": '0 "days"'})
        sheet.write_datetime(0, 0, datetime.datetime(1980, 2, 29), day)
        sheet.write_datetime(0, 1, datetime.datetime(1980, 2, 29, 13, 30), day)
        sheet.write_number(0, 2, 0.5, day)
        sheet.write_number(0, 3, 12, red)

    assert read(tmp_path, content.getvalue()) == [["1980-02-29", "1980-02-29 13:30:00", "12:00:00", "12"]]


def test_a_formula_gives_the_value_that_was_stored_beside_it(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet().write_formula(0, 0, "=1+1", value="7")

    assert read(tmp_path, content.getvalue()) == [["7"]]


def test_a_formula_that_nobody_has_calculated_is_an_error_and_no_blank(tmp_path):
    formula = "<f>A2&amp;B2</f>"
    text = f'<c t="str">{formula}<v></v></c>'
    sheet = f"<row><c>{formula}</c><c>{formula}<v></v></c>{text}<c><v>7</v></c></row>"

    assert read(tmp_path, by_hand(sheet)) == [["#FORMULA!", "#FORMULA!", "", "7"]]


def test_a_workbook_of_several_sheets_says_which_is_read(group, mikko):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("Vanhat").hide()
        for name in ("Jäsenet", "Henkilökunta"):
            book.add_worksheet(name).write_column(0, 0, ["Puhelin", "0401234567"])
        book.worksheets_objs[1].activate()
        book.worksheets_objs[1].set_first_sheet()
    job = import_lifecycle.upload(Upload("jäsenet.xlsx", [content.getvalue()]), group=group, by=mikko)

    page = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk])).content.decode()

    assert "More than one sheet has people: “Jäsenet”, “Henkilökunta”. “Jäsenet” is read." in page
    assert "Vanhat" not in page


def test_rows_and_cells_that_are_left_out_keep_their_place(tmp_path):
    sheet = '<row r="3"><c r="B3"><v>5</v></c><c r="D3"><v>6</v></c></row><row><c><v>7</v></c></row>'

    assert read_rows(tmp_path, by_hand(sheet)) == [(3, ["", "5", "", "6"], False), (4, ["7"], False)]


def test_rows_that_the_sheet_hides_are_marked_and_no_others(tmp_path):
    cell = "<c><v>5</v></c>"
    sheet = f'<row hidden="1">{cell}</row><row hidden="true"/><row hidden="0">{cell}</row><row>{cell}</row>'

    assert [(row.line, row.hidden) for row in read_rows(tmp_path, by_hand(sheet))] == [
        (1, True),
        (3, False),
        (4, False),
    ]


def test_runs_of_rich_text_are_one_text_without_its_furigana(tmp_path):
    sheet = '<row><c t="inlineStr"><is><r><t>Kaf</t></r><r><t>fe</t></r><rPh><t>x</t></rPh></is></c></row>'

    assert read(tmp_path, by_hand(sheet)) == [["Kaffe"]]


def test_what_xml_may_not_hold_comes_back_as_it_was(tmp_path):
    assert read(tmp_path, by_hand(text(["_x0009_a_x005F_x0041_", "_x0000__xD83D_"]))) == [
        ["\ta_x0041_", "\ufffd\ufffd"]
    ]


def test_the_first_visible_sheet_is_read(tmp_path):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        hidden, shown = book.add_worksheet(), book.add_worksheet()
        hidden.write(0, 0, "hidden")
        shown.write(0, 0, "shown")
        shown.activate()
        hidden.hide()

    assert read(tmp_path, content.getvalue()) == [["shown"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (by_hand(text(["a"]), other={"xl/media/image.bin": bytes(60 * 1024**2)}), "too_large"),
        (lying(by_hand(text(*[["a" * 100]] * 9000)), "xl/worksheets/sheet1.xml", 1000), "damaged"),
        (by_hand('<row r="9999999"/>'), "damaged"),
        (by_hand('<row r="2"/><row r="2"/>'), "damaged"),
        (by_hand('<row><c t="s"><v>4</v></c></row>'), "damaged"),
        (by_hand("<row><c><v>four</v></c></row>"), "damaged"),
        (by_hand("<row>"), "damaged"),
        (by_hand(text(["x" * 140_000])), "long_cell"),
        (by_hand("", other={"xl/workbook.xml": b"<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}), "damaged"),
        (archive({"xl/workbook.xml": b"<workbook/>"}), "damaged"),
        (archive({"content.xml": b"<office/>"}), "not_a_spreadsheet"),
        (archive({f"part{number}": b"" for number in range(20_000)}), "not_a_spreadsheet"),
        (b"PK\x03\x04" + bytes(500), "damaged"),
        (written([["a"]])[:-400], "damaged"),
    ],
)
def test_a_hostile_workbook_is_refused_in_little_memory(tmp_path, content, code):
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refusal:
            read(tmp_path, content)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refusal.value.code == code
    assert most < 16 * 1024**2


def test_a_cell_at_the_far_corner_costs_nothing(tmp_path):
    sheet = '<row r="1048576"><c r="A1048576"><v>1</v></c><c s="0" r="XFD1048576"><v>1</v></c></row>'

    assert read_rows(tmp_path, by_hand(sheet)) == [(1_048_576, ["1"], False)]
