"""An open conversation as it changes: at once, by one answer, and once however often one presses."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.browser_sessions import PHONE, BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.browser.test_inbox_parts import BECOMES, NOTES, OUR_ANSWER, requests_of
from tests.browser.test_inbox_team import messages, write_and_send
from tests.browser.test_shared_inbox import WRITE, row
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

LAST_WORD = """
from messaging.inbox.models import Message
answer = Message.objects.filter(content={text!r}).count()
"""

LABELS = """
from messaging.inbox.models import Label, Thread
from messaging.inbox.team import teamwork
thread = Thread.objects.get(pk={thread})
for name in {names}:
    teamwork.add_label(Thread.objects.filter(pk=thread.pk), name, customer=thread.customer, by=None)
if not {names}:
    thread.labels.clear()
answer = None
"""

# By WhatsApp, from somebody who has opted out: both are said above the reply box.
MUCH_TO_SAY = """
from contacts.consent import opt_outs
from contacts.consent.opt_outs import Evidence
from contacts.models import ConsentSource
from messaging.inbox.models import Message, Thread
thread = Thread.objects.get(pk={thread})
Message.objects.filter(thread=thread).update(protocol="WHATSAPP")
evidence = Evidence(ConsentSource.STAFF, words="Said so on the phone")
if {is_much}:
    opt_outs.opt_out(thread.customer, thread.address, evidence)
else:
    opt_outs.allow(thread.customer, thread.address, evidence, of=ConsentSource.values)
    Message.objects.filter(thread=thread).update(protocol="SMS")
answer = None
"""

LEAST_SHOWN = 80  # pixels of the conversation

COVERED = """part => {
    const { x, y, width, height } = part.getBoundingClientRect()
    return !part.contains(document.elementFromPoint(x + width / 2, y + height / 2))
}"""


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko", reduced_motion="reduce") as page:
        yield page


@pytest.fixture
def aino(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("aino", reduced_motion="reduce") as page:
        yield page


def reply_box(page: Page):
    return page.get_by_label("Reply", exact=True)


def test_on_a_phone_the_reply_box_is_in_view_when_a_thread_is_opened_from_the_list(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko", viewport=PHONE, reduced_motion="reduce") as page:
        thread = open_first(page)
        stack.ask(WRITE.format(thread=thread, text="Puhelimella"))
        stack.ask(NOTES.format(thread=thread, count=25))
        stack.ask(LABELS.format(thread=thread, names=["Kiireinen", "Tarjouspyyntö", "Soitetaan", "Juhla"]))
        stack.ask(MUCH_TO_SAY.format(thread=thread, is_much=True))
        try:
            page.goto("/inbox/")
            row(page, thread).locator("a").click()
            assert_can_answer(page)
            page.goto(f"/inbox/{thread}/")
            assert_can_answer(page)
        finally:
            stack.ask(NOTES.format(thread=thread, count=0))
            stack.ask(LABELS.format(thread=thread, names=[]))
            stack.ask(MUCH_TO_SAY.format(thread=thread, is_much=False))


def assert_can_answer(page: Page) -> None:
    """Box and button are whole in view, and so is some of what the person said."""
    button = page.get_by_role("button", name="Send reply")
    expect(reply_box(page)).to_be_in_viewport(ratio=1)
    expect(button).to_be_in_viewport(ratio=1)
    assert not button.evaluate(COVERED)
    expect(messages(page).get_by_text("Puhelimella")).to_be_in_viewport()
    assert not messages(page).evaluate(COVERED)
    assert messages(page).evaluate("part => part.clientHeight") >= LEAST_SHOWN


@pytest.mark.parametrize("size", [PHONE, {"width": 1100, "height": 800}], ids=["phone", "tablet"])
def test_what_is_told_in_passing_covers_no_reply_box(
    windows: BrowserSessions, sample_pages, stack: Stack, size: dict[str, int]
):
    with windows.open("mikko", viewport=size, reduced_motion="reduce") as page:
        thread = open_first(page)
        stack.ask(WRITE.format(thread=thread, text="Ja vielä"))
        page.goto(f"/inbox/{thread}/")
        page.locator("#work-snooze").click()
        page.locator("#snooze-at").fill("2020-01-01T08:00")
        page.locator("#snooze-at").press("Enter")
        expect(page.locator(".toast")).to_contain_text("Choose when the conversation comes back")

        button = page.get_by_role("button", name="Send reply")
        expect(button).to_be_in_viewport(ratio=1)
        assert not button.evaluate(COVERED)


def test_a_failed_answer_is_shown_by_one_answer_of_the_server(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Kuuleeko kukaan?"))
    message = stack.ask(OUR_ANSWER.format(thread=thread, text="Ei mene perille"))
    mikko.goto(f"/inbox/{thread}/")
    reply_box(mikko).fill("Kirjoitan juuri")
    asked = requests_of(mikko, f"/inbox/{thread}/?")

    ours = f'Message.objects.select_related("thread__customer").get(pk={message})'
    stack.ask(BECOMES.format(verb=f'replying.mark_failed({ours}, "No.")'))

    expect(mikko.locator(f"#message-{message}")).to_contain_text("Not delivered. No.")
    expect(mikko.locator(f"#dismiss-{message}")).to_be_visible()
    mikko.wait_for_timeout(800)
    assert len(asked) == 1
    expect(reply_box(mikko)).to_have_value("Kirjoitan juuri")
    mikko.locator(f"#dismiss-{message}").click()


def test_a_message_is_shown_before_anything_is_asked_for_and_stays_one(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Tämä on täällä"))
    mikko.goto(f"/inbox/{thread}/")
    expect(messages(mikko)).to_contain_text("Tämä on täällä")
    held: list[Route] = []
    mikko.route(re.compile(rf"/inbox/{thread}/\?"), lambda route: held.append(route))

    stack.ask(WRITE.format(thread=thread, text="Heti <b>paikalla</b> <img src=x onerror=alert(1)>"))

    shown = messages(mikko).get_by_text("Heti <b>paikalla</b>")
    expect(shown).to_have_count(1)
    expect(shown).to_be_in_viewport()
    said_at = mikko.locator("#conversation article").last.locator("time")
    expect(said_at).to_have_text(re.compile(r"^\d\d:\d\d$"))
    for each in held:
        each.continue_()
    mikko.unroute(re.compile(rf"/inbox/{thread}/\?"))
    expect(row(mikko, thread).locator(".thread__dot")).to_be_hidden()
    expect(shown).to_have_count(1)


def test_a_message_outlives_a_look_that_began_before_it_came(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Vanhempi"))
    mikko.goto(f"/inbox/{thread}/")
    expect(messages(mikko)).to_contain_text("Vanhempi")
    held: list[Route] = []
    mikko.route(re.compile(rf"/inbox/{thread}/\?"), lambda route: held.append(route))
    mikko.evaluate("document.querySelector('[data-live]').dispatchEvent(new CustomEvent('thread-changed'))")
    mikko.wait_for_timeout(500)
    [asked] = held
    before = asked.fetch()

    stack.ask(WRITE.format(thread=thread, text="Uudempi"))
    expect(messages(mikko)).to_contain_text("Uudempi")
    asked.fulfill(response=before)

    mikko.wait_for_timeout(300)
    expect(messages(mikko).get_by_text("Uudempi")).to_have_count(1)
    mikko.unroute(re.compile(rf"/inbox/{thread}/\?"))


def test_what_a_colleague_answered_before_one_began_to_write_is_not_asked_about(
    mikko: Page, aino: Page, stack: Stack
):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Onko tilaa?"))
    for page in (mikko, aino):
        page.goto(f"/inbox/{thread}/")
    write_and_send(mikko, "On, tervetuloa.")
    expect(messages(aino)).to_contain_text("On, tervetuloa.")

    reply_box(aino).press_sequentially("Varasin jo pöydän.")
    aino.get_by_role("button", name="Send reply").click()

    expect(messages(aino)).to_contain_text("Varasin jo pöydän.")
    expect(aino.locator("#composer")).not_to_contain_text("answered meanwhile")


@pytest.mark.parametrize("how", ["click", "key"])
def test_an_answer_that_is_sent_in_a_hurry_is_one(mikko: Page, stack: Stack, how: str):
    thread = open_first(mikko)
    text = f"Kiireessä {how} {thread}"
    stack.ask(WRITE.format(thread=thread, text="Pian?"))
    mikko.goto(f"/inbox/{thread}/")
    reply_box(mikko).fill(text)
    if how == "click":
        mikko.get_by_role("button", name="Send reply").dblclick()
    else:
        for _ in range(4):
            mikko.keyboard.press("Control+Enter")

    expect(messages(mikko).get_by_text(text)).to_have_count(1)
    mikko.wait_for_timeout(500)
    assert stack.ask(LAST_WORD.format(text=text)) == 1
    expect(reply_box(mikko)).to_have_value("")


def test_what_one_types_on_while_an_answer_is_on_its_way_is_in_the_next_box(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Kerro lisää"))
    mikko.goto(f"/inbox/{thread}/")
    held: list[Route] = []
    mikko.route("**/replies/*", lambda route: held.append(route))
    reply_box(mikko).fill(f"Ensimmäinen {thread}.")
    mikko.keyboard.press("Control+Enter")
    mikko.keyboard.type(" Ja toinen")
    mikko.wait_for_timeout(300)
    assert len(held) == 1
    held[0].continue_()

    expect(messages(mikko).get_by_text(f"Ensimmäinen {thread}.", exact=True)).to_have_count(1)
    expect(reply_box(mikko)).to_have_value(" Ja toinen")
    expect(reply_box(mikko)).to_be_focused()
    mikko.unroute("**/replies/*")
    mikko.get_by_role("button", name="Send reply").click()
    expect(messages(mikko).get_by_text("Ja toinen")).to_have_count(1)
    expect(reply_box(mikko)).to_have_value("")


def test_what_one_types_is_kept_while_a_colleague_answers_assigns_and_finishes(
    mikko: Page, aino: Page, stack: Stack
):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Moneltako?"))
    for page in (mikko, aino):
        page.goto(f"/inbox/{thread}/")
    reply_box(aino).press_sequentially("Kello yhdek")

    write_and_send(mikko, "Yhdeksältä.")
    mikko.locator("#work-assign").click()
    mikko.get_by_role("button", name="Me", exact=True).click()
    expect(aino.locator("#work-assign")).to_contain_text("Mikko")
    mikko.locator("#work-done").click()
    expect(aino.locator("#work-reopen")).to_be_visible()

    expect(reply_box(aino)).to_have_value("Kello yhdek")
    expect(reply_box(aino)).to_be_focused()
    aino.keyboard.type("sän")
    expect(reply_box(aino)).to_have_value("Kello yhdeksän")
