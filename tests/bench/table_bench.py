"""A page of the table at a million contacts, against a bare page of the same rows and Django's admin."""

import re
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import setup_test_environment, teardown_test_environment

from accounts.db.paging import encode_cursor
from accounts.models import Customer, Role, User
from contacts.listing import TableQuery
from contacts.listing.paging import SORT_ORDERS
from gateway.models import Service, ServiceKind
from tests.bench import bulk_contacts
from tests.bench.result import Result
from tests.factories import make_connection, make_service
from tests.people import client_of, make_person

MANY, QUICK = 1_000_000, 20_000
TURNS, QUICK_TURNS = 25, 15
MAX_TIMES_BARE, MIN_TIMES_ADMIN = 2.0, 8.0
MAX_MS = {"postgresql": 300, "sqlite": 1000}  # of any list, search or order
MAX_MEMORY = 300  # MB
LISTS = {
    "Anna, gold and active": "q=anna&property=Level&value=gold&state=active",
    "failed": "state=failed",
    "inactive, by name": "state=inactive&sort=name",
    "property, one in fifty": "property=Level&value=gold",
    "nobody": "q=zzzz",
    "the end of a number": "q=99999",
    "a number as dialled": "q=040 15",
    "changed today": "since=2999-01-01",
    "by number": "sort=phone",
    "last changed": "sort=changed",
}


ADMIN = "django.contrib.admin"
BARE_MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ADMIN_MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]


def run(*, quick: bool) -> Iterator[Result]:
    rows, turns = (QUICK, QUICK_TURNS) if quick else (MANY, TURNS)
    with filled_group(rows) as (group, somebody), the_admin_installed(), as_served():
        pages = {
            "page 1": "",
            f"page {rows // 100:,}": last_page(group, TableQuery()),
            "rare search, 100 rows": f"q={bulk_contacts.RARE}",
            "common search, 100 rows": "q=anna",
        }
        lists = {**LISTS, "by name, last page": last_page(group, TableQuery(sort="name"))}
        rivals = Baselines(somebody, rows)
        for case, query in pages.items():
            yield from rivals.compare(case, f"/contacts/{group.pk}/?{query}", turns)
        for case, query in lists.items():
            yield within(case, f"/contacts/{group.pk}/?{query}", rivals.ours, turns)
    yield memory()


class Baselines:
    """The product, a bare page and the admin, each behind its own middleware."""

    def __init__(self, somebody: User, rows: int) -> None:
        self.rows = rows
        self.ours = client_of(somebody)
        self.bare = bare_client()
        with override_settings(MIDDLEWARE=ADMIN_MIDDLEWARE):
            self.admin = client_of(somebody)
            self.admin.handler.load_middleware()

    def compare(self, case: str, url: str, turns: int) -> Iterator[Result]:
        keys = keys_in(self.ours.get(url, headers={"host": "localhost"}).content.decode())
        assert len(keys) >= 99, f"{case} has {len(keys)} rows"
        bare_url = f"/bare/?keys={','.join(keys)}"
        # One after the other, so that a busy machine is busy for both.
        pairs = [(ms(self.ours, url), ms(self.bare, bare_url)) for _ in range(turns)][1:]
        # The best of each: what a busy machine adds is of neither.
        value, floor = (min(costs) for costs in zip(*pairs, strict=True))
        yield judged(
            case, value, floor, f"at most {MAX_TIMES_BARE:g}x a bare page", value <= MAX_TIMES_BARE * floor
        )
        slow = min(ms(self.admin, self._as_the_admin_has_it(url)) for _ in range(3))
        goal = f"1/{MIN_TIMES_ADMIN:g} of Django's admin"
        yield judged(f"{case}, admin", value, slow, goal, value * MIN_TIMES_ADMIN <= slow)

    def _as_the_admin_has_it(self, url: str) -> str:
        """A page by its number, a search over the same four fields."""
        query = url.partition("?")[2]
        return f"/admin/contacts/contact/?{f'p={self.rows // 100}' if query.startswith('after=') else query}"


def bare_client() -> Client:
    with override_settings(MIDDLEWARE=BARE_MIDDLEWARE):
        client = Client()
        client.handler.load_middleware()
    return client


def within(case: str, url: str, client: Client, turns: int) -> Result:
    value, most = max(ms(client, url) for _ in range(turns)), MAX_MS[connection.vendor]
    return judged(case, value, None, f"never over {most} ms", value <= most)


def memory() -> Result:
    value = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    goal = f"at most {MAX_MEMORY} MB"
    return Result(
        bench="table",
        case="memory, the admin's too",
        value=value,
        unit="MB",
        goal=goal,
        ok=value <= MAX_MEMORY,
    )


def judged(case: str, value: float, floor: float | None, goal: str, ok: bool) -> Result:
    ratio = None if floor is None else value / floor
    return Result(
        bench="table", case=case, value=value, unit="ms", floor=floor, ratio=ratio, goal=goal, ok=ok
    )


def ms(client: Client, url: str) -> float:
    began = time.perf_counter()
    answer = client.get(url, headers={"host": "localhost"})
    spent = 1000 * (time.perf_counter() - began)
    assert answer.status_code == 200, f"{url}: {answer.status_code}"
    return spent


def keys_in(content: str) -> list[str]:
    return re.findall(r'<a id="contact-(\d+)"', content)


def last_page(group: Service, listing: TableQuery) -> str:
    """What leads to the last hundred, as the link to it has it."""
    order = SORT_ORDERS[listing.sort]
    before_it = order.rows(listing.contacts(group), backwards=True)[100]
    return f"{listing.query()}&after={encode_cursor(before_it, order)}".removeprefix("&")


@contextmanager
def the_admin_installed() -> Iterator[None]:
    """For this alone: the product has none."""
    with override_settings(
        INSTALLED_APPS=[*settings.INSTALLED_APPS, ADMIN], ROOT_URLCONF="tests.bench.baseline_urls"
    ):
        yield


@contextmanager
def as_served() -> Iterator[None]:
    """Without what tests add to each template they watch."""
    teardown_test_environment()
    try:
        yield
    finally:
        setup_test_environment()


@contextmanager
def filled_group(rows: int) -> Iterator[tuple[Service, User]]:
    customer = Customer.objects.create(remote_id="customer-bench", name="Bench Oy")
    somebody = make_person("Benchmarker", Role.MARKETER, customer)
    somebody.is_staff = somebody.is_superuser = True
    somebody.save()
    make_connection(somebody)
    group = make_service(customer, kind=ServiceKind.GROUP, name="Everybody")
    bulk_contacts.fill(group, rows)
    yield group, somebody
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contacts_contact")
    customer.delete()
    somebody.delete()
