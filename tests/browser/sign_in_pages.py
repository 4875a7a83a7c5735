"""Page objects, as functions: signing in and out, at the dashboard and at the platform's own sign-in page."""

from playwright.sync_api import Locator, Page, expect

from tests.faults.stack import wait_until

PASSWORD = "sandbox"


def open_platform_sign_in(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    page.get_by_role("button", name="Sign in with SmartDialog").click()
    expect(page.get_by_role("heading", name="Who is signing in?")).to_be_visible()


def sign_in(page: Page, person: str) -> None:
    open_platform_sign_in(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_test_id(f"person-{person}").click()
    page.wait_for_url(lambda url: not url.startswith(("about:",)) and "/authorize" not in url)


def cancel_sign_in(page: Page) -> None:
    open_platform_sign_in(page)
    page.get_by_test_id("cancel-sign-in").click()


def switch_customer(page: Page, customer: str) -> None:
    """Choose the customer in the top bar, once the sign-in's customers have been read."""
    switcher = page.locator(".topbar__customer summary")
    wait_until(lambda: _appears(page, switcher), "more than one customer to choose from")
    if customer in switcher.inner_text():
        return
    switcher.click()
    page.locator(".topbar__customer").get_by_role("button", name=customer).click()
    expect(switcher).to_contain_text(customer)


def _appears(page: Page, switcher: Locator) -> bool:
    if not switcher.is_visible():
        page.goto("/contacts/")
    return switcher.is_visible()
