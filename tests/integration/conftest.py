"""A person at a browser, between the dashboard and the sandbox."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from gateway import clock
from gateway.models import Connection, Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog import client
from gateway.smartdialog.api import SmartDialog
from tests.sandbox_process import Sandbox

MIKKO = "22222222-2222-4222-8222-222222222222"
LISTED: dict[str, Any] = {}  # by its switches and the call, what the emptied sandbox lists for him


class Browser:
    """A person's way through sign-in: the dashboard by test client, SmartDialog by HTTP."""

    def __init__(self) -> None:
        self.client = Client()
        self.http = requests.Session()

    def start(self, next_path: str = "/") -> str:
        """The address of SmartDialog's sign-in page."""
        return self.client.post("/oauth/start/", {"next": next_path}).headers["Location"]

    def consent(self, address: str, **pressed: str) -> str:
        """Press a button of SmartDialog's sign-in page (`person="mikko"`, `cancel="1"`); what leads back."""
        page = self.http.get(address, timeout=10).text
        fields = dict(re.findall(r'<input[^>]*name="(\w+)" value="([^"]*)"', page))
        fields["grant"] = re.findall(r'name="grant" value="([^"]*)"', page)
        answer = self.http.post(address, data=fields | pressed, allow_redirects=False, timeout=10)
        assert answer.is_redirect, answer.text[:1000]
        return answer.headers["Location"]

    def come_back(self, address: str):
        return self.client.get("/oauth/callback/?" + address.partition("?")[2])


@pytest.fixture
def browser() -> Iterator[Browser]:
    browser = Browser()
    yield browser
    browser.http.close()


@pytest.fixture
def mikko_signed_in(browser: Browser, sandbox: Sandbox) -> User:
    """At the sandbox, with what it lists for him read."""
    person = make_mikko()
    browser.come_back(browser.consent(browser.start(), person="mikko"))
    take_in_what_is_listed(person.connection, sandbox)
    return person


@transaction.atomic
def take_in_what_is_listed(connection: Connection, sandbox: Sandbox) -> None:
    """As the drain after a sign-in would, but each question is asked once and not for every test."""
    api = SmartDialog(client.Client(connection.access_token))
    waiting = Operation.objects.filter(connection=connection, state=OperationState.WAITING).order_by("pk")
    while operation := waiting.first():
        handler, call = handler_of(operation), QueuedCall(operation)
        asked = f"{sandbox.switched} {operation.kind} {operation.payload}"
        if asked not in LISTED:
            LISTED[asked] = handler.call(api, call)
        now = clock.now()
        waiting.filter(pk=operation.pk).update(
            state=OperationState.DONE, attempts=1, status=200, tried_at=now, settled_at=now
        )
        handler.done(call, LISTED[asked])


def make_mikko(role: str = Role.MARKETER) -> User:
    """As he is known before his first sign-in."""
    return User.objects.create(
        username=MIKKO, subject=MIKKO, name="Mikko", role=role, approved_at=timezone.now()
    )
