"""The whole of it by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser


@pytest.fixture
def page(windows: BrowserSessions, sample_pages) -> Page:
    with windows.open("mikko") as opened:
        yield opened


@pytest.mark.parametrize(
    ("keys", "address"),
    [
        ("gc", "/contacts/"),
        ("gt", "/templates/"),
        ("ga", "/campaigns/"),
        ("gi", "/inbox/"),
        ("go", "/"),
    ],
)
def test_g_and_a_letter_go_to_each_part(page: Page, keys: str, address: str):
    page.goto("/preferences/")

    press(page, keys)

    page.wait_for_url(lambda url: url.endswith(address))


def test_a_slash_puts_the_cursor_in_the_search(page: Page):
    page.goto("/contacts/")

    page.keyboard.press("/")

    expect(page.locator("#search")).to_be_focused()


def test_a_question_mark_lists_the_keys_and_escape_puts_them_away(page: Page):
    page.goto("/contacts/")
    keys = page.get_by_role("dialog", name="Keyboard")

    page.keyboard.press("?")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")

    expect(keys).to_be_hidden()


def test_j_k_and_x_move_through_a_list_and_select_in_it(page: Page, sample_pages):
    page.goto(sample_pages["contacts:group"])
    rows = page.locator("[data-list-item]")

    press(page, "jjk")
    expect(rows.nth(0).get_by_role("link")).to_be_focused()
    press(page, "x")

    expect(rows.nth(0).get_by_role("checkbox")).to_be_checked()
    expect(page.locator("[data-selection-count]")).to_have_text("1")


def test_enter_opens_a_sheet_and_e_closes_it_and_goes_on_where_one_was(page: Page, sample_pages):
    page.goto(sample_pages["contacts:group"])
    press(page, "jj")

    page.keyboard.press("Enter")
    expect(page.locator("#sheet").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("e")

    expect(page.locator("#sheet").get_by_role("heading", level=2)).to_be_hidden()
    rows = page.locator("[data-list-item]")
    expect(rows.nth(1).get_by_role("link")).to_be_focused()
    press(page, "j")
    expect(rows.nth(2).get_by_role("link")).to_be_focused()


def test_from_an_open_sheet_the_keys_go_on_in_the_list_where_one_was(page: Page, sample_pages):
    page.goto(sample_pages["contacts:group"])
    press(page, "jj")
    page.keyboard.press("Enter")
    expect(page.locator("#sheet").get_by_role("heading", level=2)).to_be_focused()

    press(page, "j")

    expect(page.locator("[data-list-item]").nth(2).get_by_role("link")).to_be_focused()


def test_letters_typed_into_a_field_are_letters(page: Page):
    page.goto("/search/")

    page.locator("#search-here").focus()
    press(page, "gc?jx")

    expect(page.locator("#search-here")).to_have_value("gc?jx")


def press(page: Page, keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
