"""Closed-loop load (as fast as it goes) and open-loop load (at a rate) over kept-alive connections."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int], bytes]

HUNG_UP = 0  # in place of a status


@dataclass
class Answers:
    """`waits`: seconds from when a request was due to its answer."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.waits) / self.seconds

    def slowest(self, share: float) -> float:
        """The wait in ms that only this share of the requests exceeds."""
        waits = sorted(self.waits)
        return waits[min(len(waits) - 1, int(len(waits) * (1 - share)))] * 1000


async def as_fast_as_it_goes(port: int, request: Request, *, count: int, connections: int) -> Answers:
    """Each connection asks again as soon as it has its answer."""
    answers, numbers = Answers(), iter(range(count))
    began = time.perf_counter()
    await asyncio.gather(*(_caller(port, request, numbers, answers, None) for _ in range(connections)))
    answers.seconds = time.perf_counter() - began
    return answers


async def at_a_rate(
    port: int, request: Request, *, count: int, per_second: float, connections: int
) -> Answers:
    """Requests are due at even times, whatever became of those before; a late one has waited since then."""
    answers, numbers = Answers(), iter(range(count))
    began = time.perf_counter()
    due = (began + number / per_second for number in itertools.count())
    await asyncio.gather(*(_caller(port, request, numbers, answers, due) for _ in range(connections)))
    answers.seconds = time.perf_counter() - began
    return answers


async def _caller(port, request, numbers, answers, due):  # type: ignore[no-untyped-def]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for number in numbers:
            began = next(due) if due else time.perf_counter()
            if due:
                await asyncio.sleep(max(0.0, began - time.perf_counter()))
            writer.write(request(number))
            try:
                status = await _read_answer(reader)
            except (ConnectionResetError, asyncio.IncompleteReadError):
                status = HUNG_UP
            if status in {HUNG_UP, 429}:  # who guesses too much is hung up on, and comes again
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            answers.waits.append(time.perf_counter() - began)
            answers.statuses[status] += 1
    finally:
        writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> int:
    head = await reader.readuntil(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    assert length, head.decode()
    await reader.readexactly(int(length))
    return int(head[9:12])


def post(path: str, body: bytes) -> bytes:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
