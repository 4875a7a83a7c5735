"""A campaign to numbers that are in no group: pasted, asked about, and sent; with scripts and without."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import campaign_pages
from tests.browser.browser_sessions import PATIENCE_MS, BrowserSessions

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_pasted_numbers_are_asked_about_and_sent_to(windows: BrowserSessions, sample_pages, scripts: bool):
    end = "7" if scripts else "8"
    with windows.open("mikko", java_script_enabled=scripts) as page:
        write(page)
        page.get_by_role("button", name="Paste or upload numbers").click()
        page.get_by_label("Numbers").fill(
            f"040 998 000{end}, 4799800{end}12\n0409980{end}11, 123456789012345678"
        )
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("heading", name="Which number is it?")).to_be_visible(timeout=PATIENCE_MS)
        page.get_by_role("button", name=f"+4799800{end}12").click()
        expect(page.get_by_role("heading", name="Which number is it?")).to_be_hidden()
        page.get_by_role("link", name="Continue writing").click()
        expect(page.get_by_role("textbox", name="Message")).to_have_value("Kahvi 1 e tänään")
        agree(page)
        campaign_pages.send_now(page, f"Listalle {end}", people=3)
        if scripts:
            campaign_pages.expect_receipt(page, 3, "Delivered")


def write(page: Page) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("From", exact=True).fill("Kahvila")
    page.get_by_role("textbox", name="Message").fill("Kahvi 1 e tänään")
    page.get_by_label("Sending service").select_option(campaign_pages.SERVICE)


def agree(page: Page) -> None:
    """One of four is no number, which is asked about."""
    page.get_by_label("Send it without them").check()
