"""Page objects, as functions: the inbox, as somebody who answers what comes in."""

from playwright.sync_api import Locator, Page, expect

from tests.faults.stack import wait_until


def open_inbox(page: Page) -> None:
    """Open it, ready to receive: the first time, somebody has to ask for messages."""
    page.goto("/inbox/")
    start = page.get_by_role("button", name="Start receiving messages")
    if start.is_visible():
        start.click()
    wait_until(lambda: _is_ready(page), "messages to come here")


def _is_ready(page: Page) -> bool:
    page.goto("/inbox/")
    notes = page.locator(".inbox__note").filter(has_not_text="may want no more messages")
    return not notes.is_visible()


def thread(page: Page, words: str) -> Locator:
    return page.locator(".thread").filter(has_text=words)


def open_thread(page: Page, words: str) -> None:
    thread(page, words).click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text(words)


def reply(page: Page, text: str) -> None:
    page.get_by_label("Reply", exact=True).fill(text)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text(text)
