"""Told of messages while one looks elsewhere: in each title, and once by sound and on the desktop."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_sessions import BrowserSessions
from tests.browser.test_shared_inbox import MENTION, WRITE
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

PAGE = "/inbox/notifications/"
# What a browser would do to the person, counted over all its tabs; and nobody looks at any of them.
COUNTED = """
const count = (name) => localStorage.setItem(name, Number(localStorage.getItem(name) ?? 0) + 1)
const Audio = window.AudioContext
window.AudioContext = class extends Audio { constructor() { super(); count("sounds") } }
window.Notification = class extends EventTarget {
  static get permission() { return localStorage.getItem("permission") ?? "default" }
  static async requestPermission() { count("asked"); localStorage.setItem("permission", "granted") }
  constructor(title, { body }) { super(); count("shown"); localStorage.setItem("words", `${title}: ${body}`) }
}
Document.prototype.hasFocus = () => false
"""


def counted(page: Page, name: str) -> int:
    return page.evaluate("(name) => Number(localStorage.getItem(name) ?? 0)", name)


def choose(page: Page, *, on: bool) -> None:
    page.goto(PAGE)
    page.get_by_label("Play a sound").set_checked(on)
    page.get_by_label("Show a desktop notification").set_checked(on)
    page.get_by_role("button", name="Save notifications").click()
    expect(page.locator("#toasts")).to_contain_text("saved")


# Whoever else ran before: what is a colleague's is not told.
NOBODYS = """
from messaging.inbox.models import Thread
Thread.objects.update(assignee=None, team=None)
answer = None
"""


RUSH = """__import__("gateway.live_updates.live").live_updates.live.announce(thread.customer, "inbox")"""


@pytest.fixture
def elsewhere(windows: BrowserSessions, sample_pages, stack: Stack):
    """Aino's browser; she has chosen to be told."""
    stack.ask(NOBODYS)
    with windows.open("aino", is_kept=False) as page:
        page.context.add_init_script(COUNTED)
        choose(page, on=True)
        yield page
        choose(page, on=False)


def test_the_browser_is_asked_only_at_a_press(elsewhere: Page):
    elsewhere.goto(PAGE)
    assert counted(elsewhere, "asked") == 0

    elsewhere.get_by_role("button", name="Allow in this browser").press("Enter")

    expect(elsewhere.get_by_text("This browser allows them.")).to_be_visible()
    assert counted(elsewhere, "asked") == 1
    assert elsewhere.evaluate("document.activeElement !== document.body")


def test_a_message_is_told_once_whatever_tabs_are_open(elsewhere: Page, stack: Stack):
    elsewhere.evaluate("localStorage.setItem('permission', 'granted')")
    other = elsewhere.context.new_page()
    inbox = elsewhere.context.new_page()
    for page, path in [(elsewhere, "/contacts/"), (other, "/campaigns/"), (inbox, "/inbox/?show=all")]:
        page.goto(path)
        page.locator("h1").click()
    thread = inbox.locator("[data-thread]").first.get_attribute("data-thread")
    inbox.wait_for_timeout(1500)  # all tabs listen

    stack.ask(WRITE.format(thread=thread, text="Kuuleeko kukaan?"))

    expect(inbox.locator(f"#thread-{thread}")).to_contain_text("Kuuleeko kukaan?")
    wait_until(lambda: counted(elsewhere, "shown") == 1, "the notification")
    elsewhere.wait_for_timeout(1000)
    assert (counted(elsewhere, "sounds"), counted(elsewhere, "shown")) == (1, 1)
    words = elsewhere.evaluate("localStorage.getItem('words')")
    assert words.startswith("New message: ")
    assert "Kuuleeko" not in words
    for page in (elsewhere, other, inbox):
        assert page.title().startswith("(")


def test_the_next_tab_goes_on_listening_when_one_is_closed(elsewhere: Page, stack: Stack):
    listening = elsewhere.context.new_page()
    elsewhere.goto("/inbox/?show=all")
    thread = elsewhere.locator("[data-thread]").first.get_attribute("data-thread")
    elsewhere.goto("/contacts/")
    listening.goto("/campaigns/")
    elsewhere.locator("h1").click()
    listening.close()
    elsewhere.wait_for_timeout(1500)

    stack.ask(WRITE.format(thread=thread, text="Vieläkö?"))

    wait_until(lambda: counted(elsewhere, "sounds") == 1, "the sound")


def test_what_came_in_a_rush_and_a_mention_are_told_too(elsewhere: Page, stack: Stack):
    """More changes at once than are carried row by row; and a note in a thread that waits for nobody."""
    elsewhere.evaluate("localStorage.setItem('permission', 'granted')")
    elsewhere.goto("/inbox/?show=all")
    thread = elsewhere.locator("[data-thread]").first.get_attribute("data-thread")
    elsewhere.goto("/contacts/")
    elsewhere.locator("h1").click()
    elsewhere.wait_for_timeout(2500)

    stack.ask(WRITE.format(thread=thread, text="Ruuhkassa").replace("tell(thread)", RUSH))
    wait_until(lambda: counted(elsewhere, "sounds") == 1, "the sound of the rush")
    stack.ask(MENTION.format(thread=thread))

    wait_until(lambda: counted(elsewhere, "sounds") == 2, "the sound of the mention")
    assert elsewhere.evaluate("localStorage.getItem('words')").startswith("You were mentioned: ")


def test_who_wished_for_nothing_hears_nothing_and_sees_the_number(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko", is_kept=False) as page:
        page.context.add_init_script(COUNTED)
        page.goto("/inbox/?show=all")
        thread = page.locator("[data-thread]").first.get_attribute("data-thread")
        page.goto("/contacts/")
        page.locator("h1").click()
        page.wait_for_timeout(1500)
        stack.ask("""
from messaging.inbox.models import Thread
Thread.objects.update(unanswered_since=None)
answer = None
""")
        stack.ask(WRITE.format(thread=thread, text="Hiljaa"))

        expect(page).to_have_title(re.compile(r"^\(1\) "))
        expect(page.locator("#unanswered")).to_contain_text("1")
        assert (counted(page, "sounds"), counted(page, "shown")) == (0, 0)


def test_it_is_chosen_without_javascript_too(windows: BrowserSessions, sample_pages):
    with windows.open("mikko", java_script_enabled=False) as page:
        choose(page, on=True)
        assert page.get_by_label("Play a sound").is_checked()
        expect(page.get_by_role("button", name="Play the sound")).to_be_hidden()
        choose(page, on=False)
