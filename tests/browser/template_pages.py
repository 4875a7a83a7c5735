"""Page objects, as functions: writing a WhatsApp template and following its review."""

from playwright.sync_api import Page, expect


def write(page: Page, *, name: str, body: str, button: str) -> None:
    page.goto("/templates/new/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Category").select_option("Utility")
    page.get_by_label("Language").select_option("Finnish")
    page.get_by_role("textbox", name="Message").fill(body)
    page.get_by_label("Type of buttons").select_option("Quick replies")
    page.get_by_label("Label 1").fill(button)


def choose(page: Page, name: str, *, label: str = "Template") -> None:
    """In a campaign or a reply: the options tell language, category and text, too."""
    choice = page.get_by_role("combobox", name=label)
    value = choice.locator("option", has_text=name).get_attribute("value")
    choice.select_option(value=value)


def expect_preview(page: Page, *words: str) -> None:
    """The phone beside the editor shows it as people will get it."""
    preview = page.get_by_role("group", name="As a phone shows it")
    for each in words:
        expect(preview).to_contain_text(each)


def submit(page: Page, name: str) -> None:
    page.get_by_role("button", name="Submit for review").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    expect(page.locator("#template")).to_contain_text("WhatsApp reviews it")


def look_until_listed(page: Page) -> None:
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator("#template")).to_contain_text("Seen in SmartDialog’s list")
