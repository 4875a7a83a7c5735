"""Every page, for everybody: axe-core finds nothing serious, and nothing hangs over on a narrow phone."""

import pytest
from playwright.sync_api import Page

from tests.access.addresses import addresses
from tests.browser import accessibility, pages
from tests.browser.browsing import Windows
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PLATFORM = ["/_control/", "/_phones/", "/_phones/+358401230099/"]


def test_nothing_grave_is_wrong_with_any_page(windows: Windows, furniture):
    with windows.open("aino", reduced_motion="reduce") as page:
        found = {name: look(page, path) for name, path in furniture.items()}

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_nothing_grave_is_wrong_where_nobody_is_signed_in(windows: Windows):
    with windows.open(reduced_motion="reduce") as page:
        found = {name: look(page, path) for name, path in pages.SIGNED_OUT.items()}

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_nothing_grave_is_wrong_at_the_platform(windows: Windows, stack: Stack, furniture):
    with windows.open(reduced_motion="reduce") as page:
        found = {path: look(page, stack.sandbox.url + path) for path in PLATFORM}

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_every_page_is_looked_at(furniture):
    looked_at = {name.split()[0] for name in furniture} | set(pages.SIGNED_OUT)

    assert {each.name for each in addresses()} == looked_at | pages.NO_PAGES


def look(page: Page, path: str) -> list[str]:
    answer = page.goto(path)
    if answer is None or answer.status >= 500:
        return [f"{path} answers {answer and answer.status}"]
    return accessibility.faults(page)
