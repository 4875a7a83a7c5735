"""A conversation in a real browser: long ones, what is typed, and a connection that comes and goes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import inbox_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

NUMBERS = "all => all.map(each => Number(each.textContent.match(/viesti (\\d+)/)[1]))"
TOP = "each => Math.round(each.getBoundingClientRect().top)"


@pytest.fixture
def make_thread(sample_pages, stack: Stack) -> Callable[[str, int], str]:
    """The address of a thread with so many messages."""
    return lambda address, count: inbox_pages.make_thread(stack, address, count)


def messages(page: Page) -> list[int]:
    """By their numbers, which fall to 0, the latest."""
    return page.locator("#conversation article").evaluate_all(NUMBERS)


def reply_box(page: Page):
    return page.get_by_label("Reply", exact=True)


def test_a_long_conversation_is_shown_back_to_its_beginning_without_a_hole_or_a_jump(
    windows: BrowserSessions, make_thread
):
    with windows.open("mikko") as page:
        page.goto(make_thread("+358401237001", 450))
        for shown in (100, 200, 300, 400, 450):
            assert messages(page) == list(range(shown - 1, -1, -1))
            if shown == 450:
                break
            page.locator("#conversation").evaluate("each => each.scrollTo(0, 0)")
            read = page.locator("#conversation article").first
            before, pk = read.evaluate(TOP), read.get_attribute("id")
            page.get_by_role("link", name="Show earlier messages").press("Enter")
            expect(page.locator("#conversation article")).to_have_count(min(shown + 100, 450))
            assert abs(page.locator(f"#{pk}").evaluate(TOP) - before) <= 60
        expect(page.get_by_text("The conversation begins here.")).to_be_attached()


def test_what_is_typed_is_there_after_a_reload_and_in_another_browser(windows: BrowserSessions, make_thread):
    address = make_thread("+358401237002", 3)
    with windows.open("mikko") as page, windows.open("mikko") as phone:
        page.goto(address)
        with page.expect_response("**/draft/"):
            reply_box(page).press_sequentially("Tulemme")
        page.reload()
        expect(reply_box(page)).to_have_value("Tulemme")
        phone.goto(address)
        expect(reply_box(phone)).to_have_value("Tulemme")


def test_an_answer_that_is_sent_without_a_connection_goes_out_once_when_it_is_back(
    windows: BrowserSessions, make_thread
):
    with windows.open("mikko") as page:
        page.goto(make_thread("+358401237003", 3))
        page.context.set_offline(True)
        reply_box(page).fill("Tervetuloa takaisin")
        page.get_by_role("button", name="Send reply").click()
        expect(page.get_by_text("Not sent yet, as there is no connection.")).to_be_visible()
        expect(reply_box(page)).to_have_value("Tervetuloa takaisin")

        page.context.set_offline(False)
        sent = page.locator(".message--out", has_text="Tervetuloa takaisin")
        expect(sent).to_be_visible()
        expect(reply_box(page)).to_have_value("")
        page.reload()
        expect(sent).to_have_count(1)
