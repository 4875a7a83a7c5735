"""A browser that is kept for the next test has nothing of this one in it."""

import pytest
from playwright.sync_api import BrowserContext

from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser

LEFT = "[localStorage.length, sessionStorage.length, document.cookie]"


def test_whoever_gets_a_browser_next_finds_it_as_it_began(windows: BrowserSessions):
    with windows.open("mikko") as page:
        page.goto("/")
        began, context = page.evaluate(LEFT), page.context
        page.evaluate("localStorage.left = sessionStorage.left = 1; document.cookie = 'left=1'")
        page.context.new_page()
        page.context.route("**", lambda route: route.abort())
        page.context.set_offline(True)

    with windows.open("mikko") as page:
        assert page.context == context
        assert len(context.pages) == 2, "its own and the one that stays"
        page.goto("/")
        assert page.get_by_role("heading", level=1).is_visible()
        assert page.evaluate(LEFT) == began


def test_a_browser_in_which_a_test_failed_is_not_kept(windows: BrowserSessions):
    failed = []

    with pytest.raises(AssertionError):
        fail_in(windows, failed)

    with windows.open("mikko") as page:
        assert page.context not in failed


def fail_in(windows: BrowserSessions, failed: list[BrowserContext]) -> None:
    with windows.open("mikko") as page:
        failed.append(page.context)
        raise AssertionError
