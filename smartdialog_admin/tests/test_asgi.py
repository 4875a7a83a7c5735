"""Which way a request goes, and what is answered before any page is asked."""

import asyncio
from typing import Any

import pytest
from django.db import DatabaseError

from gateway.hooks.guesses import LEAST
from gateway.hooks.known_secrets import KnownSecrets
from gateway.hooks.subscriptions import digest_of
from gateway.models import HookKind
from smartdialog_admin import asgi
from smartdialog_admin.tests.asgi_calls import Call
from smartdialog_admin.web import gathered_lookups, hook_guard
from smartdialog_admin.web.early_answers import answer
from smartdialog_admin.web.hook_guard import OF_EACH, HookGuard


async def well(_scope: Any, _receive: Any, send: Any) -> None:
    await answer(send, 200)


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    waited: list[float] = []

    async def wait(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(hook_guard.asyncio, "sleep", wait)
    return waited


@pytest.fixture
def guard(monkeypatch) -> HookGuard:
    """Of a dashboard with one secret."""

    async def ask(question: Any, *about: Any) -> Any:
        await asyncio.sleep(0)
        return question(*about)

    monkeypatch.setattr(gathered_lookups, "ask", ask)
    good = {(digest_of("good"), HookKind.INBOUND)}
    monkeypatch.setattr(KnownSecrets, "look_up", lambda _self, asked: good & asked)
    return HookGuard(well)


@pytest.mark.parametrize("kind", ["inbound", "dlr", "else"])
@pytest.mark.parametrize("secret", ["guessed", "goo", "good/", "a/b", ""])
def test_a_guess_waits_for_its_answer_before_its_body_is_read(guard, waits, kind, secret):
    guess = Call(f"/hooks/{kind}/{secret}/", headers={"content-length": "100000"}).ask(guard)

    assert guess.status == 404
    assert [wait for wait in waits if wait] == [LEAST]


def test_a_good_secret_waits_for_nothing_however_many_are_guessed(guard, waits):
    for _ in range(9):
        Call("/hooks/inbound/guessed/").ask(guard)
    waits.clear()

    assert Call("/hooks/inbound/good/").ask(guard).status == 200
    assert not any(waits)


def test_guesses_at_once_hold_no_more_than_a_few_connections(guard):
    """A wait is one of the connections that everybody shares."""
    many = [Call("/hooks/inbound/guessed/") for _ in range(OF_EACH + 5)]

    async def guess() -> list[int]:
        waiting = [asyncio.create_task(each.asked(guard)) for each in many]
        await asyncio.sleep(LEAST / 2)
        statuses = [each.status for each in many]
        await asyncio.wait(waiting)
        return statuses

    assert sorted(asyncio.run(guess())) == [0] * OF_EACH + [429] * 5
    assert [each.status for each in many].count(404) == OF_EACH


def test_where_secrets_cannot_be_looked_up_the_hook_itself_answers(guard, waits, monkeypatch):
    def broken(*_about: Any) -> bool:
        raise DatabaseError("gone")

    monkeypatch.setattr(guard._lookups, "_find", broken)

    assert Call("/hooks/inbound/guessed/").ask(guard).status == 200


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("text/html; charset=base64", "text/html"),
        ("multipart/form-data; charset=idna; boundary=x; y*=hex''00", "multipart/form-data; boundary=x"),
        (
            "multipart/form-data;BOUNDARY=\"a;b\" ; charset*=utf-8''punycode",
            'multipart/form-data;BOUNDARY="a;b"',
        ),
        ("application/json", "application/json"),
        ("", ""),
        (";;charset=hex", ""),
    ],
)
@pytest.mark.parametrize("way", ["hooks", "live", "pages"])
def test_nobody_names_a_codec_that_is_read_by(sent, kept, way, monkeypatch):
    found: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        found.append(dict(scope["headers"])[b"content-type"].decode())
        await well(scope, receive, send)

    monkeypatch.setattr(asgi, way, app)
    Call({"hooks": "/hooks/x", "live": "/live/", "pages": "/"}[way], headers={"content-type": sent}).ask(
        asgi.application
    )

    assert found == [kept]


def test_healthz_is_only_asked():
    assert Call("/healthz").ask(asgi.application).status == 405


@pytest.mark.parametrize("path", ["/", "/live/", "/hooks/inbound/x/"])
def test_a_websocket_is_refused_in_words(path):
    refused = Call(path, headers={"upgrade": "WebSocket"}).ask(asgi.application)

    assert (refused.status, refused.body.decode()) == (400, asgi.NO_WEBSOCKET)


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/hooks/inbound/x/", "hooks"),
        ("/live/", "live"),
        ("/", "pages"),
        ("/hooks", "pages"),
        ("/live", "pages"),
    ],
)
def test_hooks_pages_and_streams_go_ways_of_their_own(path, way, monkeypatch):
    asked: list[str] = []

    def named(name: str) -> Any:
        async def app(scope: Any, receive: Any, send: Any) -> None:
            asked.append(name)
            await well(scope, receive, send)

        return app

    for name in ("hooks", "live", "pages"):
        monkeypatch.setattr(asgi, name, named(name))

    Call(path).ask(asgi.application)

    assert asked == [way]
