"""A bad row is mended in place, before anything is saved."""

import pytest

from accounts.models import AuditEvent
from contacts.importing import checking, import_lifecycle, rejects, row_fixes, saving
from contacts.importing.import_lifecycle import Upload
from contacts.models import Contact, Import, ImportRow
from contacts.tests.conftest import make_checked
from tests.factories import make_contact

PHONE, NAME = 0, 1


def row_of(job: Import, line: int) -> ImportRow:
    return ImportRow.objects.get(job=job, line=line)


def test_a_mended_number_makes_the_row_new_and_counts_it_so(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben\n")

    assert row_fixes.fix_row(row_of(job, 2), {PHONE: "040 111 1111"}, by=mikko)

    job.refresh_from_db()
    row = row_of(job, 2)
    assert (row.kind, row.phone, row.first_name, row.problems) == ("new", "+358401111111", "Anna", [])
    assert job.counts == {"new": 2}


def test_the_trail_names_the_cells_that_were_mended_and_not_what_was_typed(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n")

    row_fixes.fix_row(row_of(job, 2), {PHONE: "040 111 1111", NAME: "Annamaria"}, by=mikko)

    event = AuditEvent.objects.get(verb="import.row_mended")
    assert event.after == {"row": 2, "cells": "Puhelin, Etunimi"}


def check_anew(job: Import, mapping: list[str]) -> Import:
    assert import_lifecycle.start_checking(job, mapping=mapping, regions=job.regions)
    checking.check(job.pk)
    job.refresh_from_db()
    return job


def test_what_was_mended_is_mended_still_when_other_columns_are_chosen(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n041;Ben\n0403333333\n")
    row_fixes.fix_row(row_of(job, 2), {PHONE: "040 111 1111"}, by=mikko)
    row_fixes.fix_row(row_of(job, 4), {NAME: "Cia"}, by=mikko)

    check_anew(job, ["phone", "last_name", *[""] * (len(job.mapping) - 2)])

    assert job.counts == {"new": 2, "invalid": 1}
    assert (row_of(job, 2).phone, row_of(job, 2).last_name) == ("+358401111111", "Anna")
    assert row_of(job, 4).last_name == "Cia"


def test_what_was_mended_goes_with_another_reading_of_the_file_and_with_the_check(group, mikko, connected):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben\n")
    row_fixes.fix_row(row_of(job, 2), {PHONE: "040 111 1111"}, by=mikko)
    job.refresh_from_db()
    import_lifecycle.reread(job, encoding="mac_roman")
    check_anew(job, job.mapping)
    assert job.counts == {"new": 1, "invalid": 1}
    row_fixes.fix_row(row_of(job, 2), {PHONE: "040 111 1111"}, by=mikko)

    import_lifecycle.confirm(job, by=mikko)

    job.refresh_from_db()
    assert job.mends == {}


def test_a_row_that_is_still_bad_says_why_anew(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n")

    row_fixes.fix_row(row_of(job, 2), {PHONE: "letters"}, by=mikko)

    row = row_of(job, 2)
    assert row.kind == "invalid"
    assert "letters" in row.problems[0]["reason"]
    assert row.raw[:2] == ["letters", "Anna"]


def test_the_first_row_of_a_number_counts_whichever_was_mended(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben\n")

    row_fixes.fix_row(row_of(job, 2), {PHONE: "0402222222"}, by=mikko)

    job.refresh_from_db()
    assert (row_of(job, 2).kind, row_of(job, 3).kind) == ("new", "duplicate")
    assert job.counts == {"new": 1, "duplicate": 1}
    assert list(rejects.rejected_rows(job))[1][:2] == ["+358402222222", "Ben"]


def test_a_duplicate_with_another_number_is_taken(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n0401111111;Ben\n")

    row_fixes.fix_row(row_of(job, 3), {PHONE: "0403333333", NAME: "Benny"}, by=mikko)

    job.refresh_from_db()
    assert job.counts == {"new": 2}
    assert row_of(job, 3).first_name == "Benny"


def test_a_warned_cell_that_is_mended_is_taken(group, mikko, connected):
    make_contact(group, phone="+358401111111", first_name="Anna")
    job = make_checked(group, mikko, "0401111111;Anna;;anna(at)example.fi\n")
    assert (job.warnings, job.counts) == (1, {"unchanged": 1})

    row_fixes.fix_row(row_of(job, 2), {3: "anna@example.fi"}, by=mikko)
    job.refresh_from_db()
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert (job.warnings, job.counts) == (0, {"changed": 1})
    assert Contact.objects.get().email == "anna@example.fi"


def test_a_mended_number_of_somebody_who_opted_out_stays_opted_out(group, mikko):
    make_contact(group, phone="+358401111111", active=False)
    job = make_checked(group, mikko, "040;Anna\n")

    row_fixes.fix_row(row_of(job, 2), {PHONE: "0401111111"}, by=mikko)

    assert row_of(job, 2).kind == "opted_out"


@pytest.mark.parametrize("email", ["anna@example.fi", "anna(at)example.fi"])
def test_a_row_of_somebody_who_gets_no_messages_stays_so_whatever_is_mended(group, mikko, email):
    content = f"Puhelin;Etunimi;Sähköposti;Gets messages\n0401111111;Anna;{email};No\n"
    job = import_lifecycle.upload(Upload("people.csv", [content.encode()]), group=group, by=mikko)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)

    for column, text in {NAME: "Annamaria", 2: "annamaria@example.fi", PHONE: "0402222222"}.items():
        row_fixes.fix_row(row_of(job, 2), {column: text}, by=mikko)

        row = row_of(job, 2)
        assert (row.kind, row.barred) == ("opted_out", True)
        assert row.raw[column] == text


def test_nothing_is_mended_once_saving_has_begun(group, mikko, connected):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben\n")
    import_lifecycle.confirm(job, by=mikko)

    assert not row_fixes.fix_row(row_of(job, 2), {PHONE: "0401111111"}, by=mikko)
    assert row_of(job, 2).kind == "invalid"
