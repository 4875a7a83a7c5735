"""Two people in the inbox, each in a browser of their own: what one does is seen by the other."""

import os
import re
import signal
import time
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import page_list
from tests.browser.browser_sessions import BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

WRITE = """
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from messaging.inbox.models import Message, Thread
from messaging.inbox.incoming.receiving import refresh_preview, tell
from messaging.inbox.search.words import kept_words
thread = Thread.objects.get(pk={thread})
with transaction.atomic():
    message = Message.objects.create(
        thread=thread, direction="in", content={text!r}, at=timezone.now(), remote_id=str(uuid4()),
        search_text=kept_words(thread.customer_id, {text!r}),
    )
    Thread.objects.filter(pk=thread.pk).update(
        newest_received=message.pk, unanswered_since=timezone.now(), state="open"
    )
    refresh_preview(thread)
    tell(thread)
answer = message.pk
"""

# Three days old, so that it is said by the clock.
AGE = """
from datetime import timedelta
from django.utils import timezone
from accounts.models import User
from messaging.inbox.models import Thread
from messaging.inbox.incoming.receiving import tell
User.objects.filter(name__startswith="Mikko").update(time_zone={zone!r})
thread = Thread.objects.get(pk={thread})
at = timezone.now() - timedelta(days=3)
Thread.objects.filter(pk=thread.pk).update(last_message_at=at)
tell(thread)
answer = at.isoformat()
"""

# Of another customer of the same people: newer than any other.
OTHERS = """
from django.utils import timezone
from accounts.models import Customer, Membership, User
from gateway.models import Service, ServiceKind
from messaging.inbox.models import Thread
from messaging.inbox.incoming.receiving import tell
customer = Customer.objects.get_or_create(remote_id={customer!r})[0]
Membership.objects.get_or_create(user=User.objects.get(name__startswith="Mikko"), customer=customer)
service = Service.objects.get_or_create(customer=customer, remote_id="of-others", kind=ServiceKind.TWO_WAY)[0]
now = timezone.now()
thread = Thread.objects.create(
    customer=customer, service=service, address="+393331234567", last_message_at=now, unanswered_since=now,
)
tell(thread)
answer = thread.pk
"""

ERASE = """
from accounts.models import User
from contacts.erasure import erasing
from messaging.inbox.models import Thread
thread = Thread.objects.get(pk={thread})
erasing.erase([thread.customer], thread.address, by=User.objects.get(name__startswith="Aino"))
answer = thread.address
"""

MENTION = """
from accounts.models import User
from messaging.inbox.team import notes
from messaging.inbox.models import Thread
aino, mikko = (User.objects.get(name__startswith=name) for name in ("Aino", "Mikko"))
notes.write(Thread.objects.get(pk={thread}), f"@{{aino}} katso", by=mikko)
answer = None
"""

SAVE_TEAM = """
from accounts.models import Customer, User
from messaging.inbox.models import Team
from messaging.inbox.team import teams
aino = User.objects.get(name__startswith="Aino")
customer = Customer.objects.get(remote_id={customer!r})
named = dict(customer=customer, name="Aamuvuoro")
team = Team.objects.filter(**named).first() or Team(**named)
teams.save(team, [aino], by=aino)
answer = None
"""

WRITING = """
from accounts.models import User
from messaging.inbox.team import presence
from messaging.inbox.models import Thread
presence.is_writing(Thread.objects.get(pk={thread}), by=User.objects.get(name__startswith="Mikko"))
answer = None
"""


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko") as page:
        yield page


@pytest.fixture
def aino(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("aino") as page:
        yield page


def row(page: Page, thread: str):
    return page.locator(f"#thread-{thread}")


def test_what_one_does_is_seen_by_the_other_without_asking_for_the_list(
    mikko: Page, aino: Page, stack: Stack
):
    thread = open_first(mikko)
    stack.ask(WRITE.format(thread=thread, text="Kuka ehtii?"))
    mikko.reload()
    aino.goto(f"/inbox/{thread}/")
    asked = []
    aino.on("request", lambda request: asked.append(request.url) if "current=" in request.url else None)

    mikko.locator("#work-assign").click()
    mikko.get_by_role("button", name="Me", exact=True).click()
    expect(row(aino, thread)).to_contain_text("Mikko")
    expect(aino.locator("#work-assign")).to_contain_text("Mikko")
    mikko.get_by_label("Reply", exact=True).press_sequentially("Hei")
    expect(aino.locator("[data-writing]")).to_contain_text("is answering")

    assert asked == []


def test_a_list_that_is_opened_after_a_team_was_saved_is_not_asked_for_again(aino: Page, stack: Stack):
    thread = open_first(aino)
    stack.ask(SAVE_TEAM.format(customer=page_list.KAHVILA))
    asked = []
    aino.on("request", lambda request: asked.append(request.url) if "current=" in request.url else None)

    with aino.expect_response(re.compile("/live/")):
        aino.goto(f"/inbox/{thread}/")
    aino.wait_for_timeout(1000)

    assert asked == []


def test_a_row_that_comes_says_its_time_in_the_zone_of_who_looks(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(AGE.format(thread=thread, zone="Asia/Tokyo"))
    mikko.goto("/inbox/")

    at = datetime.fromisoformat(stack.ask(AGE.format(thread=thread, zone="Asia/Tokyo")))
    local = at.astimezone(ZoneInfo("Asia/Tokyo"))
    said = row(mikko, thread).locator(f'.thread__when time[datetime^="{at:%Y-%m-%dT%H:%M:%S}"]')
    expect(said).to_have_attribute("title", f"{local:%a} {local.day} {local:%b %Y %H:%M} Tokyo")
    stack.ask(AGE.format(thread=thread, zone="Europe/Helsinki"))


def test_a_message_comes_into_the_open_list_and_thread(mikko: Page, stack: Stack):
    thread = open_first(mikko)

    stack.ask(WRITE.format(thread=thread, text="Suoraan näkyviin"))

    expect(row(mikko, thread)).to_contain_text("Suoraan näkyviin")
    expect(mikko.get_by_role("region", name="Messages")).to_contain_text("Suoraan näkyviin")


def test_a_list_that_was_asked_for_before_a_thread_was_done_does_not_bring_it_back(
    mikko: Page, aino: Page, stack: Stack
):
    thread = open_first(aino)
    stack.ask(WRITE.format(thread=thread, text="Ennen ja jälkeen"))
    mikko.goto("/inbox/?show=waiting")
    expect(row(mikko, thread)).to_be_visible()
    held: list[Route] = []
    mikko.route(re.compile(r"/inbox/\?"), lambda route: held.append(route))
    mikko.evaluate("document.querySelector('[data-live]').dispatchEvent(new CustomEvent('live'))")
    mikko.wait_for_timeout(500)
    [asked] = held
    before = asked.fetch()

    aino.goto(f"/inbox/{thread}/")
    aino.locator("#work-done").click()
    expect(row(mikko, thread)).to_have_count(0)
    asked.fulfill(response=before)

    mikko.wait_for_timeout(500)
    expect(row(mikko, thread)).to_have_count(0)


def test_a_line_that_hangs_is_told_of_within_twenty_seconds_and_caught_up_with(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    lost = mikko.locator("[data-live-lost]")
    expect(lost).to_be_hidden()

    began = time.monotonic()
    os.kill(stack.web.pid or 0, signal.SIGSTOP)
    try:
        expect(lost).to_be_visible(timeout=20_000)
        assert time.monotonic() - began < 20
        stack.ask(WRITE.format(thread=thread, text="Katkon aikana"))
    finally:
        os.kill(stack.web.pid or 0, signal.SIGCONT)

    expect(lost).to_be_hidden()
    expect(row(mikko, thread)).to_contain_text("Katkon aikana")


def test_the_list_keeps_its_place_when_a_thread_is_opened(mikko: Page):
    mikko.goto("/inbox/")
    pane = mikko.locator(".inbox__pane--threads")
    pane.evaluate("pane => (pane.scrollTop = pane.scrollHeight)")
    before = pane.evaluate("pane => pane.scrollTop")
    last = mikko.locator(".thread a").last

    last.click()

    expect(last).to_have_attribute("aria-current", "true")
    expect(mikko.locator("#composer")).to_be_visible()
    assert abs(pane.evaluate("pane => pane.scrollTop") - before) < 80


def test_the_inbox_is_worked_through_by_keyboard(mikko: Page, stack: Stack):
    stack.ask(WRITE.format(thread=open_first(mikko), text="Näppäimistöltä"))
    mikko.goto("/inbox/")
    mikko.keyboard.press("j")
    mikko.keyboard.press("o")
    expect(mikko.locator("#composer")).to_be_visible()
    first = mikko.locator("#open").get_attribute("data-thread") or ""

    mikko.keyboard.press("n")
    expect(mikko.get_by_label("Note for the team")).to_be_focused()
    mikko.keyboard.type("Muista tarjous")
    mikko.keyboard.press("Control+Enter")
    expect(mikko.locator(".notes__note").filter(has_text="Muista tarjous")).to_be_visible()
    mikko.locator("#work-done").focus()
    mikko.keyboard.press("l")
    expect(mikko.locator("#work .menu[open] :focus")).to_have_count(1)
    mikko.keyboard.press("Escape")
    mikko.keyboard.press("r")
    expect(mikko.get_by_label("Reply", exact=True)).to_be_focused()
    mikko.locator("#work-done").focus()
    mikko.keyboard.press("e")

    expect(mikko.locator("#open")).not_to_have_attribute("data-thread", first)
    expect(row(mikko, first)).to_have_count(0)
    expect(mikko.locator(":focus")).to_have_count(1)


def test_focus_on_the_strip_itself_goes_to_the_first_control_of_the_next(mikko: Page):
    first = open_first(mikko)
    mikko.locator("#work").evaluate("strip => ((strip.tabIndex = -1), strip.focus())")

    mikko.keyboard.press("e")

    expect(mikko.locator("#open")).not_to_have_attribute("data-thread", first)
    expect(mikko.locator("#work-done")).to_be_focused()


def test_a_hit_is_marked_and_opens_where_it_stands(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    message = stack.ask(WRITE.format(thread=thread, text="Harvinainen kirahvi kahvilassa"))
    mikko.get_by_role("searchbox", name="Search messages, people, notes and labels").fill("kirah")
    mikko.keyboard.press("Enter")

    expect(mikko.locator("mark")).to_have_text("kirahvi")
    mikko.locator(".thread a").first.click()

    expect(mikko.locator(f"#message-{message}")).to_be_in_viewport()


def test_a_thread_of_another_customer_comes_neither_into_the_list_nor_into_the_number(
    mikko: Page, stack: Stack
):
    thread = open_first(mikko)
    waiting = mikko.locator("#unanswered").text_content()

    others = stack.ask(OTHERS.format(customer=page_list.TRATTORIA))
    at = datetime.fromisoformat(stack.ask(AGE.format(thread=thread, zone="Europe/Helsinki")))

    expect(row(mikko, thread).locator(f'time[datetime^="{at:%Y-%m-%dT%H:%M:%S}"]')).to_have_count(1)
    expect(row(mikko, others)).to_have_count(0)
    assert mikko.locator("#unanswered").text_content() == waiting


def test_a_message_that_comes_after_the_tick_keeps_its_thread_from_being_done(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    mikko.goto("/inbox/")
    row(mikko, thread).locator("[data-select-row]").check()

    stack.ask(WRITE.format(thread=thread, text="Ehdin vielä kysyä"))
    expect(row(mikko, thread)).to_contain_text("Ehdin vielä kysyä")
    mikko.locator("[data-selection]").get_by_role("button", name="Done").click()

    expect(mikko.locator(".toast, .notice").first).to_be_visible()
    expect(row(mikko, thread)).to_contain_text("Ehdin vielä kysyä")


def test_a_list_of_mentions_takes_a_new_one_and_keeps_it_while_a_colleague_writes(
    mikko: Page, aino: Page, stack: Stack
):
    thread = open_first(mikko)
    aino.goto("/inbox/?show=mentions")
    expect(row(aino, thread)).to_have_count(0)

    stack.ask(MENTION.format(thread=thread))
    expect(row(aino, thread)).to_be_visible()
    stack.ask(WRITING.format(thread=thread))
    stack.ask(WRITE.format(thread=thread, text="Vielä mainittu"))

    expect(row(aino, thread)).to_contain_text("Vielä mainittu")


def test_an_erased_person_leaves_the_pages_that_show_them(mikko: Page, stack: Stack):
    thread = open_first(mikko)

    stack.ask(ERASE.format(thread=thread))

    expect(row(mikko, thread)).to_have_count(0)
    expect(mikko.get_by_text("No conversation is open")).to_be_visible()
    expect(mikko).to_have_url(re.compile("/inbox/$"))
