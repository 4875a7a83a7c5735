"""uvicorn's protocol, with an end to what it would wait for for ever: a head, a rest, a reader.

Named to uvicorn by `--http`. Bodies that are asked for have their deadlines in `bodies.py`.
"""

import socket
import time
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from smartdialog_admin.web import SLOWEST

HEAD = 10.0  # seconds for the lines before a body
LARGEST_HEAD = 64 * 1024  # bytes
BESIDE = 8  # bytes that say how long a part is, for each of a body's; and as many as of a head, once
STALLED = 30.0  # seconds in which a reader takes next to nothing
UNSENT = 64 * 1024  # bytes that the kernel holds of an answer
EVERY = 1.0  # seconds between two looks
FULL = 0.9  # of the connections that are allowed: from there on, those who ask nothing make room


class Deadlines(HttpToolsProtocol):
    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.began = time.monotonic()  # its head, or its body
        self._is_head = True
        self._size = self._body = 0  # bytes of that which came since, and of its body
        self._stalled: float | None = None
        self._next_look = self.loop.call_later(EVERY, self._look)
        # Else the kernel takes megabytes at a time, and a slow reader looks like one who stands still.
        if self.client:  # no socket of this machine's own
            connected = transport.get_extra_info("socket")
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        if self.limit_concurrency and len(self.connections) > self.limit_concurrency * FULL:
            make_room(self.connections)

    def connection_lost(self, exc: Exception | None) -> None:
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        began = self.began
        super().data_received(data)
        if self.began == began:
            self._size += len(data)
        if not self._is_head and self._size > LARGEST_HEAD + (1 + BESIDE) * self._body:
            self.transport.abort()
        if self._is_head and self._size > LARGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The lines before the body are too long.")

    def on_header(self, name: bytes, value: bytes) -> None:
        """What comes behind a body is no part of its head: a proxy that cleans one has not seen it."""
        if self._is_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_begin(self) -> None:
        self.began, self._is_head, self._size, self._body = time.monotonic(), True, 0, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self.began, self._is_head, self._size = time.monotonic(), False, 0
        super().on_headers_complete()

    def pause_writing(self) -> None:
        self._stalled = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stalled = None
        super().resume_writing()

    @property
    def asks_nothing(self) -> bool:
        """No request of it is being answered."""
        return self.cycle is None or self.cycle.response_complete

    def is_overdue(self, now: float) -> bool:
        """Whether it takes too long over a head, over the rest of a body that is answered, or reading."""
        if self.transport.is_closing():
            self._stalled = self._stalled or now
        if self._stalled is not None:
            return now - self._stalled > STALLED
        is_idle = self.timeout_keep_alive_task and not self._is_head  # uvicorn ends that itself
        return self.asks_nothing and not is_idle and now - self.began > HEAD + self._size / SLOWEST

    def _look(self) -> None:
        if self.is_overdue(time.monotonic()):
            self.transport.abort()
        else:
            self._next_look = self.loop.call_later(EVERY, self._look)

    def _unsupported_upgrade_warning(self) -> None:
        """The application refuses it; that is no news."""


def make_room(connections: Any) -> None:
    """Hang up on whom nothing is lost with, and who has been so for the longest."""
    idle = [each for each in connections if each.asks_nothing]
    if idle:
        min(idle, key=lambda each: each.began).transport.abort()
