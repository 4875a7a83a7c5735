"""Check and Save as pages: rows of each kind in pages, mended in place; paused, resumed, taken back."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from contacts.importing import import_lifecycle, import_preview, undoing
from contacts.importing.files.stored_files import Upload
from contacts.models import Contact, Import, ImportRow, ImportState
from contacts.tests.conftest import make_checked, make_import, make_saved, plan_calls
from gateway.models import Backlog, Operation, OperationState
from gateway.outbox import backlogs
from tests.factories import make_contact, make_operation
from tests.markup import markup
from tests.people import client_of

HTMX = {"HTTP_HX_REQUEST": "true"}


def url(job: Import, name: str = "import_page") -> str:
    return reverse(f"contacts:{name}", args=[job.pk])


def content(person, job: Import, **asked) -> str:
    return markup(client_of(person).get(url(job), asked))


def test_a_bad_cell_is_an_input_with_its_reason(group, mikko, vera):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben;;ben(at)example.fi\n")

    page = content(mikko, job, kind="invalid")
    assert 'name="cell_0" value="040"' in page
    assert "This is too short to be a phone number." in page
    assert 'name="cell_3" value="ben(at)example.fi"' in content(mikko, job, kind="warnings")
    assert 'name="cell_0"' not in content(vera, job, kind="invalid")


def test_what_may_be_consent_has_to_be_said_before_the_check(group, mikko):
    columns = "puhelin;etunimi;Lupa\n0401111111;Anna;vihreä\n0402222222;Ben;punainen\n"
    job = import_lifecycle.upload(Upload("lista.csv", [columns.encode()]), group=group, by=mikko)
    answers = {"column_0": "phone", "column_1": "first_name", "column_2": "?", "region_0": "FI"}

    page = content(mikko, job)
    assert '<option value="?" selected>Choose: permission, prohibition or neither</option>' in page
    refused = markup(client_of(mikko).post(url(job, "import_check"), answers))
    assert "Say if it is a permission, a prohibition or neither." in refused
    job.refresh_from_db()
    assert job.state == ImportState.UPLOADED

    client_of(mikko).post(url(job, "import_check"), answers | {"column_2": "active"})
    job.refresh_from_db()
    assert (job.state, job.mapping[2]) == (ImportState.CHECKING, "active")
    assert "Choose: permission" not in content(mikko, job, step="columns")


def test_examples_of_a_column_differ_and_say_how_far_was_looked(group, mikko):
    rows = "".join(f"04011111{number};Turku;\n" for number in range(10, 31)) + "0401111199;Oulu;soita\n"
    file = f"puhelin;kaupunki;muistiinpanot\n0402222222;Pori;\n{rows}".encode()
    job = import_lifecycle.upload(Upload("lista.csv", [file]), group=group, by=mikko)

    columns = client_of(mikko).get(url(job)).context["form"].columns()
    assert [column["samples"] for column in columns[1:]] == [["Pori", "Turku"], []]
    assert "Empty in the first rows" in content(mikko, job)


def test_rows_of_people_that_smartdialog_did_not_get_are_unchanged_and_lead_to_them(group, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna", sync_state="failed")
    job = make_checked(group, mikko, "0401111111;Anna\n")

    page = content(mikko, job, kind="unchanged")

    assert job.counts == {"unchanged": 1}
    assert "SmartDialog did not get 1 of the group as they are here." in page
    assert f"{reverse('contacts:group', args=[group.pk])}?state=failed" in page
    assert "did not get" not in content(mikko, job, kind="new")


def test_a_row_is_mended_where_it_stands(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n041;Ben\n")
    mended = {"line": "2", "cell_0": "0401111111", "kind": "invalid", "after": ""}

    part = markup(client_of(mikko).post(url(job, "import_mending"), mended, **HTMX))

    assert part.lstrip().startswith('<table><tbody><tr id="row-2" data-focus-next="[aria-invalid]">')
    assert part.count("Row 2 is now new.") == 2, "in the row, and for who hears the page"
    assert 'name="cell_0"' not in part
    assert 'id="row-3"' not in part
    assert re.search(r'id="kinds" hx-swap-oob="true".*chip-invalid.*?chip__count">1<', part, re.DOTALL)
    assert re.search(r'id="to-save" hx-swap-oob="true".*Save 1 new', part, re.DOTALL)
    assert job.counts == {"invalid": 2}
    job.refresh_from_db()
    assert job.counts == {"invalid": 1, "new": 1}


def test_a_row_that_is_still_bad_comes_back_with_its_input_and_reason(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n041;Ben\n")

    part = client_of(mikko).post(url(job, "import_mending"), {"line": "3", "cell_0": "042"}, **HTMX)

    assert 'value="042"' in part.content.decode()
    assert "This is too short" in part.content.decode()


def test_all_of_the_step_comes_back_when_the_import_has_moved_on(group, mikko, connected):
    job = make_checked(group, mikko, "040;Anna\n0402222222;Ben\n")
    import_lifecycle.confirm(job, by=mikko)

    answer = client_of(mikko).post(url(job, "import_mending"), {"line": "2", "cell_0": "0401111111"}, **HTMX)

    assert answer.headers["HX-Retarget"] == answer.headers["HX-Reselect"] == "#import"
    assert "This row can no longer be mended: the import has moved on." in answer.content.decode()


def test_a_row_is_mended_without_javascript_too(group, mikko):
    job = make_checked(group, mikko, "040;Anna\n041;Ben\n")
    mended = {"line": "2", "cell_0": "0401111111", "kind": "invalid", "after": "0", "before": ""}

    answer = client_of(mikko).post(url(job, "import_mending"), mended, follow=True)

    assert answer.redirect_chain[0][0].endswith("?kind=invalid&after=0&before=")
    assert "Row 2 is now new." in answer.content.decode()


@pytest.mark.parametrize("junk", [{}, {"line": "x"}, {"line": "9" * 40}, {"line": "2", "cell_99": "a"}])
def test_junk_mends_nothing(group, mikko, junk):
    job = make_checked(group, mikko, "040;Anna\n")

    assert client_of(mikko).post(url(job, "import_mending"), junk).status_code == 302
    assert ImportRow.objects.get(job=job).kind == "invalid"


def test_a_changed_row_shows_old_and_new_by_field(group, mikko):
    make_contact(group, phone="+358401111111", first_name="Anna", properties={"Jäsentaso": "hopea"})
    job = make_checked(group, mikko, "0401111111;Anne;;;;kulta\n")

    page = content(mikko, job, kind="changed")

    assert re.search(r"First name:.*Anna.*Anne", page, re.DOTALL)
    assert re.search(r"Jäsentaso:.*hopea.*kulta", page, re.DOTALL)


def test_a_duplicate_says_which_row_has_its_number(group, mikko):
    job = make_checked(group, mikko, "0401111111;Anna\n040 111 1111;Ben\n")

    page = content(mikko, job, kind="duplicate")

    assert "Row 2 has the same number." in page
    assert "Ben" in page


def test_rows_are_paged_forth_and_back(group, mikko, monkeypatch):
    monkeypatch.setattr(import_preview, "PAGE", 2)
    job = make_checked(group, mikko, "".join(f"04011111{n:02};Anna{n}\n" for n in range(5)))

    forth = [[line.number for line in import_preview.page(job, "new", after=str(n)).lines] for n in (0, 3, 5)]
    assert forth == [[2, 3], [4, 5], [6]]
    last = import_preview.page(job, "new", after="5")
    assert (last.previous, last.next) == ("6", "")
    middle = import_preview.page(job, "new", before="6")
    assert ([line.number for line in middle.lines], middle.previous, middle.next) == ([4, 5], "4", "5")
    first = import_preview.page(job, "new", before="4")
    assert ([line.number for line in first.lines], first.previous, first.next) == ([2, 3], "", "3")


@pytest.mark.parametrize("kind", ["new", "invalid", "duplicate", "warnings"])
def test_rows_of_each_kind_cost_the_same_queries_however_many(group, mikko, kind):
    some = "0401111111;Anna\n0401111111;Ben\n040;Cia\n0402222222;Dan;;d(at)d\n"
    many = some + "".join(f"04033333{n:02};A;;x(at)\n04033333{n:02};B\n04{n};C\n" for n in range(40))
    few = queries_of(mikko, url(make_checked(group, mikko, some)) + f"?kind={kind}")

    assert queries_of(mikko, url(make_checked(group, mikko, many)) + f"?kind={kind}") == few


def checked_with(browser, job, **chosen: str):
    """The answer to "Check every row", with something else chosen for some columns than was found."""
    columns = {f"column_{column}": target for column, target in enumerate(job.mapping)}
    answer = browser.post(url(job, "import_check"), {"region_0": "FI", **columns, **chosen}, follow=True)
    job.refresh_from_db()
    return answer.content.decode()


def test_a_column_becomes_a_property_that_the_group_has_by_another_name(group, mikko):
    make_contact(group, properties={"Level": "gold"})
    job = make_import(group, mikko, "0401111111;Anna;;;;kulta\n")

    page = markup(client_of(mikko).get(url(job)))
    checked_with(client_of(mikko), job, column_5="property:Level")

    assert "Custom property “Level”" in page
    assert job.mapping[5] == "property:Level"


def test_a_column_becomes_a_property_by_a_name_of_ones_own(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna;;;;kulta\n")

    checked_with(client_of(mikko), job, column_5="property:", name_5="  Member  level ")

    assert job.mapping[5] == "property:Member level"
    assert job.state == ImportState.CHECKING


def test_a_property_of_ones_own_has_a_name_of_its_own(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna;;;;kulta\n")
    found = job.mapping

    nameless = checked_with(client_of(mikko), job, column_5="property:")
    twice = checked_with(client_of(mikko), job, column_4="property:", name_4="Jäsentaso")

    assert "Name this property" in nameless
    assert "Jäsentaso is chosen for 2 columns" in twice
    assert (job.state, job.mapping) == (ImportState.UPLOADED, found)


def test_blank_cells_clear_only_when_told(group, mikko, connected):
    contact = make_contact(group, phone="+358401111111", first_name="Anna", email="anna@example.fi")
    job = make_import(group, mikko, "0401111111;Anna;;;;\n")
    columns = {f"column_{column}": target for column, target in enumerate(job.mapping)}

    client_of(mikko).post(url(job, "import_check"), {"region_0": "FI", "blank_clears": "on", **columns})

    job.refresh_from_db()
    assert job.blank_clears is True
    assert contact.email == "anna@example.fi"


def test_an_import_is_paused_and_resumed(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    browser = client_of(mikko)

    browser.post(url(job, "import_pausing"), {"pause": "1"})
    page = markup(browser.get(url(job)))
    assert Import.objects.get().paused
    assert "The import is paused" in page
    assert "every 2s" not in page

    browser.post(url(job, "import_pausing"))
    assert not Import.objects.get().paused
    assert "Pause the import" in markup(browser.get(url(job)))


def test_cancelling_asks_first_and_says_what_it_leaves_where(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n0403333333;Cia\n")
    make_operation(connected, kind="contact.lookup", batch=job.batch, state="done")
    Contact.objects.filter(first_name="Anna").update(sync_state="synced")
    backlogs.remove_row(Backlog.objects.get().pk)
    browser = client_of(mikko)

    for given in ({}, HTMX):
        asked = markup(browser.get(url(job, "import_cancellation"), **given))
        assert "1 contact is at SmartDialog." in asked
        assert "2 contacts stay only here" in asked
        assert "Pause instead" in asked
    assert Import.objects.get().state == ImportState.SYNCING
    browser.post(url(job, "import_cancellation"))

    assert "What was saved before stays here" in markup(browser.get(url(job)))


def test_cancelling_half_way_says_how_many_rows_are_not_saved(group, mikko, connected):
    job = make_checked(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    import_lifecycle.confirm(job, by=mikko)

    asked = markup(client_of(mikko).get(url(job, "import_cancellation")))

    assert "2 rows are not saved." in asked


def test_what_is_cancelled_before_it_saved_anything_says_so(group, mikko):
    checked, chosen = make_checked(group, mikko, "040;Anna\n"), make_import(group, mikko, "040;Anna\n")

    for job in (checked, chosen):
        asked = markup(client_of(mikko).get(url(job, "import_cancellation")))
        assert "Nothing of it has been saved." in asked
        assert "Pause instead" not in asked
        import_lifecycle.cancel(job, by=mikko)
        page = content(mikko, job)
        assert "Nothing of it was saved." in page
        assert "Saved here" not in page
    assert "This is too short to be a phone number." in content(mikko, checked)


def test_whom_a_cancelled_import_left_here_can_be_sent_from_its_page(group, mikko, vera, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    import_lifecycle.cancel(job, by=mikko)

    page = content(mikko, job)
    assert "2 contacts of this import are here, and not at SmartDialog" in page
    backlogs.drop(Backlog.objects.get().pk)
    assert "2 contacts of this import are here" in content(mikko, job)
    assert 'name="verb" value="send"' in page
    assert 'name="verb" value="send"' not in content(vera, job)
    ask = {"verb": "send", "matching": "yes", "filter": f"state=failed&import={job.pk}"}
    asked = markup(client_of(mikko).post(reverse("contacts:bulk", args=[group.pk]), ask))
    assert "Send 2 contacts to SmartDialog?" in asked


def test_taking_back_is_asked_with_its_cost_and_then_done(group, mikko, connected):
    make_contact(group, phone="+358402222222", first_name="Ben", known_remotely=True, sync_state="synced")
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Benny\n")
    Import.objects.update(state=ImportState.DONE)
    browser = client_of(mikko)

    asked = markup(browser.get(url(job, "import_undo"), **HTMX))
    assert "1 contact that it added" in asked
    assert "1 contact that it changed gets its earlier values again" in asked
    browser.post(url(job, "import_undo"))
    undoing.undo(job.pk)

    page = markup(browser.get(url(job)))
    assert "This import was undone" in page
    assert "has its earlier values again" in page
    assert Contact.objects.get(phone="+358402222222").first_name == "Ben"


def test_taking_back_does_not_wait_for_the_calls_that_it_withdraws(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n0402222222;Ben\n0403333333;Cia\n")
    Contact.objects.filter(first_name="Anna").update(sync_state="synced", known_remotely=True)

    asked = markup(client_of(mikko).get(url(job, "import_undo")))

    assert "a few seconds, done " in asked
    assert "wait" not in asked.partition('data-testid="undo-cost"')[2].partition("</p>")[0]


def test_what_was_taken_back_is_followed_until_its_calls_are_made(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    Contact.objects.update(known_remotely=True, sync_state="synced")
    undoing.begin(job, by=mikko)
    undoing.undo(job.pk)

    page = content(mikko, job)
    assert "every 2s" in page
    assert "it goes on by itself" in page

    plan_calls(connected)
    Operation.objects.update(state=OperationState.DONE)
    page = content(mikko, job)
    assert "every 2s" not in page
    assert "it goes on by itself" not in page


def test_a_part_that_follows_work_brings_the_meter_and_its_panel_along(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n")
    browser = client_of(mikko)

    part = markup(browser.get(url(job), **HTMX))
    page = markup(browser.get(url(job)))

    assert 'id="meter" hx-swap-oob="true"' in part
    assert "1 waiting" in part
    assert 'id="meter-panel" hx-swap-oob="true"' in part
    assert page.count('id="meter"') == page.count('id="meter-panel"') == 1


def test_a_summary_stays_and_leads_to_the_rows(group, mikko, connected):
    job = make_saved(group, mikko, "0401111111;Anna\n040;Ben\n")
    Import.objects.update(state=ImportState.DONE, finished_at=timezone.now())

    page = content(mikko, job)

    assert "?step=check&amp;kind=new" in page
    assert "Mikko" in page
    rows = content(mikko, job, step="check", kind="invalid")
    assert "This is too short to be a phone number." in rows
    assert 'name="cell_0"' not in rows
    assert "Save 1 new" not in rows


def test_a_check_that_is_going_on_says_how_far_it_is(group, mikko):
    job = make_import(group, mikko, "0401111111;Anna\n0402222222;Ben\n")
    import_lifecycle.start_checking(job, mapping=job.mapping, regions=job.regions)

    page = content(mikko, job)

    assert "Rows compared" in page
    assert "of 2" in page
    assert "Pause the import" in page


@pytest.mark.parametrize("name", ["import_mending", "import_pausing", "import_undo"])
def test_a_stranger_finds_no_import_and_a_viewer_changes_none(group, mikko, otto, vera, connected, name):
    job = make_saved(group, mikko, "0401111111;Anna\n")

    assert client_of(otto).post(url(job, name)).status_code == 404
    assert client_of(vera).post(url(job, name)).status_code == 403


def queries_of(person, address: str) -> int:
    client = client_of(person)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
