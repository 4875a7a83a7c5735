"""A sign-in ends behind an open page: in a real browser, whatever was typed is still there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import sign_in_pages
from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser

TYPED, TYPED_ONLY = "Europe/Rome", "Europe/Stockholm"


@pytest.fixture
def page(windows: BrowserSessions) -> Iterator[Page]:
    """A sign-in of its own, since these tests end it."""
    with windows.open() as opened:
        yield signed_in(opened)


@pytest.fixture
def plain_page(windows: BrowserSessions) -> Iterator[Page]:
    with windows.open(java_script_enabled=False) as opened:
        yield signed_in(opened)


def signed_in(page: Page) -> Page:
    sign_in_pages.sign_in(page, "vera")
    page.goto("/preferences/")
    page.get_by_label("Time zone").select_option(TYPED)
    return page


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in_again(page: Page) -> None:
    page.get_by_role("button", name="Sign in with SmartDialog").click()
    page.get_by_test_id("person-vera").click()


def ask_as_open_pages_do(page: Page) -> None:
    page.evaluate("htmx.ajax('GET', '/meter/', {target: '#meter', swap: 'outerHTML'})")


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_a_form_sent_too_late_is_taken_after_signing_in(request: pytest.FixtureRequest, kind: str):
    page = request.getfixturevalue(kind)
    end_session(page)

    page.get_by_role("button", name="Save preferences").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    sign_in_again(page)
    page.get_by_role("button", name="Go on with it").click()

    expect(page.get_by_label("Time zone")).to_have_value(TYPED)


def test_a_page_with_something_typed_stays_and_says_so(page: Page):
    page.get_by_label("Time zone").select_option(TYPED_ONLY)
    end_session(page)
    ask_as_open_pages_do(page)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="sign in in another tab").click()
    sign_in_again(opened.value)
    expect(opened.value.get_by_text("You are signed in as")).to_be_visible()
    expect(page.get_by_label("Time zone")).to_have_value(TYPED_ONLY)
    page.get_by_role("button", name="Save preferences").click()

    expect(page.get_by_role("heading", name="What you typed is kept")).to_be_visible()
    expect(page.get_by_text(TYPED_ONLY)).to_be_visible()


def test_a_page_with_nothing_typed_goes_to_sign_in_and_comes_back(page: Page):
    page.reload()
    end_session(page)
    ask_as_open_pages_do(page)
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()

    sign_in_again(page)

    expect(page.get_by_role("heading", name="Preferences")).to_be_visible()


def test_after_signing_out_the_way_back_shows_nothing(page: Page):
    page.goto("/contacts/")
    page.goto("/preferences/")
    page.locator(".menu__button").last.click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()

    page.go_back()

    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    kept = page.evaluate("Object.keys(localStorage).concat(Object.keys(sessionStorage))")
    # The last says by two keys of rows how far this browser has heard.
    assert set(kept) <= {"theme", "single-keys", "htmx-current-path-for-history", "notifications"}
