"""Beside the text of a reply: a file, SmartDialog's discussion, and its deprecated register of opt-ins."""

import pytest
from playwright.sync_api import expect

from tests.browser import accessibility
from tests.browser.browser_sessions import DESKTOP, BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

SWITCH = """
from gateway.smartdialog import quirks
from gateway.models import WhatsappIdentity
from messaging.inbox.models import Thread
thread = Thread.objects.get(pk={thread})
Thread.objects.filter(pk=thread.pk).update(address="+358401119900", our_address="+358451234567")
WhatsappIdentity.objects.get_or_create(customer=thread.customer, address="+358457000001")
quirks.learn(thread.customer, keeps_opt_ins={on})
answer = None
"""


def test_a_discussion_is_linked_by_keyboard_and_the_reply_box_says_where_it_goes(
    windows: BrowserSessions, sample_pages
):
    with windows.open("mikko", reduced_motion="reduce") as page:
        open_first(page)
        page.locator("[id^=discussion-] summary").focus()
        page.keyboard.press("Enter")
        page.get_by_label("Id of the discussion").fill("discussion-7")
        page.keyboard.press("Enter")

        expect(page.locator("#composer")).to_contain_text("In SmartDialog’s discussion")
        page.locator("#composer summary", has_text="Attach").click()
        expect(page.locator("#composer")).to_contain_text("takes no file into a discussion")
        page.locator("[id^=discussion-] summary").click()
        assert accessibility.axe_violations(page) == []
        page.set_viewport_size(DESKTOP)
        page.get_by_role("button", name="Take the link off").click()
        expect(page.locator("#composer")).not_to_contain_text("In SmartDialog’s discussion")


def test_a_person_is_opted_in_at_the_deprecated_register_without_a_script(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        thread = open_first(page)
    stack.ask(SWITCH.format(thread=thread, on=True))
    with windows.open("mikko", java_script_enabled=False) as page:
        page.goto(f"/inbox/{thread}/?pane=person")
        page.get_by_role("button", name="Opt in", exact=True).click()

        expect(page.get_by_role("region", name="WhatsApp opt-in")).to_contain_text("opted in")
    stack.ask(SWITCH.format(thread=thread, on=False))
