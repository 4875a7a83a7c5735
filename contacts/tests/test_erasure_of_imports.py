"""What was read of files goes with the person, and no file brings them back."""

import re

import pytest

from contacts.erasure import erasing
from contacts.importing import import_lifecycle, row_fixes
from contacts.models import Import, ImportRow
from contacts.tests.conftest import make_checked, make_import, make_saved
from contacts.tests.erasures import PHONE, everything
from tests.factories import make_connection


def test_what_was_mended_into_a_row_of_the_person_goes(kahvila, group, anna, aino, mikko, aino_connected):
    job = make_checked(group, mikko, "040;Annamaria\n0402222222;Ben\n0401234567;Anna\n041;Cia\n")
    for line, cells in [(2, {0: PHONE}), (3, {1: "Benjamin"}), (4, {1: "Annamaria"}), (5, {0: PHONE})]:
        row_fixes.fix_row(ImportRow.objects.get(job=job, line=line), cells, by=mikko)

    erasing.erase([kahvila], PHONE, by=aino)

    job.refresh_from_db()
    assert job.mends == {"3": {"1": "Benjamin"}}


def test_a_second_number_in_the_row_of_somebody_else_goes(kahvila, group, mikko, anna, aino, aino_connected):
    make_checked(group, mikko, "0402222222 / 040 123 4567;Ben\n")
    row = ImportRow.objects.get()
    assert (row.phone, "040 123 4567" in str(row.raw)) == ("+358402222222", True)

    erasing.erase([kahvila], PHONE, by=aino)

    row.refresh_from_db()
    assert row.raw[0] == "0402222222 / [erased]"
    assert not re.search(r"123.?4567|7654321", f"{row.raw} {row.problems} {row.cell_words} {row.search_text}")


def test_an_erased_person_leaves_the_first_rows_of_an_import_that_waits(
    kahvila, group, mikko, anna, aino, aino_connected
):
    job = make_checked(group, mikko, "040 123 4567;Annamaria\n0402222222;Ben\n")

    erasing.erase([kahvila], PHONE, by=aino)

    job.refresh_from_db()
    assert job.samples == [["0402222222", "Ben"]]


@pytest.mark.parametrize(
    "number", ["٠٤٠١٢٣٤٥٦٧", "０４０ １２３４５６７", "۰۴۰۱۲۳۴۵۶۷", "০৪০১২৩৪৫৬৭", "O4O l234567"]
)
def test_a_number_in_other_digits_or_with_letters_leaves_the_first_rows(
    kahvila, group, mikko, anna, aino, aino_connected, number
):
    job = make_checked(group, mikko, f"{number};Zyxqvia\n0402222222;Ben\n", encoding="utf-8")

    erasing.erase([kahvila], PHONE, by=aino)

    job.refresh_from_db()
    assert job.samples == [["0402222222", "Ben"]]


@pytest.mark.parametrize("other", ["٠٤٠١٢٣٤٥٦٧", "０４０１２３４５６７"])
def test_a_second_number_in_other_digits_goes_from_the_row_of_somebody_else(
    kahvila, group, mikko, anna, aino, aino_connected, other
):
    make_checked(group, mikko, f"0402222222 / {other};Ben\n", encoding="utf-8")

    erasing.erase([kahvila], PHONE, by=aino)

    assert ImportRow.objects.get().raw[0] == "0402222222 / [erased]"


@pytest.mark.parametrize("number", ["040 123 4567", "+358401234567", "358401234567", "٠٤٠١٢٣٤٥٦٧"])
def test_a_file_that_is_looked_at_again_brings_no_first_row_back(
    kahvila, group, mikko, anna, aino, aino_connected, number
):
    job = make_checked(group, mikko, f"{number};Annamaria\n0402222222;Ben\n", encoding="utf-8")
    erasing.erase([kahvila], PHONE, by=aino)

    import_lifecycle.reread(Import.objects.get(pk=job.pk), delimiter=";")
    later = make_import(group, mikko, f"{number};Annamaria\n0402222222;Ben\n", encoding="utf-8")

    for each in (job.pk, later.pk):
        assert Import.objects.get(pk=each).samples == [["0402222222", "Ben"]]


def test_a_file_that_brings_an_erased_person_back_keeps_nothing_of_them(
    kahvila, group, mikko, anna, aino, aino_connected
):
    make_connection(mikko)
    erasing.erase([kahvila], PHONE, by=aino)
    assert "Annamaria" not in everything()

    make_saved(group, mikko, "040 123 4567;Annamaria\n0402222222;Ben\n")

    assert "Ben" in everything()
    assert "Annamaria" not in everything()


def test_a_row_that_could_not_be_read_goes_when_its_cells_name_the_person(
    kahvila, group, mikko, anna, aino, aino_connected
):
    make_connection(mikko)
    make_saved(
        group, mikko, "nonsense;Anna;Aalto;ANNA@example.com;1980;\nnothing;Bertta;B;b@example.com;1980;\n"
    )
    assert ImportRow.objects.filter(phone=None).count() == 2

    [erasure] = erasing.erase([kahvila], PHONE, by=aino)

    assert "Bertta" in str(ImportRow.objects.get().raw)
    assert erasure.held["Rows of imported files that could not be read"] == 1


@pytest.mark.parametrize(
    ("cell", "is_hers"),
    [
        ("anna@example.com", True),
        ("Anna <ANNA@example.com>, Ben", True),
        ("mailto:anna@example.com", True),
        ("'anna@example.com'", True),
        ("Write to anna@example.com.", True),
        ("johanna@example.com", False),
        ("jo.anna@example.com", False),
        ("jo-anna@example.com", False),
        ("jo+anna@example.com", False),
        ("d'anna@example.com", False),
        ("åanna@example.com", False),
        ("anna@example.com.fi", False),
        ("anna@example.community", False),
        ("anna@example.com-pany.fi", False),
        ("anna@example-com", False),
    ],
)
def test_an_email_within_that_of_somebody_else_is_not_the_persons(
    kahvila, group, mikko, anna, aino, aino_connected, cell, is_hers
):
    make_checked(group, mikko, f"nonsense;;;{cell}\n")

    erasing.erase([kahvila], PHONE, by=aino)

    assert ImportRow.objects.exists() is not is_hers
