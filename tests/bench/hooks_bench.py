"""How fast the web process that bin/run starts takes hooks in, against a bare insert under its server."""

import asyncio
import json
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import requests
from django.conf import settings

from accounts.models import Customer, Role
from gateway.hook_urls import inbound_url
from gateway.hooks.subscriptions import subscribe
from gateway.models import HookEvent, HookSubscription, Operation, ServiceKind
from smartdialog_admin.launcher import processes
from smartdialog_admin.launcher.child_process import ChildProcess
from tests.bench import baseline_hook, guessers
from tests.bench.load_generator import HUNG_UP, Answers, as_fast_as_it_goes, at_a_rate, post
from tests.bench.result import Result
from tests.database import database_url
from tests.factories import make_connection, make_service
from tests.people import make_person
from tests.sandbox_process import free_port

CONNECTIONS = 16
MIN_SHARE = 0.6  # of the bare view's rate
OFFERED, SLOWEST = 300, 50.0  # per second; ms
GUESSES, GUESSERS = 1_000, 100  # secrets, on so many connections; the wait for each answer grows to 5 s
GOOD, MAX_RATIO = 50, 2.0  # good hooks a second; times as slow as alone
TURNS = 7  # one of each after the other, so that what else the machine does meets both


def run(*, quick: bool) -> Iterator[Result]:
    count, guesses = (1_000, 200) if quick else (4_000, GUESSES)
    with TemporaryDirectory() as folder, an_inbox() as hook, servers(Path(folder)) as (port, bare_port):
        path = urlsplit(inbound_url(hook)).path
        yield taken_in(port, bare_port, path, count)
        yield offered(port, bare_port, path, OFFERED * (3 if quick else 10))
        yield guessed(port, path, guesses)


def taken_in(port: int, bare_port: int, path: str, count: int) -> Result:
    before, each = HookEvent.objects.count(), count // TURNS
    fast(bare_port, "/hook/", CONNECTIONS)
    turns = [(fast(port, path, each).rate, fast(bare_port, "/hook/", each).rate) for _ in range(TURNS)]
    assert HookEvent.objects.count() - before == each * TURNS, "not every hook was kept"
    ours, bare = (statistics.median(rates) for rates in zip(*turns, strict=True))
    ratio = statistics.median(mine / floor for mine, floor in turns)
    goal = f"at least {MIN_SHARE:.0%} of the bare view"
    return Result(
        bench="hooks",
        case=f"{count:,} on {CONNECTIONS} kept connections",
        value=ours,
        unit="per s",
        floor=bare,
        ratio=ratio,
        goal=goal,
        ok=ratio >= MIN_SHARE,
    )


def offered(port: int, bare_port: int, path: str, count: int) -> Result:
    """The bare view's own p99 beside it says whether the machine had this much to give at all."""
    floor = well(asyncio.run(paced(bare_port, "/hook/", count, OFFERED))).slowest(0.01)
    value = well(asyncio.run(paced(port, path, count, OFFERED))).slowest(0.01)
    return Result(
        bench="hooks",
        case=f"p99 at {OFFERED}/s",
        value=value,
        unit="ms",
        floor=floor,
        ratio=value / floor,
        goal=f"under {SLOWEST:g} ms",
        ok=value < SLOWEST,
    )


def guessed(port: int, path: str, guesses: int) -> Result:
    """Good hooks while someone guesses secrets as fast as they can, against the same hooks alone."""
    turns = [alone_and_beside(port, path, guesses // TURNS) for _ in range(TURNS)]
    alone, beside = (statistics.median(waits) for waits in zip(*turns, strict=True))
    return Result(
        bench="hooks",
        case=f"p95 while {guesses:,} secrets are guessed",
        value=beside,
        unit="ms",
        floor=alone,
        ratio=beside / alone,
        goal=f"at most {MAX_RATIO:g}x of alone",
        ok=beside / alone <= MAX_RATIO,
    )


def alone_and_beside(port: int, path: str, guesses: int) -> tuple[float, float]:
    """The p95 of either, in ms."""
    alone = well(asyncio.run(paced(port, path, GOOD * 2, GOOD)))
    return alone.slowest(0.05), asyncio.run(beside_guesses(port, path, guesses)).slowest(0.05)


async def beside_guesses(port: int, path: str, guesses: int) -> Answers:
    """The guessers are a process of their own, as they are in life: the waits are our own process's."""
    guess = asyncio.to_thread(guessers.guess, port, count=guesses, connections=GUESSERS)
    guessing, answers = asyncio.create_task(guess), Answers()
    while not guessing.done():
        part = well(await paced(port, path, GOOD, GOOD))
        answers.waits += part.waits
    assert set(await guessing) <= {404, 429, HUNG_UP}
    return answers


def fast(port: int, path: str, count: int) -> Answers:
    return well(
        asyncio.run(
            as_fast_as_it_goes(port, lambda n: post(path, body(n)), count=count, connections=CONNECTIONS)
        )
    )


async def paced(port: int, path: str, count: int, per_second: int) -> Answers:
    request = lambda n: post(path, body(n))  # noqa: E731
    return await at_a_rate(port, request, count=count, per_second=per_second, connections=CONNECTIONS)


def well(answers: Answers) -> Answers:
    assert set(answers.statuses) == {200}, answers.statuses
    return answers


def body(number: int) -> bytes:
    message = {
        "sender": f"+35840{1_000_000 + number}",
        "recipient": "+358451234567",
        "content": f"Vastaus {number}: " + "kiitos, tulen mielelläni! " * 20,
        "timestamp": "2026-11-25T10:00:00Z",
        "protocol": "SMS",
        "attachments": [],
        "messageId": f"message-{number}-{time.time_ns()}",
    }
    return json.dumps(message).encode()


@contextmanager
def an_inbox() -> Iterator[HookSubscription]:
    customer = Customer.objects.create(remote_id="customer-hooks", name="Bench Oy")
    somebody = make_person("Hooked", Role.ADMIN, customer)
    make_connection(somebody)
    try:
        yield subscribe(make_service(customer, kind=ServiceKind.TWO_WAY), by=somebody)
    finally:
        Operation.objects.all().delete()
        customer.delete()
        somebody.delete()


@contextmanager
def servers(folder: Path) -> Iterator[tuple[int, int]]:
    """The dashboard's web process and the bare one, on the benchmark's database."""
    port, bare_port = free_port(), free_port()
    environment = environment_on(folder)
    web, floor = processes.web(folder, port, environment), bare(folder, bare_port, environment)
    children = {port: web, bare_port: floor}
    baseline_hook.make_table()
    try:
        for at, child in children.items():
            child.start()
            wait_for(f"http://127.0.0.1:{at}/hook/", child)
        yield port, bare_port
    finally:
        for child in children.values():
            child.ask_to_stop()
            child.wait(time.monotonic() + 10)
        baseline_hook.drop_table()


def environment_on(folder: Path) -> dict[str, str]:
    """Of a process on this one's database."""
    return {
        "DATABASE_URL": database_url(),
        "CELERY_BROKER_URL": "filesystem://",
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "smartdialog_admin.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "TOKEN_ENCRYPTION_KEYS": ",".join(settings.TOKEN_ENCRYPTION_KEYS),
    }


def bare(folder: Path, port: int, environment: dict[str, str]) -> ChildProcess:
    """The web process's own command, with another application."""
    command = [part.replace("smartdialog_admin.asgi", "tests.bench.baseline_hook") for part in processes.WEB]
    own = {"DJANGO_SETTINGS_MODULE": "tests.bench.baseline_hook_settings"}
    options = ("--factory", "--port", str(port), *processes.SERVING)
    return ChildProcess("bare", *command, *options, logs=folder, environment=environment | own)


def wait_for(address: str, child: ChildProcess) -> None:
    for _ in range(300):
        try:
            requests.get(address, timeout=5)
            return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"{child.name} did not start:\n{child.log.read_text()}")
