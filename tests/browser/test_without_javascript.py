"""The work itself needs no JavaScript: only live updates do."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import campaign_pages, import_pages, inbox_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

ANNELI = "+358401239001"
OUR_NUMBER = "+358451234567"
FILE = {
    "name": "naapurit.csv",
    "mimeType": "text/csv",
    "buffer": f"Puhelin;Etunimi\r\n{ANNELI};Anneli\r\n+358401239002;Toivo\r\n".encode(),
}


@pytest.fixture
def page(windows: BrowserSessions) -> Page:
    with windows.open("mikko", java_script_enabled=False) as opened:
        yield opened


def test_a_file_is_imported_a_campaign_sent_and_an_answer_answered(page: Page, stack: Stack):
    imports_the_neighbours(page)
    sends_them_a_campaign(page, stack)
    answers_one_of_them(page, stack)


def imports_the_neighbours(page: Page) -> None:
    import_pages.choose_file(page, "Uutiskirje", FILE)
    import_pages.check_rows(page)
    import_pages.save(page)
    import_pages.wait_until_done(page)


def sends_them_a_campaign(page: Page, stack: Stack) -> None:
    page.goto("/campaigns/new/")
    page.get_by_label("From", exact=True).fill(OUR_NUMBER)
    page.get_by_role("textbox", name="Message").fill("Kahvit lauantaina, ")
    page.get_by_role("group", name="Insert").get_by_role("button", name="First name").click()
    campaign_pages.choose_audience(page, "Uutiskirje")
    page.get_by_label("Name of the campaign").fill("Kahvit")
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("button", name=re.compile(r"Send \d+ messages")).click()
    expect(page.get_by_role("heading", level=1, name="Kahvit")).to_be_visible()
    wait_until(lambda: "Kahvit lauantaina, Anneli" in texts_to(stack, ANNELI), "the message to arrive")


def answers_one_of_them(page: Page, stack: Stack) -> None:
    inbox_pages.open_inbox(page)
    stack.sandbox.post(
        "/_events", {"type": "inbound", "from": ANNELI, "to": OUR_NUMBER, "text": "Tulemme molemmat"}
    )
    wait_until(lambda: is_listed(page, "Tulemme molemmat"), "the answer to be in the inbox")
    inbox_pages.open_thread(page, "Tulemme molemmat")
    inbox_pages.reply(page, "Hienoa, nähdään")
    wait_until(lambda: "Hienoa, nähdään" in texts_to(stack, ANNELI), "the reply to arrive")


def is_listed(page: Page, words: str) -> bool:
    page.goto("/inbox/")
    return inbox_pages.thread(page, words).count() > 0


def texts_to(stack: Stack, phone: str) -> list[str]:
    messages = stack.sandbox.state(only="messages")["messages"]
    recipients = [each for message in messages for each in message["recipients"]]
    return [each["text"] for each in recipients if each["address"] == phone]
