"""Files that are neither CSV nor a workbook of today: read, or refused by what they are."""

import io
import zipfile

import pytest
from django.urls import reverse

from contacts.importing.files import file_reader, old_workbooks
from contacts.importing.files.reading import Reading
from contacts.importing.files.refusals import FileRefused
from contacts.models import ImportRow
from contacts.tests.first_looks import people
from contacts.tests.old_workbooks import old_workbook, scrambled
from tests.people import client_of


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{\\rtf1\\ansi Puhelin}", "a text document (RTF)"),
        (b"\xef\xbb\xbf<html><table><tr><td>Puhelin", "a web page"),
        (b'[{"phone": "0401"}]', "JSON"),
        (b'<?xml version="1.0"?><people/>', "XML"),
    ],
)
def test_a_refusal_names_what_the_file_is(uploaded, content, what):
    with pytest.raises(FileRefused) as refusal:
        uploaded(content)

    assert what in refusal.value.words


def test_brackets_around_names_of_columns_make_no_json(uploaded):
    assert people(uploaded("[Etunimi];[Puhelin]\nAino;0401110001\n")) == [(2, "new", "+358401110001", "Aino")]


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Aalto;Aino;;;
FN:Aino Aalto
TEL;TYPE=HOME:09 123 4567
item1.TEL;TYPE=CELL:040 111 0001
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBB
END:VCARD
BEGIN:VCARD
VERSION:4.0
FN:Eero Elo
TEL;VALUE=uri:tel:+358401110002
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=A4ki;P=C3=A4ivi
TEL;CELL:0401110003
END:VCARD
"""


def test_an_address_book_gives_a_row_for_each_card(uploaded):
    job = uploaded(CARDS.replace("\n", "\r\n"), "people.vcf")

    assert people(job) == [
        (2, "new", "+358401110001", "Aino Aalto"),
        (3, "new", "+358401110002", "Eero Elo"),
        (4, "new", "+358401110003", "Päivi Mäki"),
    ]


def test_a_card_that_breaks_off_is_a_person_too(uploaded):
    broken = CARDS.replace("END:VCARD\n", "", 1).removesuffix("END:VCARD\n")

    assert len(people(uploaded(broken, "people.vcf"))) == len(people(uploaded(CARDS, "people.vcf")))


def open_document(*rows: list[str]) -> bytes:
    return packed_document("".join(document_row(*row) for row in rows))


def document_row(*cells: str, said: str = "") -> str:
    """`said`: attributes of the row."""
    row = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f"<table:table-row {said}>{row}</table:table-row>"


def packed_document(cells: str) -> bytes:
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("calcext", "office", "table", "text")
    )
    sheet = f'<table:table table:name="Taulukko1">{cells}</table:table>'
    content = f"<office:spreadsheet>{sheet}</office:spreadsheet>"
    document = (
        f"<office:document-content {names}><office:body>{content}</office:body></office:document-content>"
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", document)
        archive.writestr("META-INF/manifest.xml", MANIFEST)
    return packed.getvalue()


MANIFEST = """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>
</manifest:manifest>"""


def test_an_open_document_is_read_apart(uploaded):
    job = uploaded(open_document([], ["Nimi", "Puhelin"], ["Aino Aalto", "0401110001"]), "people.ods")

    assert (job.sheet, job.header_row) == ("Taulukko1", 2)
    assert people(job) == [(3, "new", "+358401110001", "Aino Aalto")]


def test_rows_that_an_open_document_hides_are_left_out_and_counted(uploaded):
    blank = "<table:table-row table:number-rows-repeated='2'><table:table-cell/></table:table-row>"
    filtered = 'table:visibility="filter" table:number-rows-repeated="2"'
    job = uploaded(
        packed_document(
            document_row("Nimi", "Puhelin")
            + blank
            + document_row("Eero Elo", "0401110002", said='table:visibility="collapse"')
            + document_row("Aino Aalto", "0401110001", said='table:visibility="visible"')
            + document_row("Oili Oja", "0401110003", said=filtered)
        ),
        "people.ods",
    )

    assert [kind for _, kind, *_ in people(job)] == ["hidden", "new", "hidden", "hidden"]
    assert [line for line, *_ in people(job)] == [4, 5, 6, 7]


def test_rows_of_a_closed_group_of_an_open_document_are_hidden(uploaded):
    def group(display: str, rows: str) -> str:
        return f'<table:table-row-group table:display="{display}">{rows}</table:table-row-group>'

    inner = group("true", document_row("Oili Oja", "0401110003"))
    closed = group("false", document_row("Eero Elo", "0401110002") + inner)
    last = document_row("Aino Aalto", "0401110001")
    job = uploaded(packed_document(document_row("Nimi", "Puhelin") + closed + last), "people.ods")

    assert [kind for _, kind, *_ in people(job)] == ["hidden", "hidden", "new"]


def test_cells_of_an_open_document_that_say_nothing_by_themselves_are_named_as_such(tmp_path):
    text = "<table:table-cell{} office:value-type='string'><text:p>{}</text:p></table:table-cell>"
    spanned, phone = text.format(" table:number-rows-spanned='2'", "Oy A"), text.format("", "0401110001")
    covered, formula = "<table:covered-table-cell/>", '<table:table-cell table:formula="of:=[.A1]"/>'
    error = text.format(' calcext:value-type="error" office:string-value=""', "#N/A")
    path = tmp_path / "people.upload"
    path.write_bytes(
        packed_document(
            f"<table:table-row>{spanned}{phone}{formula}{error}</table:table-row>"
            f"<table:table-row>{covered}{phone}</table:table-row>"
        )
    )

    assert rows_of(path, "Taulukko1") == [
        ["Oy A", "0401110001", "#FORMULA!", "#ERROR!"],
        ["#MERGED!", "0401110001", "", ""],
    ]


@pytest.mark.parametrize("with_chart", [False, True])
def test_rows_that_an_old_workbook_hides_and_cells_that_it_merges_are_seen(tmp_path, with_chart):
    path = tmp_path / "people.upload"
    cells = [(row, 0, 401110000 + row) for row in range(4)] + [(1, 1, 7)]
    path.write_bytes(old_workbook(cells, hidden=[2], merged=[(1, 3, 1, 1)], with_chart=with_chart))

    with file_reader.open_rows(path, Reading(sheet="Sheet1")) as rows:
        assert [(row.line, row.cells, row.hidden) for row in rows] == [
            (1, ["401110000", ""], False),
            (2, ["401110001", "7"], False),
            (3, ["401110002", "#MERGED!"], True),
            (4, ["401110003", "#MERGED!"], False),
        ]


@pytest.mark.parametrize(
    ("shown_as", "cell"),
    [
        ('"+372 "0', "+372 5123456"),
        ("+372\\ #,##0", "+372 5123456"),
        ("#,##0.00", "5123456"),
        ("0", "5123456"),
    ],
)
def test_what_an_old_workbook_shows_before_a_number_is_of_it(tmp_path, shown_as, cell):
    path = tmp_path / "people.upload"
    path.write_bytes(old_workbook([(0, 0, 5123456), (0, 1, -5)], shown_as=shown_as))

    assert rows_of(path, "Sheet1") == [[cell, "-5"]]


@pytest.mark.parametrize(
    ("shown", "cell"),
    [
        ("+372 512 3456", "+372 5123456"),
        ("(+372) 5123456", "+372 5123456"),
        ("05123456", "05123456"),
        ("5 123 456,00", "5123456"),
        ("5123456 kpl", "5123456"),
    ],
)
def test_what_an_open_document_shows_before_a_number_is_of_it(tmp_path, shown, cell):
    path = tmp_path / "people.upload"
    number = '<table:table-cell office:value-type="float" office:value="5123456"{}>{}</table:table-cell>'
    row = '<table:table-row table:number-rows-repeated="2">{}</table:table-row>'
    shown_twice = number.format(' table:number-columns-repeated="2"', f"<text:p>{shown}</text:p>")
    path.write_bytes(packed_document(row.format(shown_twice)))

    assert rows_of(path, "Taulukko1") == [[cell, cell], [cell, cell]]


def test_an_old_workbook_whose_records_lead_nowhere_hides_nothing(tmp_path):
    whole = old_workbook([(0, 0, 401110000)], hidden=[0])
    for place in range(0, len(whole), 97):
        path = tmp_path / "people.upload"
        path.write_bytes(whole[:place] + b"\xff\x85\x00" + whole[place + 3 :])
        old_workbooks.marks_of(path)  # it may say anything, and ends


def rows_of(path, sheet: str) -> list[list[str]]:
    with file_reader.open_rows(path, Reading(sheet=sheet)) as rows:
        return [row.cells for row in rows]


def of_parts(**parts: str) -> bytes:
    mimetype = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, part in (mimetype | parts).items():
            archive.writestr(name, part)
    return packed.getvalue()


SCRAMBLED = MANIFEST.replace("/>", "><manifest:encryption-data/></manifest:file-entry>")
LOCKED = {
    "people.xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "people.xls": scrambled(old_workbook([(0, 0, 401110001)])),
    "people.ods": of_parts(**{"content.xml": "\x9f\x01", "META-INF/manifest.xml": SCRAMBLED}),
    "as one.ods": of_parts(**{"encrypted-package": "\x9f\x01", "META-INF/manifest.xml": SCRAMBLED}),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_workbook_with_a_password_is_called_so(uploaded, name):
    with pytest.raises(FileRefused) as refusal:
        uploaded(LOCKED[name], name)

    assert refusal.value.code == "locked"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (of_parts(**{"xl/workbook.bin": ""}).replace(b"mimetype", b"[Content"), "a binary workbook"),
        (
            of_parts(**{"Index/Document.iwa": ""}).replace(b"mimetype", b"[Content"),
            "an Apple Numbers document",
        ),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "an old kind of Excel"),
    ],
)
def test_a_spreadsheet_that_is_not_read_is_not_said_to_be_none(uploaded, content, what):
    with pytest.raises(FileRefused) as refusal:
        uploaded(content)

    assert f"This file is {what}" in refusal.value.words
    assert "not a spreadsheet" not in refusal.value.words
    assert "Save it as" in refusal.value.words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.vcf", b"BEGIN:VCARD\nFN:Ai\0no\nTEL:0401110001\nEND:VCARD\n"),
        (
            "a.xls",
            old_workbook(
                [], texts=[(0, 0, "Puhelin"), (0, 1, "Etunimi"), (1, 0, "0401110001"), (1, 1, "Ai\0no")]
            ),
        ),
    ],
)
def test_what_no_database_holds_is_told_and_the_person_is_taken(uploaded, name, content):
    job = uploaded(content, name)

    assert not any("\0" in cell for row in job.samples for cell in row)
    [(_, kind, phone, _)] = people(job)
    assert (kind, phone) == ("new", "+358401110001")
    assert "cannot be read were left out" in str(ImportRow.objects.get(job=job).problems)


def test_an_address_book_has_no_sheets_to_choose_from(uploaded, mikko):
    job = uploaded(CARDS, "people.vcf")

    client_of(mikko).post(reverse("contacts:import_reading", args=[job.pk]), {"header_row": "0"})

    job.refresh_from_db()
    assert (job.header_row, job.answered) == (0, ["header_row"])
