"""Writing a campaign: what is typed is kept and completed, and the rarer options are found."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser


@pytest.fixture
def page(windows: BrowserSessions, sample_pages) -> Page:
    with windows.open("mikko") as opened:
        opened.goto("/campaigns/new/")
        yield opened


def message(page: Page):
    return page.get_by_role("textbox", name="Message")


def test_what_is_typed_is_saved_and_still_there_when_the_page_is_opened_again(page: Page):
    message(page).press_sequentially("Hei vaan")
    expect(page.locator("#saved")).to_contain_text("Saved")
    page.wait_for_url("**/draft/")

    message(page).press_sequentially(", ja moi")
    with page.expect_response("**/autosave/"):
        pass
    page.reload()

    expect(message(page)).to_have_value("Hei vaan, ja moi")


def test_a_second_tab_hears_that_the_draft_was_changed_in_the_first(page: Page, windows: BrowserSessions):
    message(page).press_sequentially("Hei")
    page.wait_for_url("**/draft/")
    other = page.context.new_page()
    other.goto(page.url)
    with page.expect_response("**/autosave/"):
        message(page).press_sequentially(" yksi")

    message(other).press("Control+End")
    message(other).press_sequentially(" kaksi")

    expect(other.locator("#saved")).to_contain_text("changed elsewhere")
    expect(message(other)).to_have_value("Hei kaksi")
    other.close()


def test_a_placeholder_is_completed_by_keyboard(page: Page):
    message(page).press_sequentially("Hei $(la")
    expect(page.get_by_role("option", name="Last name")).to_have_attribute("aria-selected", "true")

    message(page).press("Enter")
    message(page).press_sequentially("!")

    expect(message(page)).to_have_value("Hei $(lastName)!")
    expect(page.locator("#completions")).to_be_hidden()


def test_escape_puts_the_placeholders_away(page: Page):
    message(page).press_sequentially("Hei $(")
    expect(page.locator("#completions")).to_be_visible()

    message(page).press("Escape")

    expect(page.locator("#completions")).to_be_hidden()
    expect(message(page)).to_have_value("Hei $(")
