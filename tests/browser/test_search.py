"""The search of the top bar and that of the inbox, by keyboard, by mouse, on a phone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility
from tests.browser.browser_sessions import DESKTOP, PHONE, BrowserSessions

pytestmark = pytest.mark.browser


@pytest.fixture
def page(windows: BrowserSessions, sample_pages) -> Page:
    with windows.open("mikko", reduced_motion="reduce") as opened:
        yield opened


def test_ctrl_k_finds_an_action_and_arrows_and_enter_open_it(page: Page):
    page.goto("/search/")
    page.locator("#search-here").focus()

    page.keyboard.press("Control+k")
    expect(page.locator("#search")).to_be_focused()
    expect(page.locator("#everything-found")).to_contain_text("Actions")
    page.keyboard.type("new camp")
    action = page.locator("#everything-found").get_by_role("link", name="New campaign")
    expect(action).to_be_visible()
    expect(page.locator("#everything-found mark").first).to_have_text("New")
    page.keyboard.press("ArrowDown")
    expect(action).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/campaigns/new/")


def test_escape_puts_away_what_was_found_then_leaves_the_field(page: Page):
    page.goto("/contacts/")
    page.keyboard.press("/")
    page.keyboard.type("inbox")
    expect(page.locator("#everything-found")).to_contain_text("Pages")
    page.keyboard.press("ArrowDown")

    page.keyboard.press("Escape")
    expect(page.locator("#everything-found")).to_be_empty()
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#search")).not_to_be_focused()


def test_enter_in_the_field_shows_all_results_on_a_page(page: Page):
    page.goto("/contacts/")
    page.keyboard.press("Control+k")
    page.keyboard.type("inbox")
    page.keyboard.press("Enter")

    page.wait_for_url("**/search/?q=inbox")
    expect(page.locator("#main").get_by_role("link", name="Inbox")).to_be_visible()


def test_a_press_beside_it_puts_it_away_and_one_on_it_follows_it(page: Page):
    page.goto("/contacts/")
    page.locator("#search").click()
    page.keyboard.type("month")
    link = page.locator("#everything-found").get_by_role("link", name="Month", exact=True)
    expect(link).to_be_visible()
    page.mouse.click(DESKTOP["width"] - 20, DESKTOP["height"] - 20)
    expect(page.locator("#everything-found")).to_be_empty()

    page.locator("#search").click()
    link.click()

    page.wait_for_url("**/campaigns/month/")


def test_nothing_grave_is_wrong_with_what_is_found(page: Page):
    page.goto("/contacts/")
    page.keyboard.press("Control+k")
    expect(page.locator("#everything-found")).to_contain_text("Actions")

    assert accessibility.axe_violations(page) == []


def test_a_phone_has_a_page_for_it(windows: BrowserSessions, sample_pages):
    with windows.open("mikko", viewport=PHONE, reduced_motion="reduce") as page:
        page.goto("/contacts/")
        page.get_by_role("link", name="Search", exact=True).click()
        page.locator("#search-here").fill("inbox")
        page.keyboard.press("Enter")

        page.wait_for_url(re.compile(r"/search/\?q=inbox"))
        expect(page.locator("#main").get_by_role("link", name="Inbox")).to_be_visible()
        assert accessibility.axe_violations(page) == []


@pytest.mark.timeout(300)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE])
def test_the_inbox_is_narrowed_by_a_form_which_shows_in_its_box(
    windows: BrowserSessions, sample_pages, viewport
):
    with windows.open("mikko", viewport=viewport, reduced_motion="reduce") as page:
        page.goto("/inbox/")
        page.get_by_text("Search options").click()
        options = page.get_by_role("form", name="Search options")
        options.get_by_label("Channel").select_option("SMS")
        options.get_by_label("On or after").fill("2026-01-02")
        assert accessibility.axe_violations(page) == []
        options.get_by_role("button", name="Search").click()

        expect(page.locator("#inbox-search")).to_have_value("channel:SMS after:2026-01-02")
        page.locator("#inbox-search").focus()
        page.keyboard.press("End")
        page.keyboard.type(" before:2026-01-03")
        page.keyboard.press("Enter")

        page.wait_for_url(re.compile(r"before%3A2026-01-03"))
        expect(page.locator("#threads")).to_contain_text("No such conversations")
        expect(page.locator("#filter-to_day")).to_have_value("2026-01-03")
