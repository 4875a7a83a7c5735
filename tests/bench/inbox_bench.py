"""The inbox of a large customer: its list and search, and how soon 200 open inboxes show what is written."""

import asyncio
import json
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connection
from django.test import override_settings

from accounts.models import Customer, Role, User
from gateway import clock
from gateway.models import ServiceKind
from messaging.inbox.models import Direction, Message, Thread
from messaging.inbox.receiving import refresh_preview, tell
from messaging.inbox.search.results import search
from messaging.inbox.search.words import kept_number, kept_words
from smartdialog_admin.launcher import processes
from tests.bench.hooks_bench import environment_on, wait_for
from tests.bench.result import Result
from tests.bench.table_bench import as_served, bare_client, ms
from tests.factories import make_service
from tests.people import client_of, make_person
from tests.sandbox_process import free_port

THREADS, QUICK_THREADS = 50_000, 2_000
OF_EACH = 10  # messages of a thread
STREAMS, RATE, SECONDS = 200, 50, 10  # open inboxes; messages a second; how long
MAX_SHOWN, MAX_CPU, MAX_SEARCH = 300.0, 60.0, 100.0  # ms; % of a core; ms
MAX_TIMES_BARE, PAIRS = 2.0, 15
EACH_WORD = {"rare": 50_000, "common": 20, "some": 1_000}  # one of so many messages has it
SEARCHES = {
    "rare": "zorbium",
    "common": "kiitos",
    "one in a thousand": "tilaus",
    "absent": "olematonta",
    "two words": "kiitos tilaus",
    "phrase": '"kiitos viestistä"',
    "beginning of a word": "zor",
}
WORDS = {"rare": "zorbium", "common": "kiitos", "some": "tilaus"}


def run(*, quick: bool) -> Iterator[Result]:
    threads = QUICK_THREADS if quick else THREADS
    with a_large_inbox(threads) as (customer, people):
        with override_settings(ALLOWED_HOSTS=["*"], ROOT_URLCONF="tests.bench.baseline_inbox"), as_served():
            yield from pages(people[0], customer)
        yield from searches(customer)
        yield from shown(customer, people, seconds=4 if quick else SECONDS)


def pages(somebody: User, customer: Customer) -> Iterator[Result]:
    """Each in turn with a bare page of the same rows, so that a busy machine is busy for both."""
    ours, bare = client_of(somebody), bare_client()
    newest = Thread.objects.of_customer(customer).open().latest("last_message_at")
    threads, messages = ("threads", r'data-thread="(\d+)"'), ("messages", r'id="message-(\d+)"')
    cases = {
        "list": ("", [threads]),
        "waiting for us": ("?show=waiting", [threads]),
        "unread": ("?show=unread", [threads]),
        "thread, with its list": (f"{newest.pk}/", [threads, messages]),
        "search page": ("?q=kiitos", [("messages", r"hit=(\d+)#")]),
    }
    for case, (query, rows) in cases.items():
        shown = ours.get(f"/inbox/{query}").content.decode()
        bare_urls = [
            f"/bare/{kind}/?keys={','.join(dict.fromkeys(re.findall(key, shown)))}" for kind, key in rows
        ]
        pairs = [(ms(ours, f"/inbox/{query}"), sum(ms(bare, url) for url in bare_urls)) for _ in range(PAIRS)]
        value, floor = (min(costs) for costs in zip(*pairs, strict=True))
        goal, ok = f"at most {MAX_TIMES_BARE:g}x a bare page", value <= MAX_TIMES_BARE * floor
        yield result(case, value, "ms", goal, ok, floor=floor)


def searches(customer: Customer) -> Iterator[Result]:
    for case, text in SEARCHES.items():
        value = min(_seconds(lambda text=text: search(customer, text)) for _ in range(7)) * 1000
        yield result(f"search, {case}", value, "ms", f"under {MAX_SEARCH:g} ms", value < MAX_SEARCH)


def shown(customer: Customer, people: list[User], *, seconds: int) -> Iterator[Result]:
    """From the commit of a message until all open inboxes have its row, on one web process."""
    with TemporaryDirectory() as folder:
        port = free_port()
        web = processes.web(Path(folder), port, environment_on(Path(folder)))
        web.start()
        try:
            wait_for(f"http://127.0.0.1:{port}/healthz", web)
            waits, cpu, held = asyncio.run(listen(port, web.pid or 0, customer, people, seconds))
        finally:
            web.ask_to_stop()
            web.wait(time.monotonic() + 10)
    expected = STREAMS * RATE * seconds
    value = sorted(waits)[int(len(waits) * 0.95)] * 1000
    case = f"p95 at {STREAMS} inboxes, {RATE}/s"
    yield result(case, value, "ms", f"under {MAX_SHOWN:g} ms", value < MAX_SHOWN)
    yield result("of a core meanwhile", cpu, "%", f"under {MAX_CPU:g} %", cpu < MAX_CPU)
    yield result("rows that came", len(waits) / expected, "of 1", "all", len(waits) == expected)
    yield result("database connections of the process", held, "", "at most 2 at rest", held <= 2)


async def listen(
    port: int, pid: int, customer: Customer, people: list[User], seconds: int
) -> tuple[list[float], float, float]:
    cookies = [await sync_to_async(_session)(person) for person in people]
    written: dict[str, float] = {}
    waits: list[float] = []
    streams = [
        asyncio.create_task(_follow(port, cookies[number % len(cookies)], written, waits))
        for number in range(STREAMS)
    ]
    await _until_all_listen()
    held = await sync_to_async(_connections)()
    began, spent = time.monotonic(), _cpu(pid)
    await sync_to_async(_write)(customer, written, seconds)
    await asyncio.sleep(1.5)
    cpu = 100 * (_cpu(pid) - spent) / (time.monotonic() - began - 1.5)
    for stream in streams:
        stream.cancel()
    await asyncio.gather(*streams, return_exceptions=True)
    await sync_to_async(lambda: connection.close())()  # of the thread that wrote
    return waits, cpu, held


def _write(customer: Customer, written: dict[str, float], seconds: int) -> None:
    """Each in a thread of its own, at even times."""
    threads = list(Thread.objects.filter(customer=customer).order_by("-pk")[: RATE * seconds])
    began = time.monotonic()
    for number, thread in enumerate(threads):
        time.sleep(max(0.0, began + number / RATE - time.monotonic()))
        message = Message.objects.create(
            thread=thread, direction=Direction.IN, content="Uusi viesti", at=clock.now()
        )
        Thread.objects.filter(pk=thread.pk).update(newest_received=message.pk)
        refresh_preview(thread)
        written[str(thread.pk)] = time.perf_counter()
        tell(thread)


async def _follow(port: int, cookie: str, written: dict[str, float], waits: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    head = f"GET /live/?topics=inbox HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n\r\n"
    writer.write(head.encode())
    try:
        while line := await reader.readline():
            if line == b"data: inbox\n":
                _LISTENING.append(port)
            elif line.startswith(b"data: {"):
                came = time.perf_counter()
                # The keys alone: parsing 200 times what a browser parses once would be timed, too.
                keys = [key for key in _keys(line) if key in written]
                waits.extend(came - written[key] for key in keys)
    finally:
        writer.close()


async def _until_all_listen() -> None:
    give_up = time.monotonic() + 60
    while len(_LISTENING) < STREAMS:
        assert time.monotonic() < give_up, f"only {len(_LISTENING)} streams began"
        await asyncio.sleep(0.1)


_SEEN: dict[bytes, list[str]] = {}
_LISTENING: list[int] = []  # one for each stream that has begun


def _keys(line: bytes) -> list[str]:
    """Every stream is sent the same line: it is parsed once."""
    if line not in _SEEN:
        _SEEN[line] = list(json.loads(line[6:])["rows"])
    return _SEEN[line]


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


def _seconds(work) -> float:  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def result(case: str, value: float, unit: str, goal: str, ok: bool, *, floor: float | None = None) -> Result:
    ratio = value / floor if floor else None
    return Result(
        bench="inbox", case=case, value=value, unit=unit, floor=floor, ratio=ratio, goal=goal, ok=ok
    )


@contextmanager
def a_large_inbox(threads: int) -> Iterator[tuple[Customer, list[User]]]:
    customer = Customer.objects.create(remote_id="customer-inbox-bench", name="Bench Oy")
    people = [make_person(f"Reader {number}", Role.MARKETER, customer) for number in range(20)]
    service = make_service(customer, kind=ServiceKind.TWO_WAY)
    try:
        _fill(customer, service, threads)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE inbox_message, inbox_thread")
        yield customer, people
    finally:
        customer.delete()
        User.objects.filter(pk__in=[person.pk for person in people]).delete()


def _fill(customer: Customer, service, threads: int) -> None:  # type: ignore[no-untyped-def]
    now = clock.now()
    for start in range(0, threads, 2000):
        batch = Thread.objects.bulk_create(
            Thread(
                customer=customer,
                service=service,
                address=(address := f"+35850{start + number:07}"),
                search_text=kept_number(customer.pk, address),
                our_address="+358451234567",
                state="open" if number % 2 else "closed",
                last_message_at=now - timedelta(minutes=threads - start - number),
                unanswered_since=now if number % 4 == 1 else None,
                last_text="Kiitos viestistä",
                last_direction="in",
            )
            for number in range(min(2000, threads - start))
        )
        Message.objects.bulk_create(
            (_message(customer, thread, number) for thread in batch for number in range(OF_EACH)),
            batch_size=1000,
        )


def _message(customer: Customer, thread: Thread, number: int) -> Message:
    place = thread.pk * OF_EACH + number
    words = [WORDS[name] for name, each in EACH_WORD.items() if place % each == 0]
    text = " ".join(["Hei, tulen lauantaina iltapäivällä kello", f"{place}", *words, "viestistä"])
    return Message(
        thread=thread,
        direction=Direction.IN,
        content=text,
        search_text=kept_words(customer.pk, text),
        at=thread.last_message_at,
    )
