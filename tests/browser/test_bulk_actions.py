"""Many contacts at once: asked about over the list, undone in time; and taken away as a file."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import import_pages
from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser


@pytest.fixture
def page(windows: BrowserSessions, sample_pages) -> Page:
    with windows.open("mikko") as opened:
        opened.goto(sample_pages["contacts:group"])
        yield opened


def test_a_deletion_is_asked_about_over_the_list_and_undone_before_it_begins(page: Page):
    everybody = page.locator("[data-select-row]").count()
    page.get_by_label("Select all on this page").check()

    page.get_by_role("group", name="Selected contacts").get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Delete {everybody} contacts?")
    dialog.get_by_role("button", name="Delete").click()

    expect(page.get_by_text("Nothing has been changed yet, here or at SmartDialog.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nothing was changed.")).to_be_visible()
    page.get_by_role("link", name="Open").click()
    expect(page.locator("[data-select-row]")).to_have_count(everybody)


def test_who_is_selected_leaves_as_a_file(page: Page):
    page.locator("[data-select-row]").first.check()

    page.get_by_role("group", name="Selected contacts").get_by_role("button", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Export 1 contact")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="CSV").click()

    header, *people = download.value.path().read_text("utf-8-sig").splitlines()
    assert header.startswith("Phone number;")
    assert len(people) == 1


def test_whom_a_list_shows_leaves_as_a_workbook_and_comes_back_unchanged(page: Page, tmp_path: Path):
    listed = page.locator("[data-select-row]").count()
    page.get_by_role("link", name="Export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"Export {listed} contacts")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Excel workbook").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    workbook = tmp_path / download.value.suggested_filename
    download.value.save_as(workbook)

    dialog.get_by_role("link", name="Back to the list").click()
    page.get_by_role("link", name="Import contacts").first.click()
    page.get_by_label("Spreadsheet").set_input_files(workbook)
    page.get_by_role("button", name="Continue").click()
    import_pages.check_rows(page)

    counts = import_pages.counts(page)
    assert (counts["new"], counts["changed"], counts["invalid"]) == (0, 0, 0)
    # Who is not decided about is asked about; who has opted out, in another test, stays so.
    assert (counts["unchanged"] + counts["opted_out"], counts["unclear"]) == (listed - 1, 1)
