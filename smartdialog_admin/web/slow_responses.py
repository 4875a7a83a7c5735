"""A thread says its answer as fast as it can; the reader takes it as fast as they can.

What lies between is in memory, more of it in a file. When all such files have no more room, the answer that
has the most left to be read is broken off: a reader who keeps up has next to nothing.
"""

import asyncio
from tempfile import SpooledTemporaryFile
from typing import Any

IN_MEMORY = 256 * 1024  # bytes of one answer
ROOM = 512 * 1024 * 1024  # bytes of all answers
CHUNK = 64 * 1024  # bytes


class UnhurriedAnswers:
    def __init__(self, app: Any, *, room: int = ROOM) -> None:
        self._app, self._room = app, room
        self._unread: set[Unread] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        unread = Unread(send)
        self._unread.add(unread)
        try:
            await self._app(scope, receive, self._taking(unread))
            await unread.until_read()
        finally:
            self._unread.discard(unread)
            unread.close()

    def _taking(self, unread: "Unread") -> Any:
        async def take(message: Any) -> None:
            await unread.take(message)
            if unread.size and sum(each.size for each in self._unread) > self._room:
                max(self._unread, key=lambda each: each.size).close()

        return take


class Unread:
    """What of one answer was said and not read yet. A short one goes straight to its reader."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self._has_body = self._is_whole = False
        self._file: Any = None
        self._said = self._read = 0
        self._more = asyncio.Event()
        self._reading: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        return self._said - self._read

    async def take(self, message: Any) -> None:
        body = message.get("body", b"")
        if self._reading is None and (not self._has_body or not body):
            self._has_body = bool(body)
            await self._send(message)
            return
        if self._reading is None:
            self._file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115
            self._reading = asyncio.create_task(self._let_read())
        self._add(body)
        self._is_whole = not message.get("more_body", False)
        self._more.set()

    async def until_read(self) -> None:
        if self._reading:
            await asyncio.wait({self._reading})
            if not self._reading.cancelled():
                self._reading.result()

    def close(self) -> None:
        """What is unread is lost; the server hangs up on a reader who did not get all."""
        if self._reading:
            self._reading.cancel()
            self._file.close()
            self._said = self._read

    def _add(self, body: bytes) -> None:
        if self._file.closed:
            return
        self._file.seek(self._said)
        try:
            self._file.write(body)
        except OSError:  # no room on the disk
            self.close()
        else:
            self._said += len(body)

    async def _let_read(self) -> None:
        while self.size or not self._is_whole:
            if not self.size:
                self._begin_anew()
                await self._more.wait()
                continue
            self._file.seek(self._read)
            part = self._file.read(CHUNK)
            self._read += len(part)
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body"})

    def _begin_anew(self) -> None:
        self._more.clear()
        self._said = self._read = 0
        self._file.seek(0)
        self._file.truncate()
