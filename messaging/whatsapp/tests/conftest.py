"""Templates, and what SmartDialog answers about them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import responses
from django.utils import timezone
from requests import PreparedRequest

from accounts.models import Customer, User, subject_key
from gateway.models import Connection, Operation, WhatsappIdentity
from gateway.outbox.draining import drain
from messaging.whatsapp.models import Template, TemplateState

NUMBER = "+358401112222"
WORDS = {
    "display_name": "Christmas brunch",
    "body": "Hei {{1}}, sinulle on varattu paikka. Tervetuloa! Lopeta: vastaa STOP",
    "category": "Marketing",
    "language": "fi",
    "identity": NUMBER,
    "attachment_url": "",
}


API = "http://smartdialog.test/v1"


class Platform:
    """SmartDialog, answered in-process: what it lists, how it answers a creation, and what it was asked."""

    def __init__(self, mock: responses.RequestsMock) -> None:
        self.listed: list[dict[str, Any]] = []
        self.answer: tuple[int, str] | Exception = (204, "")
        self.created: list[dict[str, Any]] = []
        self.looks = 0
        templates = f"{API}/whatsapp/templates"
        mock.get(f"{templates}/categories", json=["Marketing", "Utility"])
        mock.add_callback("POST", re.compile(rf"{templates}/[^/]+/[^/]+"), self._create)
        mock.add_callback("GET", re.compile(rf"{templates}/[^/]+"), self._list)

    def lists(self, template: Template, remote_id: str = "christmas_brunch_1", **changes: str) -> None:
        says = {"name": template.display_name, "text": template.body} | changes
        parameters = {"rawContent": says["text"]}
        self.listed.append({"id": remote_id, "displayName": says["name"], "extensionParameters": parameters})

    def _create(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        self.created.append(json.loads(request.body or ""))
        if isinstance(self.answer, Exception):
            raise self.answer
        status, text = self.answer
        return status, {}, text

    def _list(self, request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        self.looks += 1
        return 200, {}, json.dumps(self.listed)


@pytest.fixture
def platform(settings) -> Iterator[Platform]:
    settings.SMARTDIALOG_API_URL = API
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Platform(mock)


@pytest.fixture
def number(kahvila: Customer) -> WhatsappIdentity:
    return WhatsappIdentity.objects.create(customer=kahvila, address=NUMBER)


@pytest.fixture
def draft(kahvila: Customer, mikko: User) -> Template:
    return make_template(kahvila, created_by=mikko)


def make_template(customer: Customer, *, state: str = TemplateState.DRAFT, **fields: Any) -> Template:
    submitted = {} if state == TemplateState.DRAFT else {"submitted_at": timezone.now()}
    return Template.objects.create(customer=customer, state=state, **(WORDS | submitted | fields))


def carry(connection: Connection) -> None:
    """Let a worker carry what is due."""
    drain(connection.pk)


def calls_of(template: Template) -> list[tuple[str, str]]:
    rows = Operation.objects.filter(subject=subject_key(template)).order_by("pk")
    return list(rows.values_list("kind", "state"))
