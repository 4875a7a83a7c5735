"""Many open inboxes on one web process, as their streams hear of what changes."""

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection

from accounts.models import Customer, User
from gateway import clock
from gateway.live_updates import live
from messaging.inbox.incoming.receiving import TOPIC, refresh_preview, tell
from messaging.inbox.models import Direction, Message, Thread
from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests.bench.hooks_bench import environment_on, wait_for
from tests.people import client_of
from tests.sandbox_process import free_port

AT_ONCE = 20  # rows that change in one transaction, where they are many a second
AFTERWARDS = 3.0  # seconds in which the last of them may still come


@dataclass
class Heard:
    """`waits`: seconds from the commit of a change until a stream had its row, of each stream and change."""

    waits: list[float] = field(default_factory=list)
    cpu: float = 0.0  # % of a core
    memory: float = 0.0  # MB that each stream took
    connections: float = 0.0  # of the process to the database, while nothing changes
    written: dict[str, float] = field(default_factory=dict)
    begun: int = 0  # streams

    def slowest(self, share: float) -> float:
        """Milliseconds that all but this share of them took at most."""
        return sorted(self.waits)[int(len(self.waits) * (1 - share))] * 1000 if self.waits else float("inf")


@contextmanager
def web_process() -> Iterator[tuple[int, ChildProcess]]:
    with TemporaryDirectory() as folder:
        port = free_port()
        web = processes.web(Path(folder), port, environment_on(Path(folder)))
        web.start()
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", web)
            yield port, web
        finally:
            web.ask_to_stop()
            web.wait(time.monotonic() + 10)


async def listen(
    port: int, pid: int, people: list[User], streams: int, write: Callable[[dict[str, float]], None]
) -> Heard:
    heard = Heard()
    cookies = [await sync_to_async(_session)(person) for person in people]
    memory = _memory(pid)
    async with _open(port, cookies, streams, heard):
        heard.memory = (_memory(pid) - memory) / streams
        heard.connections = await sync_to_async(_connections)()
        began, spent = time.monotonic(), _cpu(pid)
        await sync_to_async(write)(heard.written)
        heard.cpu = 100 * (_cpu(pid) - spent) / (time.monotonic() - began)
        await asyncio.sleep(AFTERWARDS)
    await sync_to_async(lambda: connection.close())()  # of the thread that wrote
    return heard


def messages(customer: Customer, rate: int, seconds: int) -> Callable[[dict[str, float]], None]:
    """Each in a thread of its own, at even times."""

    def write(written: dict[str, float]) -> None:
        began = time.monotonic()
        for number, thread in enumerate(_latest(customer, rate * seconds)):
            time.sleep(max(0.0, began + number / rate - time.monotonic()))
            message = Message.objects.create(
                thread=thread, direction=Direction.IN, content="Uusi viesti", at=clock.now()
            )
            Thread.objects.filter(pk=thread.pk).update(newest_received=message.pk)
            refresh_preview(thread)
            written[str(thread.pk)] = time.perf_counter()
            tell(thread)

    return write


def changes(customer: Customer, rate: int, seconds: int) -> Callable[[dict[str, float]], None]:
    """Each of a thread of its own, some in a transaction, as workers commit what came."""

    def write(written: dict[str, float]) -> None:
        began = time.monotonic()
        threads = [str(thread.pk) for thread in _latest(customer, rate * seconds)]
        for start in range(0, len(threads), AT_ONCE):
            time.sleep(max(0.0, began + start / rate - time.monotonic()))
            those = threads[start : start + AT_ONCE]
            written.update(dict.fromkeys(those, time.perf_counter()))
            live.announce_rows(customer, TOPIC, [int(each) for each in those])

    return write


def _latest(customer: Customer, number: int) -> list[Thread]:
    return list(Thread.objects.filter(customer=customer).order_by("-pk")[:number])


@asynccontextmanager
async def _open(port: int, cookies: list[str], streams: int, heard: Heard) -> AsyncIterator[None]:
    rows: dict[bytes, list[str]] = {}
    tasks = [
        asyncio.create_task(_follow(port, cookies[number % len(cookies)], heard, rows))
        for number in range(streams)
    ]
    give_up = time.monotonic() + 60
    while heard.begun < streams:
        assert time.monotonic() < give_up, f"only {heard.begun} streams began"
        await asyncio.sleep(0.1)
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _follow(port: int, cookie: str, heard: Heard, rows: dict[bytes, list[str]]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"GET /live/?topics=inbox HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n"
    writer.write(head.encode())
    try:
        async for line in _lines(reader):
            if line == b"data: inbox":
                heard.begun += 1
            elif line.startswith(b"data: {"):
                came = time.perf_counter()
                if line not in rows:  # every stream is sent the same: it is parsed once, as by one browser
                    rows[line] = list(json.loads(line[6:])["rows"])
                heard.waits.extend(came - heard.written[key] for key in rows[line] if key in heard.written)
    finally:
        writer.close()


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Of an answer that comes in chunks, which end anywhere."""
    await reader.readuntil(b"\r\n\r\n")
    begun = b""
    while size := int(await reader.readline() or b"0", 16):
        *lines, begun = (begun + (await reader.readexactly(size + 2))[:-2]).split(b"\n")
        for line in lines:
            yield line


def _session(person: User) -> str:
    return client_of(person).cookies[settings.SESSION_COOKIE_NAME].value


def _connections() -> float:
    """Beside our own; SQLite has no count of them."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND query ILIKE '%%gateway_change%%'"
        )
        return float(cursor.fetchone()[0])


def _cpu(pid: int) -> float:
    """Seconds that the process has worked."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """MB that the process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
