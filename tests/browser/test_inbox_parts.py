"""Parts of the inbox that change while one reads or types: in their place, and nothing is lost or moves."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser import accessibility, inbox_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.browser.inbox_pages import open_first
from tests.browser.test_shared_inbox import WRITE, WRITING
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

# One of ours that has no call, so that nothing else becomes of it.
OUR_ANSWER = """
from django.utils import timezone
from accounts.models import User
from messaging.inbox.models import Message
answer = Message.objects.create(
    thread_id={thread}, direction="out", content={text!r}, state="waiting", at=timezone.now(),
    created_by=User.objects.get(name__startswith="Mikko"),
).pk
"""

BECOMES = """
from messaging.inbox.replies import replying
from messaging.inbox.models import Message
{verb}
answer = None
"""

AGAIN = """
from messaging.inbox.models import Thread
from messaging.inbox.incoming.receiving import tell
tell(Thread.objects.get(pk={thread}))
answer = None
"""

NOTES = """
from datetime import timedelta
from accounts.models import User
from gateway import clock
from messaging.inbox.models import Note
mikko = User.objects.get(name__startswith="Mikko")
Note.objects.filter(thread={thread}).delete()
Note.objects.bulk_create(
    Note(
        thread_id={thread}, author=mikko, text=f"Huomio {{number}}.",
        at=clock.now() - timedelta(minutes={count} - number),
    )
    for number in range({count})
)
answer = None
"""

# Not one that SmartDialog has said, or may say, is gone.
LISTED = """
from messaging.inbox.models import Thread
from messaging.whatsapp.models import Template
thread = Thread.objects.get(pk={thread})
answer = Template.objects.create(
    customer=thread.customer, display_name="Pöytä", body="Hei {{{{1}}}}", category="Utility", language="fi",
    state="listed", remote_id="listed-for-drafts",
).pk
"""

FILLED = """
from messaging.inbox.models import TemplateDraft
answer = "Anna" in [each for draft in TemplateDraft.objects.all() for each in draft.said.values()]
"""

WAITS_FOR_US = """
from django.utils import timezone
from messaging.inbox.models import Thread
answer = Thread.objects.filter(pk={thread}).update(
    unanswered_since={since}, state="open", snoozed_until=None
)
"""

PICTURE = """
from django.utils import timezone
from messaging.inbox.models import Message
file = {{"name": "kuva.png", "mimeType": "image/png", "resourceLocation": "https://kuvat.example/1.png"}}
answer = [
    Message.objects.create(
        thread_id={thread}, direction="in", content=text, attachments=files, at=timezone.now()
    ).pk
    for text, files in [("", [file]), ("Kuvan alla", [])]
]
"""

# One black pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f8"
    "ff1f0003030200efbfa7db0000000049454e44ae426082"
)


@pytest.fixture
def mikko(windows: BrowserSessions, sample_pages) -> Iterator[Page]:
    with windows.open("mikko", reduced_motion="reduce") as page:
        yield page


def requests_of(page: Page, part: str) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if part in request.url else None)
    return asked


def become(stack: Stack, message: int, state: str) -> None:
    verb = f'replying.mark_sent(Message.objects.select_related("thread__customer").get(pk={message}), "")'
    if state == "delivered":
        verb = f'Message.objects.filter(pk={message}).update(state="delivered")\n'
        verb += f'replying.tell_state(Message.objects.select_related("thread__customer").get(pk={message}))'
    stack.ask(BECOMES.format(verb=verb))


def test_what_became_of_an_answer_is_shown_where_it_stands_and_nothing_is_fetched(mikko: Page, stack: Stack):
    mikko.goto(inbox_pages.make_thread(stack, "+358401239202", 2))
    thread = inbox_pages.key_of(mikko)
    message = stack.ask(OUR_ANSWER.format(thread=thread, text="Pian perillä"))
    mikko.goto(f"/inbox/{thread}/")
    state = mikko.locator(f"#message-{message} [data-state]")
    expect(state).to_contain_text("On its way")
    mikko.get_by_label("Reply", exact=True).fill("Kirjoitan juuri")
    asked = requests_of(mikko, f"/inbox/{thread}/?")

    become(stack, message, "sent")
    expect(state).to_have_text(re.compile(r"^\s*Sent\s*$"))
    become(stack, message, "delivered")
    expect(state).to_have_text(re.compile(r"^\s*Delivered\s*$"))

    mikko.wait_for_timeout(500)
    assert asked == []


def test_a_row_that_is_said_again_as_it_is_stays_under_the_pointer(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    mikko.goto("/inbox/")
    row = mikko.locator(f"#thread-{thread}")
    row.evaluate("row => (row.isTheSame = true)")

    stack.ask(AGAIN.format(thread=thread))
    stack.ask(WRITING.format(thread=thread))
    mikko.wait_for_timeout(1000)
    assert row.evaluate("row => row.isTheSame === true")
    stack.ask(WRITE.format(thread=thread, text="Nyt toisin"))

    expect(row).to_contain_text("Nyt toisin")


def test_numbers_of_the_filters_come_by_themselves(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(WAITS_FOR_US.format(thread=thread, since="timezone.now()"))
    mikko.goto("/inbox/")
    number = mikko.locator("#filter-chips .chip", has_text="Waiting for us").locator(".chip__count")
    before = int(number.text_content() or 0)
    asked: list[str] = []
    mikko.on(
        "request",
        lambda each: asked.append(each.url) if each.headers.get("hx-target") == "filter-chips" else None,
    )

    stack.ask(WAITS_FOR_US.format(thread=thread, since=None))
    stack.ask(WRITING.format(thread=thread))
    expect(number).to_have_text(str(before - 1 or ""))
    stack.ask(WRITE.format(thread=thread, text="Vielä yksi"))
    expect(number).to_have_text(str(before))

    assert asked == []


def test_a_first_message_that_was_begun_is_there_again_in_another_browser(
    mikko: Page, windows: BrowserSessions
):
    mikko.goto("/inbox/new/")
    mikko.get_by_label("To", exact=True).fill("040 1230001")
    mikko.get_by_label("Message").fill("Pöytänne on")
    expect(mikko.get_by_text(re.compile(r"Saved \d\d:\d\d"))).to_be_visible()

    with windows.open("mikko", reduced_motion="reduce") as elsewhere:
        elsewhere.goto("/inbox/new/")
        elsewhere.get_by_role("link", name="To +358 40 1230001").click()
        expect(elsewhere.get_by_label("Message")).to_have_value("Pöytänne on")
        assert accessibility.axe_violations(elsewhere) == []
        elsewhere.get_by_role("button", name="Discard draft").click()
        expect(elsewhere.get_by_role("link", name="To +358 40 1230001")).to_have_count(0)


def test_what_fills_a_template_is_there_again_where_one_left_at_once(mikko: Page, stack: Stack):
    thread = inbox_pages.make_thread(stack, "+358401239203", 2)
    template, page = stack.ask(LISTED.format(thread=thread.split("/")[2])), f"{thread}template/"
    mikko.goto(page)
    mikko.get_by_label("Template", exact=True).select_option(str(template))
    mikko.get_by_role("button", name="Choose").click()
    mikko.get_by_label("{{1}}").fill("Anna")
    mikko.goto("/inbox/")
    wait_until(lambda: stack.ask(FILLED), "what was filled in to be kept")

    mikko.goto(page)

    expect(mikko.get_by_label("{{1}}")).to_have_value("Anna")
    expect(mikko.get_by_text("Saved just now")).to_be_visible()


def test_earlier_notes_are_read_by_keyboard_and_stay_while_a_colleague_works(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(NOTES.format(thread=thread, count=45))
    mikko.goto(f"/inbox/{thread}/")
    notes = mikko.get_by_role("region", name="Notes")
    expect(notes.locator(".notes__note")).to_have_count(20)
    expect(notes.get_by_text("Huomio 44.")).to_be_in_viewport()

    mikko.get_by_label("Note for the team").fill("Jäi kesken")
    for latest in ("Huomio 24.", "Huomio 4."):
        mikko.locator("#earlier-notes").press("Enter")
        expect(notes.get_by_text(latest)).to_be_visible()
    expect(mikko.get_by_label("Note for the team")).to_have_value("Jäi kesken")
    mikko.get_by_label("Note for the team").fill("")
    expect(mikko.locator(":focus")).to_have_count(1)
    stack.ask(WRITE.format(thread=thread, text="Sillä välin"))
    expect(mikko.get_by_role("region", name="Messages")).to_contain_text("Sillä välin")
    expect(notes.get_by_text("Huomio 4.")).to_be_visible()

    mikko.locator("#latest-notes").press("Enter")
    expect(notes.get_by_text("Huomio 44.")).to_be_visible()
    assert accessibility.axe_violations(mikko) == []


def test_what_a_press_brought_stays_though_what_was_asked_for_before_comes_after(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(NOTES.format(thread=thread, count=25))
    mikko.goto(f"/inbox/{thread}/")
    held: list[tuple[Route, APIResponse]] = []

    def hold_the_first_look(route: Route) -> None:
        if route.request.headers.get("hx-target") != "work" and not held:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    mikko.route(re.compile(rf"/inbox/{thread}/"), hold_the_first_look)
    with mikko.expect_request(re.compile(rf"/inbox/{thread}/")):
        stack.ask(WRITE.format(thread=thread, text="Ennen painallusta"))
    notes = mikko.get_by_role("region", name="Notes")
    mikko.locator("#earlier-notes").press("Enter")
    expect(notes.get_by_text("Huomio 4.")).to_be_visible()
    [(look, before)] = held
    look.fulfill(response=before)

    expect(mikko.get_by_role("region", name="Messages")).to_contain_text("Ennen painallusta")
    mikko.wait_for_timeout(500)
    expect(notes.get_by_text("Huomio 4.")).to_be_visible()


def test_notes_that_one_has_opened_or_closed_stay_so_while_a_colleague_works(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    stack.ask(NOTES.format(thread=thread, count=0))
    mikko.goto(f"/inbox/{thread}/")
    box, summary = mikko.get_by_label("Note for the team"), mikko.get_by_text("Notes for the team")

    summary.click()
    stack.ask(WRITE.format(thread=thread, text="Auki"))
    expect(mikko.get_by_role("region", name="Messages")).to_contain_text("Auki")
    mikko.wait_for_timeout(500)
    expect(box).to_be_visible()

    stack.ask(NOTES.format(thread=thread, count=1))
    summary.click()
    stack.ask(WRITE.format(thread=thread, text="Kiinni"))
    expect(mikko.get_by_role("region", name="Messages")).to_contain_text("Kiinni")
    mikko.wait_for_timeout(500)
    expect(box).to_be_hidden()


def test_nothing_moves_as_a_picture_comes(mikko: Page, stack: Stack):
    thread = open_first(mikko)
    picture, below = stack.ask(PICTURE.format(thread=thread))
    held: list[Route] = []
    mikko.route(re.compile("attachments/0/"), lambda route: held.append(route))
    mikko.goto(f"/inbox/{thread}/")
    mikko.locator(f"#picture-{picture}-0 summary").click()
    mikko.locator(f"#message-{picture}").scroll_into_view_if_needed()
    mikko.wait_for_timeout(500)
    place = mikko.locator(f"#message-{below}")
    before = place.bounding_box()

    held[0].fulfill(body=PNG, content_type="image/png")
    shown = "image => image.complete && image.naturalWidth === 1"
    expect(mikko.locator(f"#message-{picture} img")).to_be_visible()
    mikko.wait_for_function(f"({shown})(document.querySelector('#message-{picture} img'))")

    assert place.bounding_box() == before
