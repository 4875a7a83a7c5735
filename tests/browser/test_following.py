"""An open conversation follows what happens, and leaves what somebody types in it where it is."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser import inbox_pages
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

# From the person of a thread, there or to another service of the same customer.
SAYS = """
from uuid import uuid4
from django.db import transaction
from django.utils import timezone
from gateway.models import Service, ServiceKind
from messaging.inbox.models import Message, Thread
from messaging.inbox.incoming.receiving import refresh_preview, tell
thread = Thread.objects.get(pk={thread})
with transaction.atomic():
    if {elsewhere}:
        service, _ = Service.objects.update_or_create(
            customer=thread.customer, remote_id="bookings", kind=ServiceKind.TWO_WAY,
            defaults={{"name": "Varaukset", "gone_at": None}},
        )
        thread = Thread.objects.create(
            customer=thread.customer, service=service, address=thread.address, our_address=thread.our_address,
            last_message_at=timezone.now(),
        )
    message = Message.objects.create(
        thread=thread, direction="in", content={text!r}, protocol={protocol!r}, at=timezone.now(),
        remote_id=str(uuid4()),
    )
    Thread.objects.filter(pk=thread.pk).update(
        newest_received=message.pk, unanswered_since=timezone.now(), state="open"
    )
    refresh_preview(thread)
    tell(thread)
answer = message.pk
"""


# SmartDialog has no such service: others could not start receiving while it is offered.
FORGET = """
from django.utils import timezone
from gateway.models import Service
answer = Service.objects.filter(remote_id="bookings").update(gone_at=timezone.now())
"""


@pytest.fixture
def elsewhere(stack: Stack) -> Iterator[None]:
    yield
    stack.ask(FORGET)


def says(stack: Stack, thread: str, text: str, *, protocol: str = "SMS", elsewhere: bool = False) -> None:
    stack.ask(SAYS.format(thread=thread, text=text, protocol=protocol, elsewhere=elsewhere))


def test_the_reply_box_follows_the_person_and_keeps_what_is_typed_and_the_focus(
    windows: BrowserSessions, sample_pages, elsewhere, stack: Stack
):
    with windows.open("mikko") as page:
        page.goto(inbox_pages.make_thread(stack, "+358401238001", 2))
        thread = page.locator("#open").get_attribute("data-thread") or ""
        box, composer = page.get_by_label("Reply", exact=True), page.locator("#composer")
        box.press_sequentially("Hei A")
        expect(composer).not_to_contain_text("They wrote on WhatsApp")

        says(stack, thread, "Vaihdoin WhatsAppiin", protocol="WHATSAPP")
        expect(composer).to_contain_text("They wrote on WhatsApp")
        expect(composer.locator("[data-until]")).to_have_text(re.compile(r"^2[34] h$"))
        expect(box).to_be_focused()
        page.keyboard.type("nna")
        expect(box).to_have_value("Hei Anna")

        says(stack, thread, "Ja toiseen numeroon", elsewhere=True)
        expect(page.get_by_role("region", name="Messages")).to_contain_text("Ja toiseen numeroon")
        expect(composer).to_contain_text("They wrote last to Varaukset")
        expect(box).to_have_value("Hei Anna")

        page.get_by_role("button", name="Send reply").click()
        expect(page.locator(".message--out", has_text="Hei Anna")).to_have_count(1)
        expect(box).to_have_value("")


def test_what_is_half_typed_is_there_when_one_comes_back_to_the_thread(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        first = inbox_pages.make_thread(stack, "+358401238002", 2)
        inbox_pages.make_thread(stack, "+358401238003", 2)
        page.goto(first)
        box, other = (
            page.get_by_label("Reply", exact=True),
            page.locator(".thread", has_text="8003").locator("a"),
        )
        page.keyboard.press("n")
        page.keyboard.type("Soita huomenna")
        with page.expect_response("**/draft/"):
            box.fill("Palaan asiaan")
            other.click()
        expect(page.locator("#open")).not_to_have_attribute("data-thread", first.strip("/").split("/")[-1])
        expect(box).to_have_value("")
        expect(page.get_by_label("Note for the team")).to_have_value("")

        page.locator(".thread", has_text="8002").locator("a").click()

        expect(box).to_have_value("Palaan asiaan")
        note = page.get_by_label("Note for the team")
        expect(note).to_have_value("Soita huomenna")
        note.press("Control+Enter")
        expect(page.locator(".notes__note", has_text="Soita huomenna")).to_be_visible()
        expect(note).to_have_value("")


def test_a_draft_that_was_typed_without_a_connection_is_kept_when_it_is_back(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("mikko") as page:
        page.goto(inbox_pages.make_thread(stack, "+358401238004", 2))
        box = page.get_by_label("Reply", exact=True)
        page.context.set_offline(True)
        with page.expect_event("requestfailed", lambda request: request.url.endswith("/draft/")):
            box.press_sequentially("Ilman verkkoa")
        with page.expect_response("**/draft/"):
            page.context.set_offline(False)
        page.reload()
        expect(box).to_have_value("Ilman verkkoa")
