"""Somebody in a hurry: who presses twice, goes on before an answer is there, or pastes a book."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.browser_sessions import BrowserSessions
from tests.browser.inbox_pages import make_thread, open_first
from tests.browser.test_inbox_at_once import LABELS, LAST_WORD, reply_box
from tests.browser.test_inbox_team import messages
from tests.browser.test_shared_inbox import WRITE, row
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

DONE = """
from messaging.inbox.models import Thread
answer = Thread.objects.closed().count()
"""


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko", reduced_motion="reduce") as page:
        yield page


def two_threads(page: Page, stack: Stack) -> tuple[str, str]:
    """The first one open; both have said something."""
    page.goto("/inbox/")
    keys = [each.get_attribute("data-thread") or "" for each in page.locator(".thread").all()[:2]]
    for key in keys:
        stack.ask(WRITE.format(thread=key, text=f"Tästä alkaa {key}."))
    page.goto(f"/inbox/{keys[0]}/")
    expect(messages(page)).to_contain_text(f"Tästä alkaa {keys[0]}.")
    return keys[0], keys[1]


def test_what_is_asked_for_of_one_conversation_is_not_shown_in_the_next(mikko: Page, stack: Stack):
    first, second = two_threads(mikko, stack)
    held: list[Route] = []
    mikko.route(re.compile(rf"/inbox/{first}/\?"), lambda route: held.append(route))
    stack.ask(WRITE.format(thread=first, text="Vielä yksi."))
    expect(messages(mikko)).to_contain_text("Vielä yksi.")
    mikko.wait_for_timeout(300)
    assert held

    row(mikko, second).locator("a").click()
    expect(messages(mikko)).to_contain_text(f"Tästä alkaa {second}.")
    for each in held:
        each.continue_()
    mikko.wait_for_timeout(800)

    expect(messages(mikko)).not_to_contain_text("Vielä yksi.")
    expect(messages(mikko)).to_contain_text(f"Tästä alkaa {second}.")


def test_an_answer_that_is_on_its_way_while_one_goes_on_is_sent_and_stays_where_it_belongs(
    mikko: Page, stack: Stack
):
    first, second = two_threads(mikko, stack)
    text = f"Matkalla {first}"
    held: list[Route] = []
    mikko.route("**/replies/*", lambda route: held.append(route))
    reply_box(mikko).fill(text)
    mikko.keyboard.press("Control+Enter")
    mikko.wait_for_timeout(200)

    row(mikko, second).locator("a").click()
    expect(messages(mikko)).to_contain_text(f"Tästä alkaa {second}.")
    reply_box(mikko).fill("Tässä toinen")
    held[0].continue_()
    mikko.wait_for_timeout(1000)

    expect(messages(mikko)).not_to_contain_text(text)
    expect(messages(mikko)).to_contain_text(f"Tästä alkaa {second}.")
    expect(reply_box(mikko)).to_have_value("Tässä toinen")
    assert stack.ask(LAST_WORD.format(text=text)) == 1


@pytest.mark.parametrize("how", ["double click", "held e", "held enter"])
def test_who_presses_done_for_too_long_or_twice_is_done_with_one(mikko: Page, stack: Stack, how: str):
    for number in range(3):
        make_thread(stack, f"+35840777{len(how)}{number:03}", 1)
    first = open_first(mikko)
    before = stack.ask(DONE)
    x, y = place_of(mikko, "#work-done")
    if how == "double click":
        mikko.mouse.click(x, y)
    elif how == "held e":
        mikko.keyboard.down("e")
    else:
        mikko.locator("#work-done").focus()
        mikko.keyboard.down("Enter")
    expect(mikko.locator("#open")).not_to_have_attribute("data-thread", first)

    if how == "double click":
        press_again(mikko)
    for _ in range(3):
        if how == "held e":
            mikko.keyboard.down("e")
        elif how == "held enter":
            mikko.keyboard.down("Enter")
    mikko.wait_for_timeout(800)

    assert stack.ask(DONE) == before + 1


def test_who_takes_a_label_off_by_a_double_click_takes_off_one(mikko: Page, stack: Stack):
    thread, _ = two_threads(mikko, stack)
    stack.ask(LABELS.format(thread=thread, names=["Aamu 1", "Aamu 2"]))
    expect(mikko.locator(".tag__off")).to_have_count(2)

    mikko.mouse.click(*place_of(mikko, ".tag__off"))
    expect(mikko.locator(".tag__off")).to_have_count(1)
    press_again(mikko)
    mikko.wait_for_timeout(500)

    expect(mikko.locator(".tag__off")).to_have_count(1)
    stack.ask(LABELS.format(thread=thread, names=[]))


def place_of(page: Page, selector: str) -> tuple[float, float]:
    place = page.locator(selector).first.bounding_box()
    assert place
    return place["x"] + 5, place["y"] + 5


def press_again(page: Page) -> None:
    """The second half of a double click, after what the first half did."""
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


def test_a_book_that_is_pasted_is_refused_with_words_and_stays_in_the_box(mikko: Page, stack: Stack):
    two_threads(mikko, stack)
    book = "Olipa kerran. " * 1430

    reply_box(mikko).fill(book)
    mikko.get_by_role("button", name="Send reply").click()

    expect(mikko.locator("#composer")).to_contain_text("SmartDialog takes 1,000 characters")
    expect(reply_box(mikko)).to_have_value(book)


def test_who_reloads_while_an_answer_is_on_its_way_sends_it_once(mikko: Page, stack: Stack):
    first, _ = two_threads(mikko, stack)
    text = f"Ladattu uudelleen {first}"
    reply_box(mikko).fill(text)
    mikko.keyboard.press("Control+Enter")
    mikko.reload()
    if reply_box(mikko).input_value() == text:
        mikko.get_by_role("button", name="Send reply").click()

    expect(messages(mikko).get_by_text(text)).to_have_count(1)
    mikko.wait_for_timeout(300)
    assert stack.ask(LAST_WORD.format(text=text)) == 1
    expect(reply_box(mikko)).to_have_value("")
