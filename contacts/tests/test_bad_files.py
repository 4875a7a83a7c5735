"""What people call a spreadsheet. Each file gives rows, or one reason that says what to do."""

import gzip
import io
import tarfile
import tracemalloc
import zipfile

import pytest
from django.urls import reverse

from contacts.importing.files.refusals import FileRefused
from contacts.importing.import_lifecycle import Upload, upload
from contacts.importing.row_parser import parse_row
from contacts.models import Contact, Import, ImportRow
from contacts.tests.conftest import make_checked, make_saved, stored_names
from contacts.tests.workbook_files import archive, by_hand, text, written
from contacts.text.formula_injection import escape_formula
from tests.people import client_of

ROW = "Puhelin;Etunimi\r\n0401234567;Åke\r\n"


def zipped(name: str = "puhelin.csv") -> bytes:
    return archive({name: ROW.encode()})


def with_a_symlink() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        link = zipfile.ZipInfo("xl/link")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    return content.getvalue()


def tarred() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as packed:
        packed.addfile(tarfile.TarInfo("a.csv"))
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bom.csv", ROW.encode("utf-8-sig")),
        ("utf-16.csv", ROW.encode("utf-16")),
        ("utf-16-big.csv", b"\xfe\xff" + ROW.encode("utf-16-be")),
        ("utf-16-without-a-mark.csv", ROW.encode("utf-16-le")),
        ("utf-32.csv", ROW.encode("utf-32")),
        ("windows.csv", ROW.encode("cp1252")),
        ("letters-apart.csv", ROW.replace("Å", "A\u030a").encode()),
        ("tabs.tsv", ROW.replace(";", "\t").encode()),
        ("commas.csv", ROW.replace(";", ",").encode()),
        ("bars.csv", ROW.replace(";", "|").encode()),
        ("line-ends.csv", ROW.replace("\r\n", "\n", 1).encode()),
        ("old-mac.csv", ROW.replace("\r\n", "\r").encode()),
        ("no-last-line-end.csv", ROW.strip().encode()),
        ("blank-lines.csv", ("\r\n;\r\n" + ROW + "\r\n \r\n").encode()),
        ("said.csv", ("sep=;\r\n" + ROW).encode()),
        ("said-otherwise.csv", ('"sep=\t"\r\n' + ROW.replace(";", "\t")).encode()),
        ("quoted.csv", b'"Puhelin";"Etunimi"\r\n"040 123;4567";"\xc3\x85ke"\r\n'),
        ("no-break-spaces.csv", ROW.replace("0401234567", "040\u00a0123\u00a04567").encode()),
        ("kept-as-text.csv", ROW.replace("0401234567", '="0401234567"').encode()),
        ("workbook.xlsx", written([["Puhelin", "Etunimi"], ["0401234567", "Åke"]])),
        ("workbook.csv", written([["Puhelin", "Etunimi"], [401234567, "Åke"]])),
        ("workbook-by-name.xlsx", ROW.encode()),
        ("../../etc/passwd.csv", ROW.encode()),
        ("..\\..\\boot.csv", ROW.encode()),
        ("n" * 300 + ".csv", ROW.encode()),
        ("\u202egpj.vsc\x00\n.csv", ROW.encode()),
    ],
)
def test_a_readable_file_gives_its_row(group, mikko, uploads, name, content):
    job = upload(Upload(name, [content]), group=group, by=mikko)

    assert job.header == ["Puhelin", "Etunimi"]
    assert job.mapping == ["phone", "first_name"]
    assert job.samples[0][1] in {"Åke", "A\u030ake"}
    assert not {"/", "\\"} & set(job.original_name)
    assert job.original_name.isprintable()
    assert len(job.original_name) <= 200
    assert stored_names() == [job.stored_name]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nothing.csv", b"", "empty"),
        ("only-a-mark.csv", b"\xef\xbb\xbf", "empty"),
        ("blank.csv", b"  \r\n\r\n ", "empty"),
        ("header.csv", b"Puhelin;Etunimi\r\n", "header_only"),
        ("names.csv", b"Etunimi;Sukunimi\r\nVenla;Nurmi\r\n", "no_phone_column"),
        ("wide.csv", (";".join(["Puhelin"] * 5000) + "\n0401234567\n").encode(), "too_many_columns"),
        ("301.csv", (";".join(["Puhelin"] * 301) + "\n0401234567\n").encode(), "too_many_columns"),
        ("wide.xlsx", written([["Puhelin"] * 5000, ["0401234567"]]), "too_many_columns"),
        ("301-unnamed.csv", (";".join(["0401234567"] * 301) + "\n").encode() * 3, "too_many_columns"),
        (
            "301-below.csv",
            b"Puhelin\n" + (";".join(["0401234567"] * 301) + "\n").encode() * 3,
            "too_many_columns",
        ),
        ("quote.csv", b'Puhelin;Etunimi\n0401234567;"A\n0401234568;B\n', "open_quote"),
        ("quote-long.csv", b'Puhelin;Etunimi\n0401234567;"A\n' + b"0401234568;B\n" * 300, "open_quote"),
        ("quote-amid.csv", b'Puhelin;Etunimi\n0401234567;"A\n0401234568;B\n0401234569;"C"\n', "open_quote"),
        ("long.csv", b"Puhelin;Etunimi\n0401234567;" + b"x" * 200_000 + b"\n", "long_cell"),
        ("one-line.csv", b"Puhelin;Etunimi\n" + b"0401234567;A;" * 300_000, "long_cell"),
        ("long.xlsx", by_hand(text(["Puhelin"], ["x" * 140_000])), "long_cell"),
        ("zeros.csv", bytes(10_000), "not_a_spreadsheet"),
        ("archive.csv", zipped(), "not_a_spreadsheet"),
        ("archive.xlsx", zipped(), "not_a_spreadsheet"),
        ("climbing.zip", zipped("../../../tmp/front.csv"), "not_a_spreadsheet"),
        ("link.xlsx", with_a_symlink(), "not_a_spreadsheet"),
        ("tar.csv", tarred(), "not_a_spreadsheet"),
        ("packed.csv", gzip.compress(ROW.encode(), mtime=0), "not_a_spreadsheet"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "not_a_spreadsheet"),
        ("picture-and-archive.csv", b"GIF89a" + bytes(50) + zipped(), "not_a_spreadsheet"),
        ("invoice.xlsx", b"%PDF-1.7\n", "not_a_spreadsheet"),
        ("invoice-and-workbook.xlsx", b"%PDF-1.7\n" + written([["Puhelin"], ["0401"]]), "not_a_spreadsheet"),
        ("page.csv", b"<!doctype html><table><tr><td>Puhelin", "not_a_spreadsheet"),
        ("data.csv", b'{"phone": "0401234567", "name": "A"}', "not_a_spreadsheet"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("cut.xlsx", b"PK\x03\x04" + bytes(100), "damaged"),
        ("bytes.csv", bytes(range(256)) * 20, "not_a_spreadsheet"),
    ],
)
def test_an_unusable_file_is_refused_whole_and_not_kept(group, mikko, uploads, name, content, code):
    with pytest.raises(FileRefused) as refusal:
        upload(Upload(name, [content]), group=group, by=mikko)

    assert refusal.value.code == code
    assert refusal.value.words.endswith(".")
    assert not Import.objects.exists()
    assert [*uploads.glob("*"), *stored_names()] == []


def test_a_quotation_mark_left_open_far_down_refuses_the_file_before_it_takes_in_other_people(group, mikko):
    good = "".join(f"0401234{number}\n" for number in range(100, 700))
    job = make_checked(group, mikko, f'{good}0401111111;"Anna;Oulu\n0402222222;Ben\n0403333333;"Cia";X\n')

    assert (job.state, job.refusal_code, job.counts) == ("refused", "open_quote", {})
    assert "opens in row 602 " in job.refusal_words
    assert not ImportRow.objects.exists()


@pytest.mark.parametrize(
    "cell", ["Line 1\nLine 2", "Line 1\r\n\r\nLine 2", 'The "Rose";\n"Bar"', '"\nLine 2"', "\n", '\n"']
)
def test_a_quoted_cell_may_take_several_lines_and_hold_marks_of_its_own(group, mikko, cell):
    quoted = cell.replace('"', '""')
    content = f'Puhelin;Osoite;Etunimi\r\n0401234567;"{quoted}";Åke\r\n"0401234568";"{quoted}"\r\n'

    job = upload(Upload("lines.csv", [content.encode()]), group=group, by=mikko)

    assert job.samples == [["0401234567", cell, "Åke"], ["0401234568", cell]]


@pytest.mark.parametrize(
    ("cells", "left", "words"),
    [
        ("3,58E+11;;;;;", "", "Excel has shortened this number"),
        ("3.58E+11;;;;;", "", "Excel has shortened this number"),
        ("3,58401E+11;;;;;", "", "Excel has shortened this number"),
        ("46701234567;;;;;", "", "This may be +46701234567 (Sweden)"),
        ("#NIMI?;;;;;", "", "an error that Excel shows"),
        ("########;;;;;", "", "an error that Excel shows"),
        ("0401234567;#N/A;;;;", "+358401234567", "an error that Excel shows"),
        ("0401234567;;;;;1,23457E+15", "+358401234567", "Excel has shortened this number"),
        ("0401234567;A\0ke;;;;", "+358401234567", "cannot be read were left out"),
        ("0401234567;;;;;;;;extra", "+358401234567", "more cells than the header"),
        ("0401234567;" + "x" * 100_000 + ";;;;", "+358401234567", "longer than 100 characters"),
        ("0401234567;;;;80;", "+358401234567", "four digits"),
    ],
)
def test_a_cell_that_was_spoilt_is_named_as_such(group, mikko, cells, left, words):
    job = make_checked(group, mikko, f"{cells}\n")

    row = ImportRow.objects.get(job=job)
    assert words in row.problems[0]["reason"]
    assert (row.phone or "") == left


@pytest.mark.parametrize(
    "written_so",
    ["401234567", "358401234567", "00358401234567", "٠٤٠١٢٣٤٥٦٧", "040\u00a0123\u00a04567", "'0401234567"],
)
def test_a_number_that_lost_only_zeros_is_understood(group, mikko, written_so):
    job = upload(Upload("a.csv", [f"Puhelin;Etunimi\n{written_so};A\n".encode()]), group=group, by=mikko)

    assert parse_row([written_so], job.mapping[:1], ["FI"]).values["phone"] == "+358401234567"


def test_a_formula_is_text_and_comes_back_from_our_own_files(group, mikko, connected):
    hostile = "=HYPERLINK(evil)"
    make_saved(group, mikko, f"0401234567;{hostile}\n0401234568;{escape_formula(hostile)}\n")

    assert set(Contact.objects.values_list("first_name", flat=True)) == {hostile}


def test_more_than_the_most_is_refused_and_leaves_nothing(group, mikko, uploads):
    blocks = (b"0" * 1024**2 for _ in range(1024))
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refusal:
            upload(Upload("a.csv", blocks), group=group, by=mikko)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert refusal.value.code == "too_large"
    assert [*uploads.glob("*"), *stored_names()] == []
    assert most < 16 * 1024**2
    assert next(blocks)  # the rest was not even asked for


def test_a_first_row_that_is_a_contact_is_said_so(group, mikko):
    content = b"0401234567;Venla\r\n0401234568;Toivo\r\n"
    job = upload(Upload("ilman.csv", [content]), group=group, by=mikko)

    page = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk]))

    assert (job.header_row, job.samples[0][1]) == (0, "Venla")
    assert "the first row is a person, too" in page.content.decode()
