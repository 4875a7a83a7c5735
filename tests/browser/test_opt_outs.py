"""Opt-outs in Settings: a list taken in, a number found, and let back, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions

pytestmark = pytest.mark.browser

PLACE = "/settings/opt-outs/"
# The sheet asks for itself; over once what came stands in the page.
LOOK = """() => new Promise((over) => {
    document.addEventListener("htmx:afterSettle", ({ target }) => target.closest("#sheet") && over())
    htmx.ajax("GET", location.href, "#sheet")
})"""


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_list_is_looked_at_and_taken_and_a_number_let_back(windows: BrowserSessions, scripts: bool):
    ends = ["71", "72"] if scripts else ["81", "82"]
    with windows.open("mikko", java_script_enabled=scripts) as page:
        take_a_list(page, [f"04012380{end}" for end in ends])
        find(page, f"04012380{ends[0]}", scripts=scripts)
        let_back(page)


def take_a_list(page: Page, numbers: list[str]) -> None:
    page.goto(PLACE)
    page.get_by_role("link", name="Import a list").click()
    page.get_by_text("Paste numbers instead").click()
    page.get_by_label("Pasted numbers").fill("\n".join([*numbers, "not a number"]))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1, name="Check the list")).to_be_visible()
    expect(page.get_by_role("table")).to_contain_text("not a number")
    page.get_by_label("Why").fill("Left the club")
    page.get_by_role("button", name="Opt out 2 numbers").click()
    expect(page.get_by_text("2 numbers are opted out. 1 row was not taken.")).to_be_visible()


def find(page: Page, number: str, *, scripts: bool) -> None:
    page.locator(".page__back").click()  # from the list, which can be undone, to all opt-outs
    search = page.get_by_role("searchbox", name="Number or name")
    search.fill(number)
    if scripts:
        expect(page).to_have_url(re.compile(rf"q={number}"))
        expect(search).to_be_focused()
    else:
        page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 number opted out")).to_be_visible()
    page.get_by_role("row", name="Left the club").get_by_role("link").click()
    expect(page.get_by_text("Opted out: Left the club")).to_be_visible()


def let_back(page: Page) -> None:
    page.locator("summary", has_text="Remove opt-out").click()
    page.get_by_label("How they agreed").fill("Signed the form")
    page.get_by_label("When they agreed").fill("2026-11-12")
    page.get_by_role("button", name="Remove opt-out").click()
    expect(page.get_by_text("Opt-out removed: Signed the form (12 Nov 2026)")).to_be_visible()
    expect(page.get_by_text("Not opted out", exact=True)).to_be_visible()


def test_what_is_typed_on_a_sheet_outlives_its_looks_at_itself(windows: BrowserSessions, sample_pages):
    """While a change is on its way, the sheet asks for itself every two seconds."""
    with windows.open("mikko") as page:
        page.goto(sample_pages["contacts:contact"])
        page.locator("summary", has_text="Opt out").click()
        page.get_by_label("Why").fill("Called us")
        page.evaluate(LOOK)
        expect(page.get_by_label("Why")).to_have_value("Called us")
        page.get_by_role("button", name="Opt out").click()
        expect(page.get_by_text("Opted out: Called us")).to_be_visible()


@pytest.mark.parametrize("by", ["keyboard", "mouse"])
def test_a_live_look_takes_no_button_from_whoever_presses_it(windows: BrowserSessions, sample_pages, by: str):
    with windows.open("mikko") as page:
        page.goto(sample_pages["inbox:opt_out_requests"])
        first = page.locator(".line").first
        button = first.get_by_role("button", name="Not an opt-out")
        button.focus()
        if by == "mouse":
            button.hover()
            page.mouse.down()
        page.evaluate("htmx.trigger('#requests', 'live')")
        page.wait_for_timeout(1000)
        expect(button).to_be_focused()
        page.mouse.up() if by == "mouse" else page.keyboard.press("Enter")
        expect(page.get_by_text("Not an opt-out: they go on getting messages.")).to_be_visible()
