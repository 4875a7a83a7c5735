"""A file on consent: its No is kept and applied, its silence is asked about, its Yes lifts nothing."""

import io

import pytest
import xlsxwriter
from django.urls import reverse

from contacts.consent import opt_outs, propagation
from contacts.consent.opt_outs import Evidence
from contacts.importing import checking, import_lifecycle, row_fixes, saving, undoing
from contacts.importing.files.reading import MOST_LOOKED_AT
from contacts.importing.files.stored_files import Upload
from contacts.models import ConsentSource, Contact, ImportRow, ImportState, Suppression, SyncState
from contacts.tests.erasures import make_erased
from contacts.tests.test_exporting import imported
from tests.factories import make_contact, make_service
from tests.markup import markup, words_on
from tests.people import client_of

pytestmark = pytest.mark.django_db
NO, YES, OTHER = "+358401115001", "+358401115002", "+358401115003"
FILES = {
    "Opt-out": ("kyllä", "ei"),
    "Unsubscribed": ("true", "false"),
    "Markkinointikielto": ("kyllä", "ei"),
    "Status": ("unsubscribed", "subscribed"),
    "Accepts SMS Marketing": ("no", "yes"),
    "Lupa SMS": ("ei", "kyllä"),
    "Consent": ("denied", "granted"),
    "Samtycke till SMS": ("nej", "ja"),
    "Markkinointilupa;SMS-lupa": ("kyllä;ei", "ei;kyllä"),
}


def checked(group, by, header: str, *rows: str):
    lines = [f"etunimi;puhelin;{header}", *rows]
    return imported("\n".join(lines).encode(), "csv", group, by)


def saved(group, by, header: str, *rows: str):
    job = checked(group, by, header, *rows)
    import_lifecycle.confirm(job, by=by)
    saving.save(job.pk)
    job.refresh_from_db()
    return job


def undo(job, by):
    job.refresh_from_db()
    assert undoing.begin(job, by=by)
    undoing.undo(job.pk)
    job.refresh_from_db()
    assert job.state == ImportState.UNDONE


@pytest.mark.parametrize(("header", "said"), FILES.items())
def test_whoever_said_no_gets_none_and_whoever_said_yes_does(group, mikko, connected, header, said):
    saved(group, mikko, header, f"Kieltänyt;{NO};{said[0]}", f"Sallinut;{YES};{said[1]}")

    assert list(Contact.objects.values_list("phone", "active")) == [(YES, True)]
    assert opt_outs.stopped_among(group.customer, [NO, YES]) == {NO}


@pytest.mark.parametrize("consent", ["", "12.3.2024", "maybe"])
@pytest.mark.parametrize("header", ["Lupa", "SMS consent"])
def test_nobody_is_saved_on_an_empty_or_unreadable_consent(group, mikko, connected, header, consent):
    job = saved(group, mikko, header, f"Anna;{NO};{consent}", f"Ben;{YES};yes")

    assert job.counts == {"unclear": 1, "new": 1}
    assert list(Contact.objects.values_list("phone", flat=True)) == [YES]
    assert not Suppression.objects.exists()


def test_unsubscribed_people_are_no_recipients(group, mikko, connected):
    saved(group, mikko, "UNSUB_TIME;UNSUB_REASON", f"Anna;{NO};2024-05-01 12:00:00;Too many")

    assert not Contact.objects.exists()
    assert opt_outs.stopped_among(group.customer, [NO]) == {NO}


def test_a_no_is_applied_to_an_active_contact_in_every_group(kahvila, group, mikko, connected):
    here = make_contact(group, phone=NO, first_name="Anna")
    there = make_contact(make_service(kahvila, kind="Group"), phone=NO)

    job = saved(group, mikko, "Lupa", f"Anna;{NO};ei")

    assert not Contact.objects.filter(active=True).exists()
    assert set(Contact.objects.filter(backlog__batch=job.batch)) == {here, there}
    assert Suppression.objects.get().reason == "Said no in the file people.csv"


def test_an_undo_gives_back_what_was(kahvila, group, mikko, connected):
    make_contact(group, phone=NO, first_name="Anna")
    make_contact(make_service(kahvila, kind="Group"), phone=NO)
    job = saved(group, mikko, "Lupa", f"Anna;{NO};ei")

    undo(job, mikko)

    assert Contact.objects.filter(active=True).count() == 2
    assert not Suppression.objects.in_force().exists()
    assert Suppression.objects.get().lift_reason == "The import of people.csv was undone"


def test_an_undo_lifts_nobody_elses_no(group, mikko, connected):
    make_contact(group, phone=NO, first_name="Anna")
    job = saved(group, mikko, "Lupa", f"Anna;{NO};ei")
    saved(group, mikko, "Lupa", f"Anna;{NO};ei")
    opt_outs.opt_out(group.customer, NO, Evidence(ConsentSource.STAFF, by=mikko))

    undo(job, mikko)

    assert not Contact.objects.get().active
    assert Suppression.objects.in_force().count() == 2


@pytest.mark.parametrize("was_there", [False, True])
def test_an_undo_takes_back_whom_a_later_part_of_the_file_stopped(
    group, mikko, connected, monkeypatch, was_there
):
    monkeypatch.setattr(saving, "CHUNK", 1)
    if was_there:
        make_contact(group, phone=NO, first_name="Anne")
    job = saved(group, mikko, "Lupa", f"Anna;{NO};kyllä", f"Anna;{NO};ei")
    assert list(Contact.objects.values_list("active", flat=True)) == [False]

    undo(job, mikko)

    left = Contact.objects.present().values_list("first_name", "active")
    assert list(left) == ([("Anne", True)] if was_there else [])


def test_a_yes_lifts_no_opt_out(group, mikko, connected):
    contact = make_contact(group, phone=NO, first_name="Anna")
    opt_outs.opt_out(group.customer, NO, Evidence(ConsentSource.STAFF, by=mikko))

    job = saved(group, mikko, "Lupa", f"Anna;{NO};kyllä")

    contact.refresh_from_db()
    assert (job.counts, contact.active) == ({"opted_out": 1}, False)


@pytest.mark.parametrize("said", [("kyllä", "ei"), ("ei", "kyllä")])
def test_of_a_file_that_says_both_the_no_counts(group, mikko, connected, said):
    saved(group, mikko, "Lupa", f"Anna;{NO};{said[0]}", f"Anna;{NO};{said[1]}")

    assert not Contact.objects.filter(active=True).exists()
    assert opt_outs.stopped_among(group.customer, [NO]) == {NO}


def test_somebody_who_opts_out_between_check_and_save_gets_nothing(group, mikko, connected):
    job = checked(group, mikko, "Lupa", f"Anna;{NO};kyllä")
    opt_outs.opt_out(group.customer, NO, Evidence(ConsentSource.MESSAGE, words="STOP", place="Inbound"))

    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert not Contact.objects.exists()
    assert ImportRow.objects.get(job=job).kind == "opted_out"


def test_a_no_of_a_file_holds_for_the_number_in_every_spelling_and_is_undone_with_it(
    kahvila, group, mikko, connected
):
    written, spelt = "+5491123456789", "+541123456789"
    other = make_contact(make_service(kahvila, kind="Group"), phone=spelt)

    job = saved(group, mikko, "Lupa", f"Anna;{written};no")
    propagation.sweep()

    other.refresh_from_db()
    assert not other.active
    assert set(Suppression.objects.in_force().values_list("phone", "other_spelling")) == {
        (written, False),
        (spelt, True),
    }
    undo(job, mikko)
    assert not Suppression.objects.in_force().exists()
    other.refresh_from_db()
    assert other.active


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("puhelin;lupa", f"{NO} / {YES};ei"),
        ("puhelin;lupa", "0401115001, 0401115002;ei"),
        ("matkapuhelin;kotipuhelin;lupa", f"{NO};{YES};ei"),
        ("matkapuhelin;puhelin 2;lupa", f"{NO};{YES};ei"),
        ("matkapuhelin;other numbers;lupa", f"{NO};{OTHER}, {YES};ei"),
    ],
)
def test_a_no_holds_for_each_number_of_the_person(kahvila, group, mikko, connected, header, row):
    there = make_contact(make_service(kahvila, kind="Group"), phone=YES)
    job = imported(f"{header}\n{row}\n0401115004;;kyllä\n".encode(), "csv", group, mikko)
    page = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk]), {"kind": "opted_out"})
    assert "It holds for all numbers of the row." in words_on(page)

    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert opt_outs.stopped_among(group.customer, [NO, YES]) == {NO, YES}
    there.refresh_from_db()
    assert (there.active, there.backlog.batch) == (False, job.batch)
    undo(job, mikko)
    there.refresh_from_db()
    assert there.active
    assert not Suppression.objects.in_force().exists()


def test_a_no_does_not_hold_for_a_number_beside_that_is_uncertain_or_of_somebody_else(
    group, mikko, connected
):
    header = "puhelin;kotipuhelin;huoltajan puhelin;lupa"
    job = imported(f"{header}\n{NO};4791234567;{YES};ei\n".encode(), "csv", group, mikko)

    row = job.rows.get()
    page = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk]), {"kind": "opted_out"})
    assert "table--stack" in markup(page), "on a phone each cell to be mended is in sight"
    assert (row.kind, row.barred_too, row.warned) == ("opted_out", None, False)
    assert [problem["reason"][:10] for problem in row.problems] == ["4791234567"]


def test_of_two_numbers_beside_a_no_one_who_was_erased_is_kept_nowhere(group, mikko, connected):
    for erased, kept in ((NO, YES), (YES, NO)):
        erasure = make_erased(group.customer, erased)
        job = imported(f"puhelin;lupa\n{NO} / {YES};ei\n".encode(), "csv", group, mikko)

        row = job.rows.get()
        assert (row.phone, row.barred_too, row.raw) == (kept, None, [])
        erasure.delete()


@pytest.mark.parametrize(
    ("number", "kind", "mended"), [("4791234567", "unclear", "+4791234567"), ("040", "invalid", NO)]
)
def test_a_no_without_a_certain_number_is_told_and_holds_once_it_has_one(
    group, mikko, connected, number, kind, mended
):
    job = checked(group, mikko, "Lupa", f"Anna;{number};ei", f"Ben;{YES};kyllä", "Cia;041;kyllä")
    row, other = ImportRow.objects.get(job=job, line=2), ImportRow.objects.get(job=job, line=4)
    assert (row.kind, row.problems[-1]["reason"][:17]) == (kind, "This row says No.")
    assert "says No" not in str(other.problems)

    row_fixes.fix_row(row, {1: mended}, by=mikko)
    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert opt_outs.stopped_among(group.customer, [mended, YES]) == {mended}


def test_a_no_in_a_row_that_the_sheet_hides_is_kept(group, mikko, connected):
    rows = [
        ["Puhelin", "Nimi", "Lupa"],
        [NO, "Anna", "ei"],
        [YES, "Ben", "kyllä"],
        ["0401115003", "Cia", "kyllä"],
    ]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        for number in (1, 3):
            sheet.set_row(number, options={"hidden": True})
    job = imported(content.getvalue(), "xlsx", group, mikko)
    assert job.counts == {"hidden": 2, "new": 1}
    page = client_of(mikko).get(reverse("contacts:import_page", args=[job.pk]), {"kind": "hidden"})
    assert words_on(page).count("This file says No.") == 1

    import_lifecycle.confirm(job, by=mikko)
    saving.save(job.pk)

    assert list(Contact.objects.values_list("phone", flat=True)) == [YES]
    assert list(Suppression.objects.in_force().values_list("phone", flat=True)) == [NO]


def test_the_check_shows_what_each_said_and_why_somebody_is_left_out(group, mikko, connected):
    job = checked(group, mikko, "Lupa SMS", f"Kieltänyt;{NO};evätty", f"Sallinut;{YES};kyllä")
    browser = client_of(mikko)

    new, left_out = (
        words_on(browser.get(reverse("contacts:import_page", args=[job.pk]), {"kind": kind}))
        for kind in ("new", "opted_out")
    )

    assert "Sallinut +358401115002 Yes" in new
    assert "This file says No. Kieltänyt +358401115001 evätty" in left_out


def test_an_undone_import_asks_again_about_whom_nobody_had_decided(group, mikko, connected):
    """What a file's No decided is undecided once the file is taken back."""
    contact = make_contact(group, phone=NO, active=False, undecided=True, met={})
    job = saved(group, mikko, "SMS-lupa", f"Aino;{NO};ei", f"Eero;{YES};kyllä")
    propagation.sweep()
    contact.refresh_from_db()
    assert not contact.undecided

    undo(job, mikko)

    contact.refresh_from_db()
    assert (contact.active, contact.undecided, contact.sync_state) == (False, True, SyncState.FAILED)


FAR_DOWN = "".join(f"04011{n:05d};\n" for n in range(MOST_LOOKED_AT + 50))


@pytest.mark.parametrize("cell", ["ei saa lähettää viestejä", "STOP", "unsubscribed", "VIP, unsubscribed"])
def test_a_no_further_down_than_anybody_looked_is_asked_about_in_its_row(group, mikko, cell):
    text = f"Puhelin;Huom\n{FAR_DOWN}0402222222;{cell}\n0403333333;ok\n"
    job = import_lifecycle.upload(Upload("a.csv", [text.encode()]), group=group, by=mikko)
    assert not job.questions
    import_lifecycle.start_checking(job, mapping=["phone", "property:Huom"], regions=["FI"])
    checking.check(job.pk)

    row = job.rows.get(kind="unclear")
    assert row.problems[0]["choices"] == ["Gets messages", "Opted out"]
    row_fixes.fix_row(row, {1: "Opted out"}, by=mikko)
    assert job.rows.get(line=row.line).kind == "opted_out"
    row_fixes.fix_row(job.rows.get(line=row.line), {1: "Gets messages"}, by=mikko)
    assert job.rows.get(line=row.line).kind == "new"


def test_notes_are_no_column_of_consent_and_each_no_in_them_is_asked_about(group, mikko):
    text = "Puhelin;Huom\n0402222222;ei saa lähettää viestejä\n0403333333;kanta-asiakas\n"
    job = import_lifecycle.upload(Upload("a.csv", [text.encode()]), group=group, by=mikko)
    assert [each["column"] for each in job.questions] == [1]
    for _ in range(2):
        import_lifecycle.start_checking(job, mapping=["phone", "property:Huom"], regions=["FI"])
        checking.check(job.pk)
        job.refresh_from_db()

        assert job.counts == {"unclear": 1, "new": 1}


def test_of_a_column_that_a_person_was_asked_about_no_row_is_asked_again(group, mikko):
    text = "Puhelin;Viestit\n0402222222;kielletty\n0403333333;vihreä\n"
    job = import_lifecycle.upload(Upload("a.csv", [text.encode()]), group=group, by=mikko)
    assert [each["column"] for each in job.questions] == [1]
    for _ in range(2):
        import_lifecycle.start_checking(job, mapping=["phone", "property:Viestit"], regions=["FI"])
        checking.check(job.pk)
        job.refresh_from_db()

        assert job.counts == {"new": 2}
