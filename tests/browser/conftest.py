"""A Chromium and the whole stack behind it. CHROMIUM names the browser; bin/test finds one."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import page_list
from tests.browser.browser_sessions import PATIENCE_MS, BrowserSessions
from tests.faults.stack import Stack, running_stack

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The walk of the main job first, as it takes longest: all processes then end together."""
    items.sort(key=lambda item: item.path.name != "test_end_to_end.py")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.skip("no Chromium: set CHROMIUM=/path/to/it")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def stack(tmp_path_factory) -> Iterator[Stack]:
    """One for all tests but the walk: its limit of calls is high, so that nobody waits for it."""
    with running_stack(tmp_path_factory.mktemp("stack"), SMARTDIALOG_BATCH_SIZE="500") as running:
        yield running


@pytest.fixture(scope="session")
def windows(chromium: Browser, stack: Stack) -> BrowserSessions:
    return BrowserSessions(chromium, stack)


@pytest.fixture(scope="session")
def sample_pages(windows: BrowserSessions, stack: Stack) -> dict[str, str]:
    """Pages by name, with something of every kind and state on them."""
    with windows.open("mikko"), windows.open("aino"):
        words = ["Kesäjuhla", "Marjatta Ylä-Outinen", "Maailman ystävällisin naapuruston kahvikutsu", "Pori"]
        return page_list.create_sample_pages(
            stack, page_list.KAHVILA, words * 4, "tuletko iltaan? Ilta alkaa klo 18. " * 3
        )
