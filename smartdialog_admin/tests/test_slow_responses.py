"""A thread's answer and a reader who takes their time."""

import asyncio
from typing import Any

from smartdialog_admin.tests.asgi_calls import Call
from smartdialog_admin.web.slow_responses import IN_MEMORY, UnhurriedAnswers

START = {"type": "http.response.start", "status": 200, "headers": []}
PART = b"x" * 100_000


class Reader(Call):
    """Takes nothing before it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = asyncio.Event()

    async def send(self, message: Any) -> None:
        await self.reads.wait()
        self.sent.append(message)


def saying(*parts: bytes) -> Any:
    """As a2wsgi says it: each part with more to come, then nothing."""

    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send(START)
        for part in parts:
            await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
        said.append(len(parts))

    said: list[int] = []
    app.said = said  # type: ignore[attr-defined]
    return app


def test_a_short_answer_goes_as_it_was_said():
    call = Call().ask(UnhurriedAnswers(saying(b"short")))

    assert [message.get("body") for message in call.sent] == [None, b"short", b""]


def test_a_long_answer_is_read_whole_in_order_and_ends():
    parts = [bytes([number]) * 50_000 for number in range(40)]

    call = Call().ask(UnhurriedAnswers(saying(*parts)))

    assert call.body == b"".join(parts)
    assert [message.get("more_body", False) for message in call.sent[1:]][-2:] == [True, False]


def test_all_is_said_before_a_slow_reader_has_taken_any_of_it():
    async def talk() -> tuple[list[int], bytes]:
        reader, app = Reader(), saying(*[PART] * 10)
        answering = asyncio.create_task(UnhurriedAnswers(app)(reader.scope, None, first_two(reader)))
        await asyncio.sleep(0.01)
        said = list(app.said)
        reader.reads.set()
        await answering
        return said, reader.body

    said, body = asyncio.run(talk())
    assert said == [10]
    assert body == PART * 10


def first_two(reader: Reader) -> Any:
    """A server takes the head and the first part at once: it has a buffer."""

    async def send(message: Any) -> None:
        if len(reader.sent) < 2:
            reader.sent.append(message)
        else:
            await reader.send(message)

    return send


def test_where_room_is_short_who_reads_least_is_broken_off_and_others_are_not():
    async def talk() -> tuple[bytes, bytes]:
        small, large = Reader(), Reader()
        app = UnhurriedAnswers(saying_what_is_asked, room=3 * IN_MEMORY)
        talks = [
            asyncio.create_task(app({"parts": parts}, None, first_two(reader)))
            for reader, parts in ((small, 4), (large, 20))
        ]
        await asyncio.sleep(0.01)
        small.reads.set()
        large.reads.set()
        await asyncio.gather(*talks)
        return small.body, large.body

    async def saying_what_is_asked(scope: Any, receive: Any, send: Any) -> None:
        await saying(*[PART] * scope["parts"])(scope, receive, send)

    small, large = asyncio.run(talk())
    assert small == PART * 4
    assert large == PART, "it got no more than its server had taken"


def test_a_disk_without_room_breaks_off_that_answer_and_ends_its_thread(monkeypatch):
    class FullFile:
        closed = False

        def seek(self, *_where: int) -> None:
            pass

        def write(self, _part: bytes) -> None:
            raise OSError("no room")

        def close(self) -> None:
            self.closed = True

    monkeypatch.setattr(
        "smartdialog_admin.web.slow_responses.SpooledTemporaryFile", lambda **_how: FullFile()
    )
    app = saying(PART, PART, PART)

    call = Call().ask(UnhurriedAnswers(app))

    assert app.said == [3]
    assert call.body == PART
