"""What leaves as a spreadsheet comes back as it was, and runs nothing on the way."""

import csv
import io
import json
import re
import zipfile
from contextlib import contextmanager

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from accounts.models import AuditEvent
from contacts.exporting import contact_rows, spreadsheet_writers
from contacts.fields import ACTIVE_HEADER, FIELDS
from contacts.importing import checking, import_lifecycle, rejects, saving
from contacts.importing.columns.column_mapping import guess_mapping
from contacts.importing.files import parser_process, parsers
from contacts.importing.import_lifecycle import Upload
from contacts.models import Contact, ImportRow
from contacts.models.import_rows import RowKind
from contacts.tests.conftest import make_checked
from contacts.text.formula_injection import escape_formula, unescape_formula
from contacts.text.names import word_up_to
from contacts.text.values import InvalidValue, clean_text
from tests.factories import make_contact, make_service
from tests.people import client_of

HOSTILE = [
    "=1+1",
    "+1+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "''",
    "'quoted",
    "#N/A",
    "3,58E+11",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "＝1+1",
    "a\0b",
    "_x0041_",
    "<b>&amp;</b>",
    'a;b,c\t"d"',
    "Åsa 😀",
    "٣",
]
PHONES = [f"+35840{number}" for number in range(1234567, 1234597)]


def spoilt(text: str) -> bool:
    """Whether a spreadsheet seems to have made it of a name."""
    try:
        word_up_to(100)(text)
    except InvalidValue:
        return True
    return False


# What an import or a form can have saved: one line of clean text.
texts = st.one_of(
    st.sampled_from(HOSTILE), st.text(max_size=40), st.text(alphabet="'=+-@;,\"\t_x0041 ", max_size=12)
).map(clean_text)
# And of properties: as a form or a file can have named them, be it like a field.
BUILT_IN = [*(field.label for field in FIELDS), ACTIVE_HEADER]
names = st.one_of(
    st.sampled_from([*BUILT_IN, "Phone", "Puhelin", "E-mail", "EMAIL", "gets messages", "Gets messages (2)"]),
    texts.map(lambda text: text[:100].strip()),
).filter(lambda name: name and guess_mapping([*BUILT_IN, name])[-1] == f"property:{name}")
words = texts.map(lambda text: text[:100].strip()).filter(lambda text: not spoilt(text))
person = st.fixed_dictionaries(
    {
        "first_name": words,
        "city": words,
        "birth_year": st.one_of(st.none(), st.integers(1900, 2020)),
        "gender": st.sampled_from(["", "Female", "Male", "Other"]),
        "country_code": st.sampled_from(["", "FIN", "SWE"]),
        "email": st.sampled_from(["", "+anna@example.com", "=x@example.com"]),
        "properties": st.dictionaries(names, texts.filter(bool), max_size=4),
    }
)
unhurried = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def as_file(group, ending: str) -> bytes:
    rows = contact_rows.contact_rows(Contact.objects.present().filter(group=group))
    if ending == "xlsx":
        return b"".join(spreadsheet_writers.xlsx_blocks(rows))
    return "".join(spreadsheet_writers.csv_lines(rows)).encode()


def imported(file: bytes, ending: str, group, by):
    job = import_lifecycle.upload(Upload(f"people.{ending}", [file]), group=group, by=by)
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)
    checking.check(job.pk)
    job.refresh_from_db()
    return job


def content(file: bytes, ending: str) -> object:
    """A workbook bears the time it was written."""
    if ending == "csv":
        return file
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def parsed_here(monkeypatch) -> None:
    """A hundred small workbooks, each of which a process of its own would be begun for, twice."""

    @contextmanager
    def messages(path, reading, limits, *, on_wait=None, **look):
        said = parsers.heads(path, reading, **look) if look else [list(parsers.rows(path, reading))]
        yield iter(json.loads(json.dumps(list(said))))

    monkeypatch.setattr(parser_process, "_messages", messages)


@pytest.mark.usefixtures("parsed_here")
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@unhurried
@example(
    people_of=[
        {"first_name": text, "properties": {"Note": text, "=Sum": text}} for text in map(clean_text, HOSTILE)
    ]
)
@example(people_of=[{"properties": {name: PHONES[-1]}} for name in [*BUILT_IN, "Phone", "E-mail", "EMAIL"]])
@example(people_of=[{"properties": {"EMAIL": "x"}}])
@example(people_of=[{"properties": {"E-mail": "x"}}])
@given(people_of=st.lists(person, min_size=1, max_size=8))
def test_what_was_exported_is_unchanged_when_imported_and_the_same_when_exported_again(
    ending, group, kahvila, mikko, connected, people_of
):
    Contact.objects.all().delete()
    empty = make_service(kahvila, kind="Group")
    for phone, fields in zip(PHONES, people_of, strict=False):
        make_contact(group, phone=phone, **fields)
    file = as_file(group, ending)

    again = imported(file, ending, group, mikko)
    fresh = imported(file, ending, empty, mikko)
    import_lifecycle.confirm(fresh, by=mikko)
    saving.save(fresh.pk)

    assert again.counts == {RowKind.UNCHANGED: len(people_of)}
    assert not ImportRow.objects.filter(job=again).exclude(problems=[]).exists()
    assert content(as_file(empty, ending), ending) == content(file, ending)


@given(st.text())
def test_an_importer_takes_away_exactly_what_an_export_added(text):
    assert unescape_formula(escape_formula(text)) == text


@example("0 \0 \U00100644")  # a space on either side of what is left out
@example("e\0\u0301")  # an accent that meets its letter when what parted them is left out
@given(st.text())
def test_text_that_was_read_once_is_read_as_it_is(text):
    once = clean_text(text)

    assert clean_text(escape_formula(once)) == once


@given(st.text())
def test_only_a_phone_number_may_begin_with_a_plus(text):
    sent = escape_formula("+" + text)

    assert sent.startswith("'") or re.fullmatch(r"\+[0-9]{7,15}", sent)


def test_a_workbook_has_no_formulas(group):
    for phone, text in zip(PHONES, HOSTILE, strict=False):
        make_contact(group, phone=phone, first_name=text.replace("\0", ""), properties={"Note": "=1"})
    file = as_file(group, "xlsx")

    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    cells = [
        cell
        for row in CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
        for cell in row
    ]

    assert "<f" not in sheet
    assert not [cell for cell in cells if str(cell).startswith(("=", "-", "@", "\t", "\r"))]


def test_rejected_rows_are_defused_once_however_often_they_come_and_go(group, mikko):
    job = make_checked(group, mikko, "=1+1;'=2;@x\n")

    lines = "".join(rejects.rejected_lines(job))

    assert [row[:3] for row in csv.reader(io.StringIO(lines.lstrip("\ufeff")), delimiter=";")][1] == [
        "'=1+1",
        "'=2",
        "'@x",
    ]


def test_a_large_export_is_read_chunk_by_chunk(group, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(contact_rows, "CHUNK", 2)
    for phone in PHONES[:5]:
        make_contact(group, phone=phone)

    with django_assert_num_queries(4):
        rows = list(contact_rows.contact_rows(Contact.objects.filter(group=group)))

    assert [row[0] for row in rows] == ["Phone number", *PHONES[:5]]


def test_a_workbook_has_as_many_columns_as_it_needs():
    rows = [[f"column {number}" for number in range(800)]]

    read = CalamineWorkbook.from_filelike(
        io.BytesIO(b"".join(spreadsheet_writers.xlsx_blocks(rows)))
    ).get_sheet_by_index(0)

    assert read.to_python() == rows


def url_of(group) -> str:
    return reverse("contacts:export", args=[group.pk])


def body_of(answer) -> str:
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def test_an_export_holds_whom_the_list_shows_and_is_in_the_audit_trail(group, mikko):
    make_contact(group, phone=PHONES[0], first_name="Anna", city="Oulu")
    make_contact(group, phone=PHONES[1], first_name="Ben", city="Turku")

    answer = client_of(mikko).post(url_of(group), {"matching": "yes", "filter": "q=anna", "format": "csv"})

    assert [line.split(";")[1] for line in body_of(answer).splitlines()] == ["First name", "Anna"]
    event = AuditEvent.objects.get(verb="contacts.exported")
    assert (event.actor, event.customer, event.subject) == (mikko, group.customer, f"service:{group.pk}")
    assert event.after == {"whom": "A search", "people": 1, "file": "csv"}


def test_an_export_of_ticked_people_leaves_out_those_of_other_groups(group, clienti, mikko):
    anna, theirs = make_contact(group, phone=PHONES[0]), make_contact(clienti, phone="+393331234567")

    answer = client_of(mikko).post(url_of(group), {"contact": [anna.pk, theirs.pk, "x"], "format": "csv"})

    assert [line.split(";")[0] for line in body_of(answer).splitlines()] == ["Phone number", PHONES[0]]


def test_an_export_asks_for_the_kind_of_file_first(group, mikko):
    make_contact(group)

    for asked in (
        client_of(mikko).get(url_of(group)),
        client_of(mikko).post(url_of(group), {"format": "exe"}),
    ):
        assert (asked.status_code, asked.streaming) == (200, False)
    assert not AuditEvent.objects.exists()


def test_too_many_people_for_a_workbook_are_offered_as_csv(group, mikko, monkeypatch):
    monkeypatch.setattr("contacts.views.exports.MAX_WORKBOOK_ROWS", 1)
    make_contact(group), make_contact(group)

    asked = client_of(mikko).post(url_of(group), {"matching": "yes", "filter": "", "format": "xlsx"})

    assert b"Only as CSV" in asked.content


def test_an_export_of_another_customers_group_is_not_found(group, otto, vera):
    make_contact(group, first_name="Anna")

    assert (
        client_of(otto).post(url_of(group), {"matching": "yes", "filter": "", "format": "csv"}).status_code
        == 404
    )
    assert (
        client_of(vera).post(url_of(group), {"matching": "yes", "filter": "", "format": "csv"}).status_code
        == 403
    )


@pytest.mark.parametrize("unwritten", ["stat=failed", "state=everybody", "x", "sort=newest"])
def test_a_filter_that_no_list_wrote_is_nobody_rather_than_everybody(group, mikko, unwritten):
    make_contact(group)

    asked = client_of(mikko).post(url_of(group), {"matching": "yes", "filter": unwritten, "format": "csv"})

    assert b"Nobody to export" in asked.content


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_csv_file_begins_a_formula(text):
    [_, *lines] = spreadsheet_writers.csv_lines([["Note"], [text]])
    cell = list(csv.reader(io.StringIO("".join(lines), newline=""), delimiter=";"))[1][0]

    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert "\0" not in cell


def test_who_gets_no_messages_is_in_no_other_group_after_an_export_and_an_import(
    group, kahvila, mikko, connected
):
    other = make_service(kahvila, kind="Group")
    make_contact(group, phone=PHONES[0], first_name="Anna", active=False)
    make_contact(group, phone=PHONES[1], first_name="Ben")
    file = as_file(group, "csv")

    again, elsewhere = imported(file, "csv", group, mikko), imported(file, "csv", other, mikko)
    import_lifecycle.confirm(elsewhere, by=mikko)
    saving.save(elsewhere.pk)

    assert again.counts == {RowKind.OPTED_OUT: 1, RowKind.UNCHANGED: 1}
    assert elsewhere.counts == {RowKind.OPTED_OUT: 1, RowKind.NEW: 1}
    assert [each.first_name for each in Contact.objects.filter(group=other)] == ["Ben"]


def test_of_whom_nobody_has_said_it_a_file_is_no_no(group):
    make_contact(group, active=False, undecided=True)
    make_contact(group, active=False)

    header, *lines = contact_rows.contact_rows(Contact.objects.filter(group=group))

    assert [line[header.index(ACTIVE_HEADER)] for line in lines] == ["", "No"]


def test_a_property_called_as_that_column_does_not_take_its_place(group, kahvila, mikko, connected):
    make_contact(group, phone=PHONES[0], active=False, properties={"Gets messages": "daily"})
    make_contact(group, phone=PHONES[1], properties={"Gets messages": "No"})
    file = as_file(group, "csv")

    elsewhere = imported(file, "csv", make_service(kahvila, kind="Group"), mikko)

    assert elsewhere.counts == {RowKind.OPTED_OUT: 1, RowKind.NEW: 1}
    assert imported(file, "csv", group, mikko).counts == {RowKind.OPTED_OUT: 1, RowKind.UNCHANGED: 1}


def test_a_cell_that_does_not_say_whether_somebody_gets_messages_is_shown(group, mikko):
    make_contact(group, phone=PHONES[0])
    text = f"Phone number;Gets messages\r\n{PHONES[0]};perhaps\r\n"

    job = imported(text.encode(), "csv", group, mikko)

    assert (job.counts, job.warnings) == ({RowKind.UNCLEAR: 1}, 0)
