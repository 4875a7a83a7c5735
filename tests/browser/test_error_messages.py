"""What goes wrong is said in one plain sentence, and nothing is lost by it."""

import re
import time

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser import import_pages, sign_in_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

AINO = "11111111-1111-4111-8111-111111111111"
NOT_TAKEN = "This file was not taken, and nothing was changed"
GROUP = "Uutiskirje"


def file(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("kuva.csv", b"\x89PNG\r\n\x1a\n" + bytes(200), "not a spreadsheet"),
        ("lasku.csv", b"%PDF-1.7\n" + bytes(200), "not a spreadsheet"),
        ("tyhjä.csv", b"", "This file is empty."),
        ("otsikko.csv", b"Puhelin;Etunimi\r\n", "a header row and no contacts below it"),
        ("nimet.csv", b"Etunimi;Sukunimi\r\nVenla;Nurmi\r\n", "looks like phone numbers"),
        ("vanha.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "This workbook is damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(windows: BrowserSessions, name, content, words):
    with windows.open("mikko") as page:
        import_pages.choose_file(page, GROUP, file(name, content))

        expect(page.get_by_role("alert")).to_contain_text(NOT_TAKEN)
        expect(page.get_by_role("main")).to_contain_text(words)


def test_a_cancelled_sign_in_changes_nothing(windows: BrowserSessions):
    with windows.open() as page:
        sign_in_pages.cancel_sign_in(page)

        expect(page.get_by_role("heading", name="You cancelled the sign-in")).to_be_visible()
        page.get_by_role("link", name="Back to sign-in").click()
        expect(page.get_by_role("button", name="Sign in with SmartDialog")).to_be_visible()


def test_a_state_that_does_not_match_signs_nobody_in(windows: BrowserSessions):
    with windows.open() as page:
        answer = page.goto("/oauth/callback/?code=one&state=of-another-browser")

        assert answer.status == 400
        expect(page.get_by_role("heading", name="This sign-in is too old")).to_be_visible()
        page.goto("/")
        expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_an_expired_grant_asks_to_reconnect_and_loses_nothing(windows: BrowserSessions, stack: Stack):
    with windows.open() as page:
        sign_in_pages.sign_in(page, "aino")  # a session of its own, since this test begins another
        import_pages.open_group(page, GROUP)
        stack.sandbox.grants(AINO, "revoke")
        add_contact(page, "+358401230901", "Ennen")
        open_meter_when(page, "Reconnect")
        expect(page.locator("#meter-panel")).to_contain_text(re.compile("calls? (is|are) kept"))

        page.get_by_role("button", name="Sign in with SmartDialog again").click()
        page.get_by_test_id("person-aino").click()

        wait_until(lambda: "+358401230901" in phones(stack), "what was kept to arrive")


def test_a_platform_that_is_down_is_said_so_and_retried(windows: BrowserSessions, stack: Stack):
    with windows.open("mikko") as page:
        import_pages.open_group(page, GROUP)
        stack.platform.ask_to_stop()
        stack.platform.wait(time.monotonic() + 5)
        add_contact(page, "+358401230902", "Silti")
        expect_words_in_meter(page, "SmartDialog did not answer")
        stack.platform.start()

        wait_until(lambda: "+358401230902" in phones(stack), "what was kept to arrive")


def add_contact(page: Page, phone: str, first_name: str) -> None:
    page.get_by_role("link", name="Add a contact").click()
    page.get_by_label("Phone number").fill(phone)
    page.get_by_label("First name").fill(first_name)
    page.get_by_role("button", name="Add the contact").click()
    expect(page.get_by_text("on the way to SmartDialog")).to_be_visible()


def open_meter_when(page: Page, words: str) -> None:
    meter = page.locator("#meter")
    expect(meter).to_contain_text(words)
    meter.click()


def expect_words_in_meter(page: Page, words: str) -> None:
    page.locator("#meter").click()
    expect(page.locator("#meter-panel")).to_contain_text(words)


def phones(stack: Stack) -> list[str]:
    try:
        groups = stack.sandbox.state(only="contacts")["contacts"]
    except OSError:  # it is only now starting
        return []
    return [one["phone"] for each in groups if each["group_name"] == GROUP for one in each["contacts"]]
