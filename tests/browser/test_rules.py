"""An admin writes a rule in one browser; what it does is seen, and undone, by a colleague in another."""

import pytest
from playwright.sync_api import expect

from tests.browser import page_list
from tests.browser.browser_sessions import BrowserSessions
from tests.faults.stack import Stack

pytestmark = pytest.mark.browser

HEAR = """
import json
from uuid import uuid4
from django.utils import timezone
from accounts.models import Customer
from gateway.hooks import processing
from gateway.models import HookEvent, HookKind, HookSubscription, Service
from messaging.inbox.models import Thread
customer = Customer.objects.get(remote_id={customer!r})
service = Service.objects.two_way().filter(customer=customer).first()
hook = HookSubscription.objects.filter(service=service, kind=HookKind.INBOUND).first()
hook = hook or HookSubscription.objects.create(customer=customer, service=service, kind=HookKind.INBOUND)
body = dict(
    sender="+358401238077", recipient="+358451234567", content={text!r}, protocol="SMS", attachments=[],
    timestamp=timezone.now().isoformat(), messageId=str(uuid4()),
)
event = HookEvent.objects.create(subscription=hook, body=json.dumps(body).encode())
processing.process(event.pk)
answer = Thread.objects.get(address="+358401238077").pk
"""


def test_what_a_rule_did_is_told_to_a_colleague_who_undoes_it(
    windows: BrowserSessions, sample_pages, stack: Stack
):
    with windows.open("aino", reduced_motion="reduce") as admin, windows.open("mikko") as page:
        admin.goto("/inbox/rules/new/")
        admin.get_by_label("Name").fill("Bookings")
        admin.get_by_label("Words in the message").fill("pöytäkaksi")
        admin.get_by_label("Add a label").fill("Booking")
        admin.get_by_role("button", name="Save").press("Enter")
        expect(admin.get_by_text("It counts from the next message on.")).to_be_visible()
        admin.get_by_label("What would happen to").fill("POYTAKAKSI?")
        admin.get_by_role("button", name="Try it").press("Enter")
        expect(admin.get_by_text("Adds the label Booking.")).to_be_visible()

        page.goto("/inbox/")
        thread = stack.ask(HEAR.format(customer=page_list.KAHVILA, text="Pöytäkaksi, kiitos"))
        expect(page.get_by_text("Pöytäkaksi, kiitos").first).to_be_visible()
        page.goto(f"/inbox/{thread}/")
        told = page.locator(".conversation__event", has_text="Rule Bookings: labelled Booking")
        expect(told).to_be_visible()
        told.get_by_role("button", name="Undo").press("Enter")
        expect(page.locator("#conversation").get_by_text("Undone by Mikko")).to_be_visible()
        expect(page.get_by_role("button", name="Take off Booking")).to_have_count(0)
