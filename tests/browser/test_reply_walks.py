"""Answers as people meet them: after 24 hours, stopped, failed, from a snippet, in a very long thread."""

from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser import inbox_pages, page_list
from tests.browser.browser_sessions import BrowserSessions
from tests.browser.inbox_pages import key_of
from tests.faults.stack import Stack, wait_until

pytestmark = pytest.mark.browser

LATE, SHOWN = "+358401239001", 100
OUR_WHATSAPP = "+358457000001"

IS_HERE = """
from messaging.inbox.models import Message
answer = Message.objects.filter(thread__address={phone!r}, content="Onko pöytää?").exists()
"""
TEMPLATE_THERE = """
from django.utils import timezone
from sandbox.models import Customer, Template
customer = Customer.objects.get(whatsapp_number={identity!r})
made, _ = Template.objects.get_or_create(
    name="late_reply", customer=customer, identity={identity!r}, display_name="Myöhäinen vastaus",
    raw_content="Hei {{{{1}}}}, vastaamme nyt.", category="utility", language="fi",
    defaults={{"review": "approved", "created_at": timezone.now()}},
)
answer = made.name
"""
TEMPLATE_HERE = """
from accounts.models import Customer
from messaging.whatsapp.models import Template, TemplateState
from tests.factories import make_contact, make_service
from gateway.models import ServiceKind
customer = Customer.objects.get(remote_id={customer!r})
template, _ = Template.objects.get_or_create(
    customer=customer, remote_id="late_reply", display_name="Myöhäinen vastaus",
    body="Hei {{{{1}}}}, vastaamme nyt.", variable_names={{"1": "etunimi"}}, state=TemplateState.LISTED,
)
make_contact(
    make_service(customer, kind=ServiceKind.GROUP, name="Myöhäiset"), phone={phone!r}, first_name="Helmi"
)
answer = template.pk
"""
# What the sample pages have made up, which the platform does not know.
MADE_UP = """
from django.utils import timezone
from gateway.models import Service
made_up = Service.objects.one_way().filter(remote_id__startswith="service-")
answer = made_up.update(gone_at={gone})
"""
SNIPPET = """
from accounts.models import Customer, User
from messaging.campaigns.wording import snippets
customer = Customer.objects.get(remote_id={customer!r})
snippets.keep(
    customer, name="aukiolo", text="Avaamme kello 9.", is_shared=True,
    by=User.objects.get(name__startswith="Mikko"),
)
answer = None
"""
FAILED = """
from uuid import uuid4
from django.utils import timezone
from accounts.models import User
from messaging.inbox.models import Message, Thread
from messaging.inbox.incoming.receiving import refresh_preview, tell
thread = Thread.objects.get(pk={thread})
message = Message.objects.create(
    thread=thread, direction="out", content="Ei mennyt perille", at=timezone.now(), state="failed",
    error_text="The phone network rejected it.", created_by=User.objects.get(name__startswith="Aino"),
)
refresh_preview(thread)
tell(thread)
answer = message.pk
"""


@pytest.fixture
def only_real_services(sample_pages, stack: Stack) -> Iterator[None]:
    stack.ask(MADE_UP.format(gone="timezone.now()"))
    yield
    stack.ask(MADE_UP.format(gone=None))


@pytest.fixture
def set_platform_clock(stack: Stack) -> Iterator[Callable[[int], object]]:
    """So many hours behind ours: what comes from it then came so long ago."""

    def behind(hours: int) -> object:
        return stack.sandbox.post("/_clock", {"offset": -hours * 3600})

    yield behind
    behind(0)


def test_after_24_hours_a_template_goes_out_filled_in_and_their_answer_opens_the_reply_box(
    windows: BrowserSessions, only_real_services, stack: Stack, set_platform_clock
):
    stack.ask_sandbox(TEMPLATE_THERE.format(identity=OUR_WHATSAPP))
    template = stack.ask(TEMPLATE_HERE.format(customer=page_list.KAHVILA, phone=LATE))
    with windows.open("mikko") as page:
        inbox_pages.open_inbox(page)
        set_platform_clock(25)
        written = {"type": "inbound", "from": LATE, "to": OUR_WHATSAPP, "text": "Onko pöytää?"}
        stack.sandbox.post("/_events", written).raise_for_status()
        set_platform_clock(0)
        wait_until(lambda: stack.ask(IS_HERE.format(phone=LATE)), "what was written a day ago")
        page.goto(f"/inbox/?person={LATE.removeprefix('+')}")  # of many, a day ago is on a later page
        inbox_pages.open_thread(page, "Onko pöytää?")
        composer = page.locator("#composer")
        expect(composer).to_contain_text("takes free answers for 24 hours")
        expect(page.get_by_label("Reply", exact=True)).to_have_count(0)

        address = page.url
        composer.get_by_role("link", name="Send a template").click()
        page.get_by_label("Template", exact=True).select_option(str(template))
        page.get_by_role("button", name="Choose", exact=True).click()
        expect(page.get_by_label("etunimi")).to_have_value("Helmi")
        expect(page.locator("#preview")).to_contain_text("Hei Helmi, vastaamme nyt.")
        page.get_by_role("button", name="Send template").click()
        expect(page).to_have_url(address.partition("?")[0])
        ours = page.locator(".message--out", has_text="Hei Helmi, vastaamme nyt.")
        expect(ours).to_contain_text("Delivered")

        stack.sandbox.post("/_events", written | {"text": "Kiitos!"}).raise_for_status()
        expect(page.get_by_label("Reply", exact=True)).to_be_visible()
        expect(composer.locator("[data-until]")).to_contain_text("23 h")


def test_an_answer_for_later_is_stopped_and_its_question_waits_again(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        page.goto(inbox_pages.make_thread(stack, "+358401239002", 2))
        page.get_by_label("Reply", exact=True).fill("Huomenna sitten")
        page.locator("#composer summary", has_text="Later").click()
        later = page.evaluate("new Date(Date.now() + 864e5).toISOString().slice(0, 16)")
        page.get_by_label("Send at").fill(later)
        page.get_by_role("button", name="Send reply").click()
        ours = page.locator(".message--out", has_text="Huomenna sitten")
        expect(ours).to_contain_text("Goes out")

        ours.get_by_role("button", name="Don’t send it").click()

        expect(ours).to_contain_text("Cancelled, not sent")
        expect(page.locator(f"#thread-{key_of(page)}")).to_contain_text("Waiting")


def test_a_failed_answer_is_marked_in_the_list_until_it_is_dismissed(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        page.goto(inbox_pages.make_thread(stack, "+358401239003", 2))
        thread = key_of(page)
        stack.ask(FAILED.format(thread=thread))
        ours, row = (
            page.locator(".message--out", has_text="Ei mennyt perille"),
            page.locator(f"#thread-{thread}"),
        )
        expect(ours).to_contain_text("Not delivered. The phone network rejected it.")
        expect(row).to_contain_text("Not delivered")

        page.goto("/inbox/?show=failed")
        row.locator("a").click()
        ours.get_by_role("button", name="Dismiss").click()

        expect(ours.get_by_role("button", name="Dismiss")).to_have_count(0)
        expect(page).to_have_url(f"{stack.url}/inbox/{thread}/?show=failed")
        page.goto("/inbox/?show=failed")
        expect(row).to_have_count(0)


def test_a_snippet_is_put_in_by_its_name_and_tab(windows: BrowserSessions, sample_pages, stack: Stack):
    with windows.open("mikko") as page:
        address = inbox_pages.make_thread(stack, "+358401239004", 2)
        stack.ask(SNIPPET.format(customer=page_list.KAHVILA))
        page.goto(address)
        box = page.get_by_label("Reply", exact=True)

        box.press_sequentially("Hei! /aukiolo")
        page.keyboard.press("Tab")

        expect(box).to_have_value("Hei! Avaamme kello 9.")
        expect(box).to_be_focused()
        expect(page.locator("#reply-parts")).to_contain_text("21 characters, 1 SMS")


@pytest.mark.timeout(300)
def test_ten_thousand_messages_are_shown_without_a_hole_and_stay_live(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        address = inbox_pages.make_thread(stack, "+358401239005", 10_000)
        page.goto(address)
        shown = page.locator("#conversation article")
        expect(shown).to_have_count(SHOWN)
        for times in (2, 3):
            page.get_by_role("link", name="Show earlier messages").press("Enter")
            expect(shown).to_have_count(times * SHOWN)
        words = f"Pitkä keskustelu {uuid4().hex[:6]}"
        inbox_pages.reply(page, words)

        expect(page.locator(".message--out", has_text=words)).to_have_count(1)
        numbers = "all => all.map(each => Number(each.textContent.match(/viesti (\\d+)/)?.[1] ?? -1))"
        assert shown.evaluate_all(numbers) == [*range(3 * SHOWN - 1, -1, -1), -1]

        page.goto(f"{address}?day=2020-01-01")
        expect(page.get_by_text("Nothing was said until then.")).to_be_visible()
