"""Page objects, as functions: composing a campaign and following what becomes of it."""

from playwright.sync_api import Page, expect

from tests.browser import template_pages
from tests.browser.browser_sessions import PATIENCE_MS

SERVICE = "Marketing messages"


def write_sms(page: Page, *, group: str, sender: str, before: str, after: str) -> None:
    """A text with the first name between `before` and `after`, put there by its button."""
    page.goto("/campaigns/new/")
    page.get_by_label("From", exact=True).fill(sender)
    message = page.get_by_role("textbox", name="Message")
    message.fill(before)
    page.get_by_role("group", name="Insert").get_by_role("button", name="First name").click()
    message.press("Control+End")
    message.press_sequentially(after)
    choose_audience(page, group)


def write_whatsapp(page: Page, *, group: str, template: str, field: str) -> None:
    """The approved template, its first variable filled with the field."""
    page.goto("/campaigns/new/")
    page.locator(".pick").filter(has_text="WhatsApp").click()
    template_pages.choose(page, template)
    page.get_by_role("combobox", name="Variable 1").select_option(field)
    choose_audience(page, group)


def choose_audience(page: Page, group: str) -> None:
    page.get_by_label("Group", exact=True).select_option(group)
    page.get_by_label("Sending service").select_option(SERVICE)


def send_now(page: Page, name: str, *, people: int) -> None:
    """Press the one button, which says how many messages it sends."""
    page.get_by_label("Name of the campaign").fill(name)
    page.get_by_role("button", name=f"Send {people} messages").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def expect_accepted(page: Page) -> None:
    expect(page.locator(".receipt__legend")).to_contain_text("Accepted")


def expect_receipt(page: Page, number: int, word: str, *, patience_ms: int = PATIENCE_MS) -> None:
    """The result comes to say it, by itself."""
    expect(page.locator(".receipt__legend")).to_contain_text(f"{number} {word}", timeout=patience_ms)
