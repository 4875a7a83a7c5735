"""An Italian file, with commas and a byte order mark, into a group whose numbers are Italian."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import import_pages, sign_in_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults import invariants
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

NEW = 30
COLUMNS = {
    "Cellulare": "Phone number",
    "Nome": "First name",
    "Cognome": "Last name",
    "E-mail": "Email",
    "Sesso": "Gender",
    "Città": "City",
    "Codice paese": "Country",
}


def test_an_italian_file_is_read_as_italians_write(windows: BrowserSessions, stack: Stack):
    with windows.open() as page:
        sign_in_pages.sign_in(page, "mikko")  # a session of its own: others of his work for the café
        sign_in_pages.switch_customer(page, "Trattoria Sole")
        numbers_are_italian(page, "Clienti")
        import_pages.choose_file(page, "Clienti", import_pages.FILES / "clienti.csv")
        assert import_pages.columns(page) == COLUMNS
        import_pages.check_rows(page)
        assert import_pages.counts(page)["new"] == NEW
        assert import_pages.reasons(page, "invalid") == {14: "This is too short to be a phone number."}
        import_pages.save(page)
        import_pages.wait_until_done(page)

    clienti = invariants.contacts_at(stack, "Clienti")
    assert len(clienti) == NEW
    assert all(each["phone"].startswith("+39") for each in clienti)


def numbers_are_italian(page: Page, group: str) -> None:
    import_pages.open_group(page, group)
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Numbers without a country code are in").select_option("Italy")
    page.get_by_role("button", name="Save the countries").click()
    expect(page.get_by_text("are now read as in Italy")).to_be_visible()
