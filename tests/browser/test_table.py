"""The table of a group that is longer than a page."""

import pytest
from playwright.sync_api import expect

from tests.browser import import_pages
from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser

CROWD = """
from accounts.models import Customer
from tests.factories import make_contact, make_service
group = make_service(Customer.objects.get(name="Kahvila Aalto"), kind="Group", name="Joukko")
for number in range(130):
    make_contact(group, phone=f"+35850{7_000_000 + number}", first_name="Orvokki", last_name=f"{number}")
make_contact(group, phone="+358507999999", first_name="Kielo")
answer = group.pk
"""


@pytest.fixture(scope="module")
def crowd(windows: BrowserSessions) -> str:
    with windows.open("mikko"):
        return f"/contacts/{windows.stack.ask(CROWD)}/"


def test_the_count_of_a_search_arrives_after_its_page_everywhere_it_is_said(windows: BrowserSessions, crowd):
    with windows.open("mikko") as page:
        page.goto(crowd)
        page.get_by_label("Search this group").fill("orvokki")

        expect(page.locator("#matching")).to_have_text("130")
        expect(page.locator("#matching-of")).to_have_text("130")
        expect(page.locator("#matching-all")).to_have_text("130")
        expect(page.locator("[data-select-row]")).to_have_count(100)
        expect(page).to_have_url(f"{windows.stack.url}{crowd}?q=orvokki")


def test_all_that_match_are_selected_by_the_count_that_arrived(windows: BrowserSessions, crowd):
    with windows.open("mikko") as page:
        page.goto(f"{crowd}?q=orvokki")
        expect(page.locator("#matching-all")).to_have_text("130")
        page.get_by_label("Select all on this page").check()
        page.get_by_label("Select all 130 that match").check()

        page.get_by_role("group", name="Selected contacts").get_by_role("button", name="Delete").click()

        expect(page.get_by_role("dialog")).to_contain_text("Delete 130 contacts?")


def test_what_was_saved_arrives_in_its_row_its_sheet_and_the_chips_where_one_is(
    windows: BrowserSessions, crowd
):
    with windows.open("mikko") as page:
        import_pages.open_group(page, "Jäsenet")
        page.get_by_role("link", name="Add a contact").click()
        page.get_by_label("Phone number").fill("050 700 1234")
        page.get_by_role("button", name="Add the contact").click()
        row = page.locator("tr[aria-current]")
        row.get_by_role("checkbox").check()
        page.locator("#sheet-edit").focus()

        expect(page.locator("#sheet .facts")).to_contain_text("Synced")
        expect(row).to_contain_text("Synced")
        expect(page.locator("#count-waiting")).to_have_text("0")
        expect(page.locator("#standing[hx-get]")).to_have_count(0)
        expect(page.locator("#sheet-edit")).to_be_focused()
        expect(row.get_by_role("checkbox")).to_be_checked()
