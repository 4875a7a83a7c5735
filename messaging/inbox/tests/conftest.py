"""A number that people write to, and a SmartDialog that tells of what they write and takes answers."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import responses
from django.urls import reverse

from accounts.models import Customer, User
from contacts.models import Contact
from gateway.hooks import processing
from gateway.hooks.subscriptions import confirmed, subscribe
from gateway.models import Connection, HookEvent, HookSubscription, Operation, Service, ServiceKind
from gateway.smartdialog.types import Subscribed
from messaging.inbox.models import Message, Rule, Thread
from messaging.inbox.replies import replying
from tests.factories import make_contact, make_service

API = "http://smartdialog.test/v1"
HTMX = {"HTTP_HX_REQUEST": "true"}
ANNA, NUMBER = "+358401111111", "+358451234567"
NOON = "2026-11-24T12:00:00Z"
THREADS = "/inbox/"
JUNK = ["'", '"', "__", "\0", "-1", "9" * 40, "a" * 5000, "1.", ".1", "9" * 16 + ".1", "%00", "٣", "../.."]


@pytest.fixture
def number(kahvila: Customer) -> Service:
    return make_service(kahvila, kind=ServiceKind.TWO_WAY, name="Inbound 1234567")


@pytest.fixture
def answering(kahvila: Customer) -> Service:
    return make_service(kahvila, allows_reply=True, name="Customer service")


@pytest.fixture
def sending(kahvila: Customer) -> Service:
    return make_service(kahvila, name="Sends")


@pytest.fixture
def hook(number: Service, connected: Connection, mikko: User) -> HookSubscription:
    subscription = subscribe(number, by=mikko)
    confirmed(subscription, Subscribed(action_id="action", location=""), connection=connected)
    Operation.objects.all().delete()
    return subscription


@pytest.fixture
def rule(kahvila: Customer, mikko: User, connected, answering, hook) -> Callable[..., Rule]:
    return lambda **fields: Rule.objects.create(
        **{"customer": kahvila, "name": f"Rule {Rule.objects.count()}", "carrier": mikko} | fields
    )


@pytest.fixture
def thread(hook: HookSubscription, answering: Service) -> Thread:
    """Anna asked when the café opens."""
    receive(hook, content="Milloin avaatte?", messageId="first")
    return Thread.objects.get()


@pytest.fixture
def smartdialog(settings):
    settings.SMARTDIALOG_API_URL = API
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def anna(kahvila: Customer) -> Contact:
    return make_contact(make_service(kahvila, kind=ServiceKind.GROUP), phone=ANNA, first_name="Anna")


@pytest.fixture
def mail_server(settings) -> None:
    settings.EMAIL_HOST = "mail.test"


def body_of(**fields: Any) -> bytes:
    """A notification as SmartDialog writes it; None leaves a field out."""
    usual = {
        "sender": ANNA,
        "recipient": NUMBER,
        "content": "Hei",
        "timestamp": NOON,
        "protocol": "SMS",
        "attachments": [],
        "messageId": str(uuid4()),
    }
    return json.dumps({key: value for key, value in (usual | fields).items() if value is not None}).encode()


def receive(hook: HookSubscription, **fields: Any) -> HookEvent:
    event = HookEvent.objects.create(subscription=hook, body=body_of(**fields))
    processing.process(event.pk)
    event.refresh_from_db()
    return event


def answer(thread: Thread, by: User, content: str = "Kello 9.") -> Message:
    return replying.reply(thread, content, key=uuid4(), by=by)


def of(thread: Thread, name: str = "thread") -> str:
    return reverse(f"inbox:{name}", args=[thread.pk])


def said(thread: Thread) -> list[str]:
    """In the order that people read it."""
    return [message.content for message in thread.messages.latest_first()][::-1]
