"""Page objects, as functions: the inbox, as somebody who answers what comes in."""

from playwright.sync_api import Locator, Page, expect

from tests.browser import page_list
from tests.faults.stack import Stack, wait_until

MAKE_THREAD = """
from datetime import timedelta
from django.urls import reverse
from accounts.models import Customer
from gateway import clock
from gateway.models import Service
from messaging.inbox.models import Message, Thread
customer = Customer.objects.get(remote_id={customer!r})
service = Service.objects.two_way().filter(customer=customer).first()
now = clock.now()
thread = Thread.objects.create(
    customer=customer, service=service, address={address!r}, our_address="+358451234567", last_message_at=now,
)
Message.objects.bulk_create(
    Message(
        thread=thread, direction="in", content=f"viesti {{number}}.", remote_id=f"{address}-{{number}}",
        at=now - timedelta(minutes=number + 1),
    )
    for number in range({count})
)
answer = reverse("inbox:thread", args=[thread.pk])
"""


def make_thread(stack: Stack, address: str, count: int) -> str:
    """With so many messages from that number, the latest one "viesti 0."; the address of its page."""
    said = MAKE_THREAD.format(customer=page_list.KAHVILA, address=address, count=count)
    page: str = stack.ask(said)
    return page


def open_inbox(page: Page) -> None:
    """Open it, ready to receive: the first time, somebody has to ask for messages."""
    page.goto("/inbox/")
    start = page.get_by_role("button", name="Start receiving messages")
    if start.is_visible():
        start.click()
    wait_until(lambda: _is_ready(page), "messages to come here")


def _is_ready(page: Page) -> bool:
    page.goto("/inbox/")
    notes = page.locator(".inbox__note").filter(has_not_text="may want no more messages")
    return not notes.is_visible()


def thread(page: Page, words: str) -> Locator:
    return page.locator(".thread").filter(has_text=words)


def open_thread(page: Page, words: str) -> None:
    thread(page, words).click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text(words)


def open_first(page: Page) -> str:
    """The newest thread, which perhaps cannot be answered; its key."""
    page.goto("/inbox/")
    page.locator(".thread a").first.click()
    expect(page.locator("#composer")).to_be_visible()
    return key_of(page)


def key_of(page: Page) -> str:
    """Of the thread that is open."""
    return page.locator("#open").get_attribute("data-thread") or ""


def reply(page: Page, text: str) -> None:
    page.get_by_label("Reply", exact=True).fill(text)
    page.get_by_role("button", name="Send reply").click()
    expect(page.get_by_role("region", name="Messages")).to_contain_text(text)
