"""Page objects, as functions: what an admin does on the settings pages."""

from playwright.sync_api import Page, expect


def approve(page: Page, person: str, role: str) -> None:
    page.goto("/settings/")
    waiting = page.get_by_test_id("waiting-person").filter(has_text=person)
    waiting.get_by_role("combobox").select_option(role)
    waiting.get_by_role("button", name="Approve").click()
    expect(page.get_by_test_id("waiting-person")).to_have_count(0)


def change_role(page: Page, person: str, role: str) -> None:
    page.goto("/settings/")
    page.get_by_label(f"Role of {person}").select_option(role)
    page.get_by_role("button", name=f"Change the role of {person}").click()
    expect(page.get_by_label(f"Role of {person}").locator("option:checked")).to_have_text(role)


def expect_audited(page: Page, actor: str, verb: str, subject: str) -> None:
    page.goto("/settings/audit/")
    rows = page.get_by_role("row").filter(has_text=actor).filter(has_text=verb)
    expect(rows.filter(has_text=subject).first).to_be_visible()


def expect_called(page: Page, operation: str) -> None:
    page.goto("/settings/usage/")
    expect(page.get_by_role("row").filter(has_text=operation).first).to_be_visible()


def retry_failed(page: Page, words: str) -> None:
    """Try again what SmartDialog refused with these words."""
    page.goto("/settings/operations/")
    failed = page.get_by_test_id("operation").filter(has_text=words)
    failed.get_by_role("button", name="Retry").click()
    expect(failed).to_have_count(0)
