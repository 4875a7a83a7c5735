"""What stands before the threads that serve pages."""

import asyncio
from typing import Any

import pytest

from smartdialog_admin import asgi


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asgi.asyncio, "sleep", wait)
    return waited


def answered(path: str, status: int, monkeypatch) -> None:
    """Let the pages answer like this: the server gets just that."""
    start, sent = {"type": "http.response.start", "status": status}, []

    async def pages(_scope: Any, _receive: Any, send: Any) -> None:
        await send(start)
        await send({"type": "http.response.body"})

    async def send(message: Any) -> None:
        sent.append(message)

    monkeypatch.setattr(asgi, "pages", pages)
    asyncio.run(asgi.application({"type": "http", "path": path}, None, send))
    assert sent == [start, {"type": "http.response.body"}]


@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("/hooks/inbound/guessed/", 404, [asgi.NOT_FOUND_DELAY]),
        ("/hooks/inbound/known/", 200, []),
        ("/contacts/0/", 404, []),
    ],
)
def test_a_wrong_secret_waits_for_its_answer_and_nobody_else(path, status, expected, waits, monkeypatch):
    answered(path, status, monkeypatch)

    assert waits == expected
