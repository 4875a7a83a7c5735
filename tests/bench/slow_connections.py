"""Connections that send or read as little as they can, and come again when they are hung up on."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

TRICKLE = 2.0  # seconds between two bytes
SMALL_WINDOW = 4096  # bytes that a slow reader's own kernel takes for it


@asynccontextmanager
async def slow_connections(port: int, kinds: Sequence[bytes], count: int) -> AsyncIterator[Counter[str]]:
    """`kinds` of beginnings in turn: more comes by the byte, and any answer is read by the byte.

    Inside, all of them are there; what became of them is counted.
    """
    outcomes: Counter[str] = Counter()
    begun = asyncio.Semaphore(0)
    tasks = [
        asyncio.create_task(_keep_slow(port, kinds[number % len(kinds)], begun, outcomes))
        for number in range(count)
    ]
    try:
        for _ in tasks:
            await begun.acquire()
        yield outcomes
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _keep_slow(port: int, beginning: bytes, begun: asyncio.Semaphore, outcomes: Counter[str]) -> None:
    while True:
        with contextlib.suppress(OSError), socket.socket() as talk:
            talk.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW)
            talk.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_connect(talk, ("127.0.0.1", port))
            await loop.sock_sendall(talk, beginning)
            outcomes["begun"] += 1
            begun.release()
            await asyncio.gather(_send_slowly(talk), _read_slowly(talk))
        outcomes["hung up on"] += 1
        await asyncio.sleep(0.1)


async def _send_slowly(talk: socket.socket) -> None:
    while True:
        await asyncio.sleep(TRICKLE)
        await asyncio.get_running_loop().sock_sendall(talk, b" ")


async def _read_slowly(talk: socket.socket) -> None:
    while await asyncio.get_running_loop().sock_recv(talk, 1):
        await asyncio.sleep(TRICKLE)
    raise ConnectionResetError


def begun_post(path: str, *headers: str, body: bytes = b" ", length: int = 100_000) -> bytes:
    """The beginning of a request whose body is said to be that long."""
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {length}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body
