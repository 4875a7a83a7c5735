"""Page objects, as functions: the platform's own pages, its phones and its control page."""

from playwright.sync_api import Locator, Page, expect

from tests.sandbox_process import Sandbox


def open_phone(page: Page, sandbox: Sandbox, number: str) -> None:
    page.goto(f"{sandbox.url}/_phones/{number}/")


def bubbles(page: Page) -> Locator:
    return page.get_by_test_id("bubble")


def reply_from_phone(page: Page, text: str) -> None:
    """Write back from the phone, to whoever wrote last."""
    page.get_by_test_id("phone-answer").fill(text)
    page.get_by_test_id("phone-send").click()
    expect(bubbles(page).last).to_contain_text(text)


def approve_template(page: Page, sandbox: Sandbox, name: str) -> None:
    page.goto(f"{sandbox.url}/_control/")
    waiting = page.locator("#templates .list__row").filter(has_text=name)
    waiting.get_by_role("button", name="Approve").click()
    expect(waiting).to_contain_text("approved")
