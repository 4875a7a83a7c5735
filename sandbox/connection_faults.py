"""Fault injection on the TCP connection, which a web framework cannot show: a reset, a truncated answer."""

import asyncio
import contextlib
import re
import socket
import struct
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import unquote

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

WIRE_HEADER = b"x-sandbox-wire"
ABORTIVE_CLOSE = struct.pack("ii", 1, 0)


class ConnectionCut(Exception):
    """The connection is gone on purpose; the rest of the answer has nowhere to go."""


def with_connection_faults(app: App) -> App:
    """Stamp each request's arrival, and obey the wire header of its answer."""

    async def served(scope: Message, receive: Receive, send: Send) -> None:
        scope["sandbox.arrived_ns"] = time.monotonic_ns()
        scope["path"] = decode_path(scope["raw_path"])
        wire = ""

        async def watched(message: Message) -> None:
            nonlocal wire
            if message["type"] == "http.response.start":
                wire, message = take_wire_header(message)
                if wire == "reset":
                    await reset(send)
                    raise ConnectionCut
            elif wire == "truncate":
                body = message.get("body", b"")
                await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
                await reset(send, politely=True)
                raise ConnectionCut
            await send(message)

        with contextlib.suppress(ConnectionCut):
            await app(scope, receive, watched)

    return served


def decode_path(raw_path: bytes) -> str:
    """The path decoded but for %2F, so that one segment never becomes two and asks for something else."""
    return unquote(re.sub("%2[fF]", "%252F", raw_path.decode("latin-1")))


def take_wire_header(message: Message) -> tuple[str, Message]:
    headers = message["headers"]
    wire = next((value.decode() for name, value in headers if name.lower() == WIRE_HEADER), "")
    kept = [pair for pair in headers if pair[0].lower() != WIRE_HEADER]
    return wire, {**message, "headers": kept}


async def reset(send: Send, *, politely: bool = False) -> None:
    """Drop the connection. uvicorn has no public way to, but its `send` belongs to the transport's owner."""
    transport = send.__self__.transport  # type: ignore[attr-defined]
    if politely:
        transport.close()
    else:
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORTIVE_CLOSE)
        transport.abort()
    await asyncio.sleep(0.01)
