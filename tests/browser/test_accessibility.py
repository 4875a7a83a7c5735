"""Every page, for everybody: axe-core finds nothing serious, and nothing hangs over on a narrow phone.

The rail and the bar are judged on the first page of each part, where the rail marks another link.
"""

import pytest
from playwright.sync_api import Page

from tests.access.addresses import addresses
from tests.browser import accessibility, page_list
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PARTS = 8
PLATFORM = ["/_control/", "/_phones/", "/_phones/+358401230099/"]


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_grave_is_wrong_with_any_page(windows: BrowserSessions, sample_pages, part: int):
    """All pages, in parts that processes can share among them."""
    framed = first_of_each_part(sample_pages)
    with windows.open("aino", reduced_motion="reduce") as page:
        found = {
            name: look(page, path, with_frame=name in framed)
            for name, path in list(sample_pages.items())[part::PARTS]
        }

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_nothing_grave_is_wrong_where_nobody_is_signed_in(windows: BrowserSessions):
    with windows.open(reduced_motion="reduce") as page:
        found = {name: look(page, path) for name, path in page_list.SIGNED_OUT.items()}

    assert {name: faults for name, faults in found.items() if faults} == {}


def test_nothing_grave_is_wrong_at_the_platform(windows: BrowserSessions, stack: Stack, sample_pages):
    with windows.open(reduced_motion="reduce") as page:
        found = {path: look(page, stack.sandbox.url + path) for path in PLATFORM}

    assert {path: faults for path, faults in found.items() if faults} == {}


def test_every_page_is_looked_at(sample_pages):
    looked_at = {name.split()[0] for name in sample_pages} | set(page_list.SIGNED_OUT)

    assert {each.name for each in addresses()} == looked_at | page_list.NOT_PAGES


def first_of_each_part(pages: dict[str, str]) -> set[str]:
    """By the first word of their paths, as the rail does."""
    return set({path.split("/")[1]: name for name, path in reversed(pages.items())}.values())


def look(page: Page, path: str, *, with_frame: bool = True) -> list[str]:
    answer = page.goto(path)
    if answer is None or answer.status >= 500:
        return [f"{path} answers {answer and answer.status}"]
    return accessibility.axe_violations(page, with_frame=with_frame)
