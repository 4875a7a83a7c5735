"""Writing a template: mended by single presses, kept without a press, looked at, submitted, judged."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import template_pages
from tests.browser.browser_sessions import PHONE, BrowserSessions

pytestmark = pytest.mark.browser


def press_fix(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()


def test_a_text_is_mended_by_presses_that_ctrl_z_takes_back(windows: BrowserSessions):
    with windows.open("mikko") as page:
        template_pages.write(page, name="Presses", body="Hei {{2}}, aikasi meillä on {{3}}", button="Tulen")
        message = page.get_by_role("textbox", name="Message")

        press_fix(page, "Number them in order")
        expect(message).to_have_value("Hei {{1}}, aikasi meillä on {{2}}")
        press_fix(page, "End with thanks")
        expect(message).to_have_value("Hei {{1}}, aikasi meillä on {{2}}. Kiitos!")
        expect(page.locator("#findings-title")).to_contain_text("Ready to submit")

        message.press("Control+z")
        expect(message).to_have_value("Hei {{1}}, aikasi meillä on {{2}}")


def test_formatting_by_key_is_taken_back_by_ctrl_z(windows: BrowserSessions):
    with windows.open("mikko") as page:
        template_pages.write(page, name="Keys", body="Hei kaikki", button="Tulen")
        message = page.get_by_role("textbox", name="Message")
        message.press("Control+a")
        message.press("Control+b")
        expect(message).to_have_value("*Hei kaikki*")
        expect(page.locator("#preview strong")).to_have_text("Hei kaikki")

        message.press("Control+z")
        expect(message).to_have_value("Hei kaikki")


def test_what_is_written_is_there_again_without_a_press(windows: BrowserSessions):
    with windows.open("mikko") as page:
        template_pages.write(page, name="Kept by itself", body="Hei kaikki, tervetuloa", button="Tulen")
        expect(page.locator("#saved")).to_contain_text("Saved")
        expect(page).to_have_url(re.compile(r"/templates/\d+/draft/$"))
        page.get_by_role("textbox", name="Message").fill("Hei kaikki, tervetuloa tänään")
        expect(page.locator("#preview")).to_contain_text("tänään")

        page.reload()

        expect(page.get_by_role("textbox", name="Message")).to_have_value("Hei kaikki, tervetuloa tänään")


def test_findings_are_on_the_screen_where_one_writes(windows: BrowserSessions):
    with windows.open("mikko", viewport={"width": 1366, "height": 768}) as page:
        template_pages.write(page, name="Seen", body="{{1}} hei", button="Tulen")
        page.get_by_role("textbox", name="Message").focus()
        expect(page.get_by_text("Begin with words")).to_be_in_viewport()
    with windows.open("mikko", viewport=PHONE) as page:
        template_pages.write(page, name="Seen, too", body="{{1}} hei", button="Tulen")
        page.get_by_role("textbox", name="Message").focus()
        page.locator(".lint-bar a").first.click(trial=True)
        expect(page.locator("#lint-bar-words")).to_contain_text("left before you can submit")
