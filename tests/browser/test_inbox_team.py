"""A team at two screens: what they give each other, and what no cut line and no kill takes from them."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import accessibility, inbox_pages, page_list
from tests.browser.browser_sessions import PHONE, BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.browser.test_shared_inbox import MENTION, WRITE, row
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

# Written, and their sign-in ends before it leaves.
ANSWER_AND_LEAVE = """
from uuid import uuid4
from django.db import transaction
from accounts.models import User
from gateway.models import Connection
from messaging.inbox.replies import replying
from messaging.inbox.models import Thread
mikko = User.objects.get(name__startswith="Mikko")
with transaction.atomic():
    replying.reply(Thread.objects.get(pk={thread}), {text!r}, key=uuid4(), by=mikko)
    Connection.objects.filter(user=mikko).update(state="reconnect")
answer = None
"""

COME_BACK = """
from gateway.models import Connection
Connection.objects.filter(user__name__startswith="Mikko").update(state="active")
answer = None
"""

HAS_LEFT = """
from messaging.inbox.models import Message
answer = not Message.objects.filter(content={text!r}, state="waiting").exists()
"""

NOBODYS = """
from messaging.inbox.models import Thread
Thread.objects.update(assignee=None, team=None)
answer = None
"""

# So many more that wait, each longer than the one before, than a page has.
CROWD = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import Customer
from gateway.models import Service
from messaging.inbox.models import Thread
customer = Customer.objects.get(remote_id={customer!r})
service = Service.objects.two_way().filter(customer=customer).first()
now = timezone.now()
Thread.objects.bulk_create(
    Thread(
        customer=customer, service=service, address=f"+35850{{number:07}}", last_message_at=now,
        unanswered_since=now - timedelta(hours=1, minutes=number), last_text="Odotan",
    )
    for number in range(60)
)
answer = None
"""

DISPERSE = """
from messaging.inbox.models import Thread
Thread.objects.filter(last_text="Odotan").delete()
answer = None
"""


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko") as page:
        yield page


@pytest.fixture
def aino(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("aino", reduced_motion="reduce") as page:
        yield page


def messages(page: Page):
    return page.get_by_role("region", name="Messages")


def write_and_send(page: Page, text: str) -> None:
    page.get_by_label("Reply", exact=True).fill(text)
    page.get_by_role("button", name="Send reply").click()


def chip(page: Page, label: str):
    return page.locator("#filter-chips .chip", has_text=label)


def test_a_team_is_made_given_a_thread_by_keyboard_and_has_it_under_mine(
    aino: Page, mikko: Page, stack: Stack
):
    stack.ask(NOBODYS)
    thread = open_first(aino)
    stack.ask(WRITE.format(thread=thread, text="Yksi pizza, kiitos"))
    aino.goto("/inbox/teams/")
    aino.get_by_role("link", name="New team").click()
    aino.get_by_label("Name").fill("Kitchen")
    aino.get_by_role("checkbox", name=re.compile("Mikko")).check()
    aino.get_by_role("button", name="Save").press("Enter")
    expect(aino.get_by_text("Kitchen is saved.")).to_be_visible()
    assert accessibility.axe_violations(aino) == []
    mikko.goto("/inbox/?who=me")
    expect(row(mikko, thread)).to_have_count(0)

    aino.goto(f"/inbox/{thread}/")
    aino.locator("#work-done").focus()
    aino.keyboard.press("a")
    expect(aino.locator("#work .menu[open] :focus")).to_have_text("Me")
    aino.get_by_role("button", name="Kitchen").press("Enter")

    expect(aino.locator("#work-assign")).to_contain_text("Kitchen")
    expect(row(mikko, thread)).to_contain_text("Kitchen")
    expect(mikko.locator("#heard")).to_contain_text("is in this list now")
    expect(chip(mikko, "Mine").locator(".chip__count")).to_have_text("1")


def test_who_is_answered_meanwhile_is_asked_about_and_sent_again(aino: Page, mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Vieläkö mahtuu?"))
    for page in (mikko, aino):
        page.goto(f"/inbox/{thread}/")
    aino.get_by_label("Reply", exact=True).fill("Mahtuu, tervetuloa!")

    write_and_send(mikko, "Kyllä mahtuu.")
    expect(messages(aino)).to_contain_text("Kyllä mahtuu.")
    aino.get_by_role("button", name="Send reply").click()

    expect(aino.locator("#composer")).to_contain_text("answered meanwhile: “Kyllä mahtuu.”")
    expect(messages(mikko)).not_to_contain_text("Mahtuu, tervetuloa!")
    expect(aino.get_by_label("Reply", exact=True)).to_have_value("Mahtuu, tervetuloa!")
    aino.get_by_role("button", name="Send reply").click()
    expect(messages(mikko)).to_contain_text("Mahtuu, tervetuloa!")


def test_what_waits_for_a_colleagues_sign_in_is_taken_over(aino: Page, mikko: Page, stack: Stack):
    thread = open_first(mikko)
    message = f"Odottaa {thread}"
    stack.ask(WRITE.format(thread=thread, text="Kuka vastaa?"))
    aino.goto(f"/inbox/{thread}/")
    try:
        stack.ask(ANSWER_AND_LEAVE.format(thread=thread, text=message))
        waiting = messages(aino).locator(".message", has_text=message)
        expect(waiting).to_contain_text("Kept until Mikko")
        waiting.get_by_role("button", name="Send it with my sign-in").press("Enter")

        wait_until(lambda: stack.ask(HAS_LEFT.format(text=message)), "the answer to leave")
        expect(messages(mikko).locator(".message", has_text=message)).not_to_contain_text("Kept until")
    finally:
        stack.ask(COME_BACK)


def test_a_note_is_seen_and_marks_whom_it_names_at_once(aino: Page, mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask("from messaging.inbox.models import Mention\nanswer = Mention.objects.all().delete()[0]")
    aino.goto("/inbox/?show=all")
    expect(row(aino, thread).locator(".thread__named")).to_be_hidden()

    stack.ask(MENTION.format(thread=thread))
    expect(mikko.locator(".notes__note", has_text="katso")).to_be_visible()
    expect(row(aino, thread).locator(".thread__named")).to_be_visible()
    expect(chip(aino, "Mentions").locator(".chip__count")).to_have_text("1")
    row(aino, thread).locator("a").click()

    expect(aino.locator(".notes__note", has_text="katso")).to_be_visible()
    expect(row(aino, thread).locator(".thread__named")).to_be_hidden()
    expect(chip(aino, "Mentions").locator(".chip__count")).to_be_hidden()


def test_list_and_thread_catch_up_after_the_line_was_cut(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    lost = mikko.locator("[data-live-lost]")
    expect(lost).to_be_hidden()

    mikko.context.set_offline(True)
    expect(lost).to_be_visible()
    stack.ask(WRITE.format(thread=thread, text="Linjan ollessa poikki"))
    mikko.context.set_offline(False)

    expect(row(mikko, thread)).to_contain_text("Linjan ollessa poikki")
    expect(messages(mikko).get_by_text("Linjan ollessa poikki")).to_have_count(1)
    expect(lost).to_be_hidden()


def test_an_open_inbox_outlives_the_web_process_and_the_worker(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Ennen kaatumista"))
    mikko.goto(f"/inbox/{thread}/")
    expect(messages(mikko)).to_contain_text("Ennen kaatumista")
    mikko.get_by_label("Reply", exact=True).fill("Jäi kesken")

    stack.web.kill()
    stack.worker.kill()
    expect(mikko.locator("[data-live-lost]")).to_be_visible()
    stack.ask(WRITE.format(thread=thread, text="Kaatuneena"))
    stack.web.start()
    stack.worker.start()
    wait_until(stack.is_up, "the dashboard to answer")

    expect(row(mikko, thread)).to_contain_text("Kaatuneena")
    expect(messages(mikko).get_by_text("Kaatuneena")).to_have_count(1)
    expect(mikko.get_by_label("Reply", exact=True)).to_have_value("Jäi kesken")
    mikko.get_by_role("button", name="Send reply").click()
    wait_until(lambda: stack.ask(HAS_LEFT.format(text="Jäi kesken")), "the answer to leave")
    expect(messages(mikko).get_by_text("Jäi kesken")).to_have_count(1)


def test_who_waits_grows_older_on_the_page(windows: BrowserSessions, sample_pages, stack: Stack):
    with windows.open("mikko", is_kept=False) as mikko:
        thread = open_first(mikko)
        stack.ask(WRITE.format(thread=thread, text="Paljonko kello on?"))
        mikko.clock.install()
        mikko.goto("/inbox/?show=waiting")
        waits = row(mikko, thread).locator(".thread__waits")
        expect(waits).to_contain_text(re.compile("just now|1 min ago"))

        mikko.clock.fast_forward("10:00")

        expect(waits).to_contain_text(re.compile("1[01] min ago"))


def test_who_waits_less_long_than_a_page_shows_stands_on_a_later_one(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(CROWD.format(customer=page_list.KAHVILA))
    try:
        mikko.goto("/inbox/?show=waiting")
        expect(mikko.locator("#threads [data-thread]")).to_have_count(50)

        stack.ask(WRITE.format(thread=thread, text="Uusin odottaja"))

        expect(mikko.locator("#heard")).to_contain_text("New message from")
        expect(row(mikko, thread)).to_have_count(0)
        expect(mikko.locator("#threads [data-thread]")).to_have_count(50)
    finally:
        stack.ask(DISPERSE)


def test_the_keys_assign_snooze_and_mark_as_unread(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Näppäimillä"))
    mikko.goto("/inbox/")
    mikko.keyboard.press("j")
    mikko.keyboard.press("j")
    mikko.keyboard.press("k")
    expect(row(mikko, thread).locator("a")).to_be_focused()
    mikko.keyboard.press("o")
    expect(row(mikko, thread).locator(".thread__dot")).to_be_hidden()
    mikko.locator("#work-done").focus()
    mikko.keyboard.press("a")
    mikko.keyboard.press("Enter")
    expect(mikko.locator("#work-assign")).to_contain_text("Mikko")

    mikko.keyboard.press("u")
    expect(mikko.get_by_text("No conversation is open")).to_be_visible()
    expect(row(mikko, thread).locator(".thread__dot")).to_be_visible()

    row(mikko, thread).locator("a").click()
    mikko.locator("#work-done").focus()
    mikko.keyboard.press("s")
    expect(mikko.locator("#work .menu[open] :focus")).to_have_text("In three hours")
    mikko.keyboard.press("Enter")
    expect(row(mikko, thread)).to_have_count(0)


def test_on_a_phone_one_goes_from_the_list_to_a_reply_and_back(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko", viewport=PHONE, reduced_motion="reduce") as page:
        page.goto(inbox_pages.make_thread(stack, "+358401239201", 2))
        first = row(page, inbox_pages.key_of(page)).locator("a")
        page.goto("/inbox/")
        expect(first).to_be_visible()
        assert accessibility.axe_violations(page) == []
        first.click()
        expect(page.get_by_label("Reply", exact=True)).to_be_in_viewport()
        page.set_viewport_size(PHONE)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], "nothing is wider than the phone"
        page.get_by_role("link", name="All conversations").click()
        expect(page.locator(".thread a").first).to_be_visible()
