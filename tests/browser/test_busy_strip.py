"""The strip above a conversation stays as it is under busy hands, and catches up after."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.browser.test_inbox_team import NOBODYS
from tests.browser.test_shared_inbox import WRITE, row
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko") as page:
        yield page


@pytest.fixture
def aino(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("aino") as page:
        yield page


@pytest.mark.parametrize("busy", ["in a menu", "in the note box"])
def test_who_was_busy_in_the_strip_sees_what_a_colleague_did_once_they_leave_it(
    mikko: Page, aino: Page, stack: Stack, busy: str
):
    stack.ask(NOBODYS)
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Kenelle?"))
    mikko.goto(f"/inbox/{thread}/")
    aino.goto(f"/inbox/{thread}/")
    if busy == "in a menu":
        mikko.locator("#work-label").click()
    else:
        mikko.keyboard.press("n")
        expect(mikko.get_by_label("Note for the team")).to_be_focused()

    with mikko.expect_response(lambda answer: f"/inbox/{thread}/" in answer.url):
        aino.locator("#work-assign").click()
        aino.get_by_role("button", name="Me", exact=True).click()
    expect(row(mikko, thread)).to_contain_text("Aino")
    expect(mikko.locator("#work-assign")).not_to_contain_text("Aino")
    mikko.keyboard.press("Escape")
    mikko.get_by_label("Reply", exact=True).focus()

    expect(mikko.locator("#work-assign")).to_contain_text("Aino")
    expect(mikko.get_by_label("Reply", exact=True)).to_be_focused()
