"""What people and SmartDialog notice of many who send and read as slowly as they can."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

from django.conf import settings

from accounts.models import User
from gateway.hook_urls import inbound_url
from gateway.models import ServiceKind
from tests.bench import bulk_contacts
from tests.bench.hooks_bench import an_inbox, body, servers, well
from tests.bench.load_generator import Answers, at_a_rate, post
from tests.bench.result import Result
from tests.bench.slow_connections import begun_post, slow_connections
from tests.factories import make_service
from tests.people import client_of

SLOW = 200  # connections: a third each to a hook, to the sign-in and as readers of an export
PEOPLE = 5_000  # in the export
PAGES, HOOKS = 5, 20  # a second
MAX_RATIO = 2.0  # of the quiet p95
CSRF = "c" * 32


def run(*, quick: bool) -> Iterator[Result]:
    seconds = 10 if quick else 60
    with TemporaryDirectory() as folder, an_inbox() as hook:
        group = make_service(hook.customer, kind=ServiceKind.GROUP)
        bulk_contacts.fill(group, PEOPLE)
        site = Site(
            urlsplit(inbound_url(hook)).path, f"/contacts/{group.pk}/", cookies_of(hook.customer.users.get())
        )
        with servers(Path(folder)) as (port, _bare):
            quiet, busy, outcomes = asyncio.run(quiet_and_busy(port, site, seconds))
    assert outcomes["begun"] >= SLOW, outcomes
    yield pages(quiet, busy)
    yield hooks(busy)


@dataclass
class Site:
    hook: str
    page: str
    cookies: str

    @property
    def slow(self) -> list[bytes]:
        form, kind = b"format=csv&matching=yes&filter=", "Content-Type: application/x-www-form-urlencoded"
        token = f"X-CSRFToken: {CSRF}"
        export = begun_post(f"{self.page}export/", self.cookies, token, kind, body=form, length=len(form))
        sign_in = begun_post("/sign-in/", f"Cookie: {settings.CSRF_COOKIE_NAME}={CSRF}", kind)
        return [begun_post(self.hook), sign_in, export]

    def page_request(self, _number: int) -> bytes:
        return f"GET {self.page} HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.cookies}\r\n\r\n".encode()

    def hook_request(self, number: int) -> bytes:
        return post(self.hook, body(number))


@dataclass
class Load:
    pages: Answers
    hooks: Answers


async def quiet_and_busy(port: int, site: Site, seconds: int) -> tuple[Load, Load, Counter[str]]:
    await load(port, site, 3)
    quiet = await load(port, site, seconds)
    async with slow_connections(port, site.slow, SLOW) as outcomes:
        await load(port, site, 5)  # until the first exports are made
        busy = await load(port, site, seconds)
    return quiet, busy, outcomes


async def load(port: int, site: Site, seconds: int) -> Load:
    return Load(
        *await asyncio.gather(
            at_a_rate(port, site.page_request, count=PAGES * seconds, per_second=PAGES, connections=PAGES),
            at_a_rate(port, site.hook_request, count=HOOKS * seconds, per_second=HOOKS, connections=HOOKS),
        )
    )


def pages(quiet: Load, busy: Load) -> Result:
    floor, value = (well(each.pages).slowest(0.05) for each in (quiet, busy))
    return Result(
        bench="slow",
        case=f"p95 of a page beside {SLOW} slow ones",
        value=value,
        unit="ms",
        floor=floor,
        ratio=value / floor,
        goal=f"at most {MAX_RATIO:g}x of quiet",
        ok=value / floor <= MAX_RATIO,
    )


def hooks(busy: Load) -> Result:
    lost = sum(count for status, count in busy.hooks.statuses.items() if status != 200)
    return Result(
        bench="slow",
        case=f"hooks lost of {len(busy.hooks.waits):,} beside them",
        value=lost,
        unit="hooks",
        goal=f"none; p95 is {busy.hooks.slowest(0.05):,.0f} ms",
        ok=not lost,
    )


def cookies_of(person: User) -> str:
    """As the person's browser sends them once they are signed in."""
    session = client_of(person).cookies[settings.SESSION_COOKIE_NAME].value
    return f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"
