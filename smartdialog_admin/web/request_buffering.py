"""A body is received whole, under a deadline and a limit, before a thread is taken for it.

What is more than a little of it goes to a file. Of a file that is too large, that its sender may not send or
that there is no room for, only the beginning is passed on, so that the form can say so in its own words.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from contextlib import ExitStack
from os import SEEK_END
from tempfile import SpooledTemporaryFile
from typing import Any

from django.db import Error

from smartdialog_admin.web.concurrency_limits import Seats
from smartdialog_admin.web.early_answers import answer, header
from smartdialog_admin.web.limits import FORM, BodyLimit, limit_of

log = logging.getLogger(__name__)

IN_MEMORY = 256 * 1024  # bytes of one body
BEGINNING = 64 * 1024  # bytes: the fields of a form, which come before its file
FILES_AT_ONCE, OF_EACH = 8, 3

TOO_LARGE = "This is too large: at most {:,} kB are taken here. Nothing was changed."
TOO_SLOW = "This did not arrive in time. Nothing was changed. Send it again."
BUSY = "Too many files arrive at the moment. Nothing was changed. Send yours again in a minute."
AWAY = "The database does not answer at the moment. Nothing was changed. Send this again in a minute."
NO_ROOM = "There is no room for this at the moment. Nothing was changed. Send it again later."

SenderOf = Callable[[Any], Awaitable[Hashable]]


class BodyRefused(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status, self.words = status, words


class CallerGone(Exception):
    pass


class WholeBodies:
    def __init__(self, app: Any, *, sender_of: SenderOf) -> None:
        self._app, self._sender_of = app, sender_of
        self._seats = Seats(total=FILES_AT_ONCE, each=OF_EACH)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if not (header(scope, b"content-length") or header(scope, b"transfer-encoding")):
            await self._app(scope, receive, send)
            return
        with ExitStack() as kept:
            body = kept.enter_context(SpooledTemporaryFile(max_size=IN_MEMORY))
            try:
                scope = await self._received(scope, receive, body, kept)
            except CallerGone:
                return
            except BodyRefused as refused:
                await answer(send, refused.status, refused.words, close=refused.status == 408)
                return
            body.seek(0)
            await self._app(scope, _replayed(body, receive), send)

    async def _received(self, scope: Any, receive: Any, body: Any, kept: ExitStack) -> Any:
        """The scope that goes with what is in `body` now."""
        limit, promised = limit_of(scope["path"]), _promised(scope)
        takes_files, is_in_chunks = limit.takes_files, promised is None
        if takes_files and (promised is None or promised > IN_MEMORY):
            limit = await self._limit_of_file(scope, kept)
        is_too_large = promised is not None and promised > limit.size
        if is_too_large and not takes_files:
            raise BodyRefused(413, TOO_LARGE.format(limit.size // 1024))
        try:
            await _receive(receive, body, limit, enough=BEGINNING if is_too_large else None)
        except OSError:
            if not takes_files:
                raise BodyRefused(503, NO_ROOM) from None
            body.truncate(BEGINNING)
            scope = scope | {"body_cut": "no room"}
        if is_too_large:
            scope = scope | {"body_cut": "size"}
        return _with_length(scope, body) if is_in_chunks else scope

    async def _limit_of_file(self, scope: Any, kept: ExitStack) -> BodyLimit:
        """A seat is a person's, and of those alone who may send files."""
        try:
            sender = await self._sender_of(scope)
        except Error as error:
            log.warning("who sends a file could not be asked: %s", type(error).__name__)
            raise BodyRefused(503, AWAY) from error
        if sender is None:
            return FORM
        if not kept.enter_context(self._seats.one_for(sender)):
            raise BodyRefused(503, BUSY)
        return limit_of(scope["path"])


async def _receive(receive: Any, body: Any, limit: BodyLimit, *, enough: int | None) -> None:
    """All of it, or at least what is enough."""
    clock, size, has_more = asyncio.get_running_loop().time, 0, True
    began = clock()
    try:
        async with asyncio.timeout(limit.seconds) as deadline:
            while has_more and (enough is None or size < enough):
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise CallerGone
                part, has_more = message.get("body", b""), message.get("more_body", False)
                size += len(part)
                if size > limit.size:
                    raise BodyRefused(413, TOO_LARGE.format(limit.size // 1024))
                await _write(body, part, in_thread=size > IN_MEMORY)
                deadline.reschedule(began + limit.deadline(size))
    except TimeoutError:
        raise BodyRefused(408, TOO_SLOW) from None


async def _write(body: Any, part: bytes, *, in_thread: bool) -> None:
    """A disk may take its time, which all who are served would wait for."""
    if in_thread:
        await asyncio.to_thread(body.write, part)
    else:
        body.write(part)


def _replayed(body: Any, receive: Any) -> Any:
    """What an application receives: the body, then whatever comes after it."""
    is_over = False

    async def replay() -> Any:
        nonlocal is_over
        if is_over:
            return await receive()
        part = body.read(IN_MEMORY)
        is_over = len(part) < IN_MEMORY
        return {"type": "http.request", "body": part, "more_body": not is_over}

    return replay


def _promised(scope: Any) -> int | None:
    """Bytes; a body in chunks says no length."""
    length = header(scope, b"content-length")
    return int(length) if length.isdigit() else None


def _with_length(scope: Any, body: Any) -> Any:
    """As if it had not come in chunks: Django reads nothing of a body that says no length."""
    kept = [each for each in scope["headers"] if each[0] not in {b"transfer-encoding", b"content-length"}]
    return scope | {"headers": [*kept, (b"content-length", str(body.seek(0, SEEK_END)).encode())]}
