"""The dashboard in this process, the sandbox in another, real HTTP between them."""

from collections.abc import Iterator

import pytest

from tests.sandbox_process import POLICY, Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox_process(tmp_path_factory) -> Iterator[Sandbox]:
    with running_sandbox(tmp_path_factory.mktemp("sandbox")) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process, settings) -> Sandbox:
    """The running sandbox, emptied."""
    settings.SMARTDIALOG_API_URL = sandbox_process.api_url
    settings.SMARTDIALOG_AUTHORIZE_URL = f"{sandbox_process.url}/{POLICY}/authorize"
    settings.SMARTDIALOG_TOKEN_URL = f"{sandbox_process.url}/{POLICY}/token"
    sandbox_process.start_if_ended()
    sandbox_process.post("/_reset", {})
    return sandbox_process
