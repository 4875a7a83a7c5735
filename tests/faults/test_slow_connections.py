"""Forty who send and read as slowly as they can: pages and hooks answer as if they were not there."""

import asyncio
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from gateway.hook_urls import inbound_url
from gateway.hooks.subscriptions import subscribe
from gateway.models import HookEvent, ServiceKind
from smartdialog_admin.launcher import processes
from tests.bench import bulk_contacts
from tests.bench.hooks_bench import environment_on, wait_for
from tests.bench.load_generator import Answers, at_a_rate
from tests.bench.slow_bench import Site, cookies_of
from tests.bench.slow_connections import slow_connections
from tests.factories import make_connection, make_service
from tests.sandbox_process import free_port

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True), pytest.mark.timeout(120)]

SLOW, ASKED, PEOPLE = 40, 10, 3_000


@pytest.fixture
def port(tmp_path) -> Iterator[int]:
    port = free_port()
    web = processes.web(tmp_path, port, environment_on(tmp_path))
    web.start()
    try:
        wait_for(f"http://127.0.0.1:{port}/static/nothing", web)
        yield port
    finally:
        web.ask_to_stop()
        web.wait(time.monotonic() + 10)


@pytest.fixture
def site(mikko, kahvila) -> Site:
    make_connection(mikko)
    hook = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)
    group = make_service(kahvila, kind=ServiceKind.GROUP)
    bulk_contacts.fill(group, PEOPLE)
    return Site(urlsplit(inbound_url(hook)).path, f"/contacts/{group.pk}/", cookies_of(mikko))


def test_pages_and_hooks_answer_beside_forty_slow_connections(port, site):
    async def ask() -> tuple[Answers, Answers]:
        once = {"count": ASKED, "per_second": 100, "connections": 2}
        async with slow_connections(port, site.slow, SLOW):
            return await asyncio.gather(
                at_a_rate(port, site.page_request, **once), at_a_rate(port, site.hook_request, **once)
            )

    pages, hooks = asyncio.run(asyncio.wait_for(ask(), 30))

    assert pages.statuses == hooks.statuses == {200: ASKED}
    assert HookEvent.objects.count() == ASKED
