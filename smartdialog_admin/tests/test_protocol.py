"""Whom the server hangs up on, at moments that are given."""

import asyncio
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from smartdialog_admin.web import SLOWEST
from smartdialog_admin.web.early_answers import answer
from smartdialog_admin.web.protocol import FULL, HEAD, LARGEST_HEAD, STALLED, Deadlines

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\nx"
PLACES = {"getpeername": lambda: ("192.0.2.1", 5), "getsockname": lambda: ("192.0.2.2", 80)}


class Transport(asyncio.Transport):
    def __init__(self) -> None:
        self.written, self.closing, self.aborted = b"", False, False
        super().__init__({"socket": SimpleNamespace(**PLACES, setsockopt=lambda *_what: None)})

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closing = True

    def abort(self) -> None:
        self.closing = self.aborted = True

    def is_closing(self) -> bool:
        return self.closing

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


async def quick(_scope: Any, _receive: Any, send: Any) -> None:
    await answer(send, 200, "quick")


async def busy(_scope: Any, _receive: Any, _send: Any) -> None:
    await asyncio.Event().wait()


class Talk:
    def __init__(self, app: Any = quick, state: ServerState | None = None, limit: int | None = None) -> None:
        config = uvicorn.Config(app, http=Deadlines, ws="none", log_config=None, limit_concurrency=limit)
        self.protocol = Deadlines(config, state or ServerState(), {}, asyncio.get_running_loop())
        self.transport = Transport()
        self.protocol.connection_made(self.transport)

    async def says(self, data: bytes) -> "Talk":
        self.protocol.data_received(data)
        await asyncio.sleep(0.01)
        return self

    def is_overdue(self, seconds: float) -> bool:
        return self.protocol.is_overdue(time.monotonic() + seconds)


def talk(story: Callable[[], Any]) -> None:
    asyncio.run(story())


@pytest.mark.parametrize("begun", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: x\r\n", GET + b"GET / HTTP"])
def test_a_head_has_to_come_in_time(begun):
    async def story() -> None:
        slow = await Talk().says(begun)

        assert not slow.is_overdue(HEAD - 1)
        assert slow.is_overdue(HEAD + 1)

    talk(story)


@pytest.mark.parametrize("asked", [GET, POST])
def test_who_is_being_answered_is_never_late_however_long_it_takes(asked):
    async def story() -> None:
        assert not (await Talk(busy).says(asked)).is_overdue(100_000)

    talk(story)


def test_who_was_answered_and_asks_nothing_more_is_left_to_uvicorns_own_timer():
    async def story() -> None:
        idle = await Talk().says(GET)

        assert b"quick" in idle.transport.written
        assert not idle.is_overdue(100_000)

    talk(story)


def test_the_rest_of_a_body_that_was_answered_has_to_come_as_fast_as_any():
    async def story() -> None:
        early = await (await Talk().says(POST)).says(bytes(10 * SLOWEST))

        assert not early.is_overdue(HEAD + 9)
        assert early.is_overdue(HEAD + 11)

    talk(story)


def test_a_reader_who_takes_nothing_is_hung_up_on_and_one_who_does_is_not():
    async def story() -> None:
        reader = await Talk(busy).says(GET)
        reader.protocol.pause_writing()
        assert not reader.is_overdue(STALLED - 1)
        assert reader.is_overdue(STALLED + 1)

        reader.protocol.resume_writing()
        assert not reader.is_overdue(STALLED + 1)

    talk(story)


def test_a_connection_that_is_closed_and_not_read_to_its_end_ends():
    async def story() -> None:
        leaving = await Talk().says(GET)
        leaving.transport.close()

        assert not leaving.is_overdue(0)
        assert leaving.is_overdue(STALLED + 1)

    talk(story)


def test_a_head_without_an_end_is_refused():
    async def story() -> None:
        endless = await (await Talk().says(b"GET / HTTP/1.1\r\nX: ")).says(b"x" * (LARGEST_HEAD + 1))

        assert endless.transport.written.startswith(b"HTTP/1.1 400")
        assert endless.transport.is_closing()

    talk(story)


CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
BESIDE_A_BODY = {
    "lines behind it": b"0\r\n" + b"X: a\r\n" * (LARGEST_HEAD // 6 + 1),
    "a line behind it": b"0\r\nX: " + b"a" * LARGEST_HEAD,
    "a line before a part": b"1;" + b"a" * (LARGEST_HEAD + 100),
}


@pytest.mark.parametrize("beside", BESIDE_A_BODY.values(), ids=BESIDE_A_BODY)
def test_what_stands_beside_a_body_without_an_end_is_hung_up_on(beside):
    async def story() -> None:
        begun = await (await Talk(busy).says(CHUNKED)).says(b"1\r\na\r\n")
        assert not begun.transport.aborted

        assert (await begun.says(beside)).transport.aborted

    talk(story)


def test_a_body_in_very_small_parts_is_taken():
    async def story() -> None:
        small = await Talk(busy).says(CHUNKED)
        for _ in range(20):
            await small.says(b"1\r\na\r\n" * 5_000)

        assert not small.transport.aborted

    talk(story)


def test_lines_behind_a_body_are_no_lines_of_its_head():
    seen: list[Any] = []

    async def look(scope: Any, receive: Any, send: Any) -> None:
        while (await receive()).get("more_body"):
            pass
        seen.extend(name for name, _ in scope["headers"])
        await answer(send, 200, "seen")

    async def story() -> None:
        asked = await (await Talk(look).says(CHUNKED)).says(b"0\r\nX-Forwarded-Proto: https\r\n\r\n")
        assert b"seen" in asked.transport.written

    talk(story)
    assert seen == [b"host", b"transfer-encoding"]


def test_where_connections_are_nearly_all_taken_the_longest_idle_one_makes_room():
    async def story() -> None:
        state, limit = ServerState(), 10
        asking = await Talk(busy, state, limit).says(GET)
        idle = [Talk(quick, state, limit) for _ in range(int(limit * FULL) - 1)]
        assert not any(each.transport.aborted for each in idle)

        newest = Talk(quick, state, limit)

        assert [each.transport.aborted for each in idle] == [True] + [False] * (len(idle) - 1)
        assert not asking.transport.aborted
        assert not newest.transport.aborted

    talk(story)


def test_the_look_that_finds_one_overdue_ends_it(monkeypatch):
    async def story() -> None:
        slow = Talk()
        monkeypatch.setattr(Deadlines, "is_overdue", lambda *_when: True)
        slow.protocol._look()

        assert slow.transport.aborted

    talk(story)
