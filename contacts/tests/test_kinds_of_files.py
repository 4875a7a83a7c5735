"""Files that are neither CSV nor a workbook of today: read, or refused by what they are."""

import io
import zipfile

import pytest
from django.urls import reverse

from contacts.importing.files.refusals import FileRefused
from contacts.tests.first_looks import people
from tests.markup import markup
from tests.people import client_of


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"{\\rtf1\\ansi Puhelin}", "a text document (RTF)"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook>', "an old kind of Excel"),
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
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
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


def test_that_hidden_rows_cannot_be_seen_is_said_of_the_kinds_where_it_is_so(uploaded, mikko):
    job = uploaded(open_document(["Nimi", "Puhelin"], ["Aino Aalto", "0401110001"]), "people.ods")
    other = uploaded("Nimi;Puhelin\nAino Aalto;0401110001\n")

    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[job.pk])))
    assert "Hidden rows cannot be seen in this kind of file" in page
    assert 'name="hidden"' not in page
    assert "Hidden rows cannot" not in markup(
        client_of(mikko).get(reverse("contacts:import_page", args=[other.pk]))
    )


def test_a_workbook_with_a_password_is_called_so(uploaded):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")

    with pytest.raises(FileRefused) as refusal:
        uploaded(ole, "people.xlsx")

    assert refusal.value.code == "locked"


def test_an_address_book_has_no_sheets_to_choose_from(uploaded, mikko):
    job = uploaded(CARDS, "people.vcf")

    client_of(mikko).post(reverse("contacts:import_reading", args=[job.pk]), {"header_row": "0"})

    job.refresh_from_db()
    assert (job.header_row, job.answered) == (0, ["header_row"])
