"""An Italian file, with commas and a byte order mark, into a group whose numbers are Italian."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import doors, importing
from tests.browser.browsing import Windows
from tests.faults import oracle
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


def test_an_italian_file_is_read_as_italians_write(windows: Windows, stack: Stack):
    with windows.open() as page:
        doors.sign_in(page, "mikko")  # a session of its own: others of his work for the café
        doors.work_for(page, "Trattoria Sole")
        numbers_are_italian(page, "Clienti")
        importing.choose_file(page, "Clienti", importing.FILES / "clienti.csv")
        assert importing.columns(page) == COLUMNS
        importing.check_rows(page)
        assert importing.counts(page)["new"] == NEW
        assert importing.reasons(page, "invalid") == {14: "This is too short to be a phone number."}
        importing.save(page)
        importing.wait_until_done(page)

    clienti = oracle.contacts_at(stack, "Clienti")
    assert len(clienti) == NEW
    assert all(each["phone"].startswith("+39") for each in clienti)


def numbers_are_italian(page: Page, group: str) -> None:
    importing.open_group(page, group)
    page.get_by_role("link", name="Change").click()
    page.get_by_label("Numbers without a country code are in").select_option("Italy")
    page.get_by_role("button", name="Save the countries").click()
    expect(page.get_by_text("are now read as in Italy")).to_be_visible()
