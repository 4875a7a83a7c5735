"""A connection or a server that is away: what is pressed, sent and shown meanwhile."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser import inbox_pages
from tests.browser.browser_sessions import DESKTOP, PHONE, BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

LOST = "Not connected: what is new may be missing here."
WAITS = "Not sent yet"


@pytest.mark.parametrize("status", [502, 503, 504])
def test_an_answer_that_the_server_cannot_take_now_waits_and_goes_out_once_it_can(
    windows: BrowserSessions, sample_pages, stack: Stack, status: int
):
    words = f"Tervetuloa kello {status}"
    with windows.open("mikko") as page:
        page.goto(inbox_pages.make_thread(stack, f"+358401237{status}", 2))
        refused: list[Route] = []

        def refuse(route: Route) -> None:
            refused.append(route)
            route.fulfill(status=status, body="away")

        page.route("**/replies/*", refuse)
        box = page.get_by_label("Reply", exact=True)
        box.fill(words)
        page.get_by_role("button", name="Send reply").click()
        expect(page.get_by_text(WAITS)).to_be_visible()
        expect(box).to_have_value(words)

        page.unroute("**/replies/*", refuse)
        expect(page.locator(".message--out", has_text=words)).to_have_count(1)
        expect(page.get_by_text(WAITS)).to_be_hidden()
        assert refused


def test_what_is_pressed_without_a_connection_is_said_not_to_be_done(windows: BrowserSessions, sample_pages):
    with windows.open("mikko") as page:
        open_first(page)
        page.get_by_text("Notes for the team").click()
        note = page.get_by_label("Note for the team")
        if not note.is_visible():
            page.get_by_text("Notes for the team").click()
        note.fill("Muista tarjous")
        page.context.set_offline(True)

        page.get_by_role("button", name="Save note").click()

        expect(
            page.get_by_role("alert").filter(has_text="Not done, as there is no connection.")
        ).to_be_visible()
        expect(note).to_have_value("Muista tarjous")
        page.locator("#work-done").click()
        expect(page.get_by_role("alert").filter(has_text="Not done")).to_have_count(1)
        page.context.set_offline(False)


@pytest.mark.parametrize("address", ["/", "/inbox/opt-out-requests/", "thread"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_every_live_page_says_that_its_line_is_gone(
    windows: BrowserSessions, sample_pages, address: str, size: dict[str, int]
):
    with windows.open("mikko", viewport=size) as page:
        if address == "thread":
            open_first(page)
        else:
            page.goto(address)
        lost = page.get_by_text(LOST)
        expect(lost).to_be_hidden()

        page.context.set_offline(True)
        expect(lost).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

        page.context.set_offline(False)
        expect(lost).to_be_hidden()
