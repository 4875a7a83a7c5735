"""The first step of an import: a file or pasted rows, how big they may be, and what is remembered of them."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contacts.importing import import_lifecycle
from contacts.importing.columns.column_presets import header_signature
from contacts.importing.import_lifecycle import Upload
from contacts.models import FileShape, Import
from contacts.tests.conftest import make_checked, make_import
from tests.factories import make_service
from tests.markup import markup
from tests.people import client_of

PASTED = "Puhelin\tEtunimi\r\n0401234567\tÅsa\r\n"


def send(person, group, **fields):
    return client_of(person).post(reverse("contacts:import", args=[group.pk]), fields)


def test_pasted_rows_are_read_as_a_file(group, mikko):
    answer = send(mikko, group, pasted=PASTED)

    job = Import.objects.get()
    assert answer.url == reverse("contacts:import_page", args=[job.pk])
    assert (job.original_name, job.delimiter, job.encoding) == ("Pasted rows", "\t", "utf-8")
    assert job.samples == [["0401234567", "Åsa"]]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Choose a file, or paste rows below."),
        ({"pasted": " \r\n"}, "Choose a file, or paste rows below."),
        ({"pasted": "Puhelin\r\n"}, "no contacts below it"),
        ({"pasted": "a,b\r\nc,d\r\n"}, "looks like phone numbers"),
        ({"pasted": "x" * 2_000_001}, "at most 2000000 characters"),
    ],
)
def test_what_cannot_be_taken_comes_back_with_words(group, mikko, fields, words):
    answer = send(mikko, group, **fields)

    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_a_file_and_pasted_rows_at_once_are_asked_about(group, mikko):
    answer = send(mikko, group, pasted=PASTED, file=SimpleUploadedFile("a.csv", PASTED.encode()))

    assert "Take one of them away" in answer.content.decode()
    assert PASTED.splitlines()[1] in answer.content.decode()


def test_what_says_it_is_too_large_is_refused_before_it_is_stored(
    group, mikko, uploads, settings, tmp_path, monkeypatch
):
    monkeypatch.setattr("contacts.importing.files.upload_handlers.MAX_REQUEST_BYTES", 3 * 1024**2)
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path

    answer = send(mikko, group, file=SimpleUploadedFile("a.csv", PASTED.encode() * 150_000))

    assert "This file is too large: the most is 200 MB" in answer.content.decode()
    assert list(tmp_path.iterdir()) == []
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("why", "words"), [("size", "Choose a file"), ("no room", "has no room to keep this file")]
)
def test_of_a_file_that_was_cut_on_its_way_nothing_is_taken(group, mikko, why, words):
    address, file = reverse("contacts:import", args=[group.pk]), SimpleUploadedFile("a.csv", PASTED.encode())

    answer = client_of(mikko).post(address, {"file": file}, **{"asgi.scope": {"body_cut": why}})

    assert words in answer.content.decode()
    assert not Import.objects.exists()


def test_the_next_file_of_a_shape_begins_as_the_last_was_read(group, mikko, kahvila):
    job = make_import(group, mikko, "0401111111;Anna\n")
    mapping = [*job.mapping[:5], ""]
    import_lifecycle.start_checking(job, mapping=mapping, regions=["SE", "FI"])

    again = make_import(make_service(kahvila, kind="Group"), mikko, "0402222222;Ben\n")

    assert (again.mapping, again.regions) == (mapping, ["SE", "FI"])
    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[again.pk])))
    assert "These columns and countries are as chosen for such a file" in page


def test_the_countries_of_a_group_are_its_own_until_somebody_chooses_others(group, mikko, kahvila):
    make_checked(group, mikko, "0401111111;Anna\n")
    group.regions = ["IT"]
    group.save()

    again = make_import(group, mikko, "0402222222;Ben\n")
    elsewhere = make_import(make_service(kahvila, kind="Group", regions=["SE"]), mikko, "0402222222;Ben\n")

    assert (again.regions, elsewhere.regions) == (["IT"], ["SE"])
    page = markup(client_of(mikko).get(reverse("contacts:import_page", args=[again.pk])))
    assert "These columns are as chosen for such a file" in page


def test_the_last_choice_is_the_one_that_is_remembered(group, mikko):
    for regions in (["SE"], ["IT"]):
        job = make_import(group, mikko, "0401111111;Anna\n")
        import_lifecycle.start_checking(job, mapping=job.mapping, regions=regions)

    assert FileShape.objects.get().regions == ["IT"]


def test_another_customer_remembers_nothing_of_it(group, clienti, mikko, otto):
    make_checked(group, mikko, "0401111111;Anna\n")

    assert make_import(clienti, otto, "0401111111;Anna\n").regions == clienti.regions


def test_a_shape_is_its_names_and_those_of_fields_are_spelled_in_any_way():
    assert header_signature(["Puhelin", "E-mail"]) == header_signature(["PUHELIN ", "e mail"])
    assert header_signature(["Puhelin", "Email"]) != header_signature(["Email", "Puhelin"])
    assert header_signature(["a", "bc"]) != header_signature(["ab", "c"])
    assert header_signature(["Puhelin", "Paid €"]) != header_signature(["Puhelin", "Paid $"])
    assert header_signature(["Puhelin", "Email", "E-mail"]) == header_signature(
        ["Puhelin", "e mail", "E-mail"]
    )
    assert header_signature(["Puhelin", "Email", "E-mail"]) != header_signature(["Puhelin", "Email", "EMAIL"])


def test_imports_are_listed_in_pages_by_the_same_queries(group, mikko, vera):
    make_import(group, mikko, "0401111111;Anna\n")
    few = queries_of(vera, group)
    for number in range(60):
        Import.objects.create(
            group=group, created_by=mikko, original_name=f"{number}.csv", stored_name=f"{number}"
        )

    assert queries_of(vera, group) == few
    first = client_of(vera).get(reverse("contacts:imports", args=[group.pk])).content.decode()
    assert "59.csv" in first
    assert "jäsenet.csv" not in first
    last = Import.objects.order_by("pk")[11].pk
    older = (
        client_of(vera).get(reverse("contacts:imports", args=[group.pk]), {"before": last}).content.decode()
    )
    assert "jäsenet.csv" in older


def queries_of(person, group) -> int:
    client = client_of(person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(reverse("contacts:imports", args=[group.pk])).status_code == 200
    return len(queries)


def test_a_stranger_sees_no_imports(group, otto):
    assert client_of(otto).get(reverse("contacts:imports", args=[group.pk])).status_code == 404


def titled(*below: str) -> bytes:
    return "\n".join(["Kuka;Mihin", *below]).encode()


def test_what_was_answered_for_a_shape_of_file_is_not_asked_again(group, mikko):
    first = import_lifecycle.upload(Upload("a.csv", [titled("Aino;0401110001")]), group=group, by=mikko)
    asked = [each["about"] for each in first.questions]
    import_lifecycle.start_checking(first, mapping=first.mapping, regions=first.regions)

    second = import_lifecycle.upload(Upload("b.csv", [titled("Eero;0401110002")]), group=group, by=mikko)

    assert asked == ["header_row", "phone_column"]
    assert (second.questions, second.header_row, second.mapping[1]) == ([], 1, "phone")


def test_an_answer_that_cannot_hold_for_a_file_is_asked_for(group, mikko):
    job = import_lifecycle.upload(Upload("a.xlsx", [sheets("Turku", "Oulu")]), group=group, by=mikko)
    import_lifecycle.reread(job, sheet="Oulu")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    again = import_lifecycle.upload(Upload("b.xlsx", [sheets("Turku", "Oulu")]), group=group, by=mikko)
    other = import_lifecycle.upload(Upload("c.xlsx", [sheets("Turku", "Vaasa")]), group=group, by=mikko)

    assert (again.sheet, again.questions) == ("Oulu", [])
    assert [each["about"] for each in other.questions] == ["sheet"]
    assert "Oulu" not in str(FileShape.objects.get().answers)


def sheets(*names: str) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for name in names:
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Etunimi", "Puhelin"])
            sheet.write_row(1, 0, ["Aino", "0401110001"])
    return content.getvalue()
