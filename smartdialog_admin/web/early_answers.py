"""Requests that no page is asked about: what their headers say, and short answers in plain words."""

from typing import Any


def header(scope: Any, name: bytes) -> bytes:
    """The first of that name, or nothing."""
    return next((value for each, value in scope["headers"] if each == name), b"")


async def answer(send: Any, status: int, words: str = "", *, close: bool = False) -> None:
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
