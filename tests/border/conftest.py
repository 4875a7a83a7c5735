"""The dashboard in this process, the sandbox in another, real HTTP between them."""

import re
from collections.abc import Iterator

import pytest
import requests
from django.test import Client

from tests.sandbox_process import POLICY, Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process, settings) -> Sandbox:
    settings.SMARTDIALOG_API_URL = sandbox_process.api_url
    settings.SMARTDIALOG_AUTHORIZE_URL = f"{sandbox_process.url}/{POLICY}/authorize"
    settings.SMARTDIALOG_TOKEN_URL = f"{sandbox_process.url}/{POLICY}/token"
    sandbox_process.post("/_reset", {})
    return sandbox_process


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
def browser() -> Browser:
    return Browser()
