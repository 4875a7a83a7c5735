"""Many contacts deleted at once: how soon a person is answered, and the work against plain SQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Customer, Role, User
from contacts.bulk import action_lifecycle, action_runner
from contacts.listing import TableQuery
from contacts.listing.selection import Selection
from contacts.models import BulkAction, BulkState, BulkVerb, Contact
from contacts.sync.group_deletion import DeleteAll
from gateway.models import Backlog, Operation, OperationState, Service, ServiceKind
from gateway.outbox import QueuedCall
from tests.bench.import_bench import seconds_of
from tests.bench.result import Result
from tests.factories import make_connection, make_service
from tests.people import client_of, make_person

PEOPLE, QUICK_PEOPLE = 1_000_000, 50_000
SOME = 10  # one in so many is opted out, and found by that filter
BATCH = 10_000  # rows that the plain statements take at once
SOON = 0.3  # seconds
MAX_TIMES_FLOOR = {"postgresql": 3.0, "sqlite": 5.0}  # times the floor
# Plain marking withdraws no calls, keeps no history and cannot go on where it was killed.
MAX_TIMES_FLOOR_BY_FILTER = 5.0
INACTIVE = "AND active = FALSE"


def run(*, quick: bool) -> Iterator[Result]:
    people = QUICK_PEOPLE if quick else PEOPLE
    with somebody_with_groups() as (somebody, group, plain), override_settings(BULK_GRACE=0):
        for each in (group, plain):
            fill(each, people)
        browser = client_of(somebody)
        browser.get(reverse("contacts:group", args=[group.pk]))  # what is loaded once is loaded
        yield from by_filter(browser, group, plain, people // SOME)
        yield from everybody(browser, group, plain, people - people // SOME)


def everybody(browser: Client, group: Service, plain: Service, people: int) -> Iterator[Result]:
    """SmartDialog's own answer is left out: it is one call."""
    seconds, action = answered(browser, group, "", people)
    yield soon(f"answer to deleting all {people:,}", seconds)
    floor = seconds_of(lambda: delete_plainly(plain))
    worked = seconds_of(lambda: empty(action))
    assert not Contact.objects.filter(group=group, pk__lte=action.ceiling, sync_state="synced").exists()
    yield compared(f"all {people:,} deleted", people, worked, floor, MAX_TIMES_FLOOR[connection.vendor])


def by_filter(browser: Client, group: Service, plain: Service, people: int) -> Iterator[Result]:
    """Each is to be told of at SmartDialog, and goes when it has answered: until then it is marked."""
    seconds, action = answered(browser, group, "state=inactive", people)
    yield soon(f"answer to deleting {people:,} by filter", seconds)
    worked = seconds_of(lambda: action_runner.run(action.pk))
    action.refresh_from_db()
    assert (action.state, action.done) == (BulkState.SYNCING, people), f"{action.state}: {action.done:,}"
    backlog = Backlog.objects.get(batch=action.batch)
    assert backlog.left == people
    floor = seconds_of(lambda: mark_plainly(plain, backlog))
    delete_plainly(plain, INACTIVE)
    yield compared(f"{people:,} marked by filter", people, worked, floor, MAX_TIMES_FLOOR_BY_FILTER)


def answered(browser: Client, group: Service, query: str, people: int) -> tuple[float, BulkAction]:
    """A person says yes to what they were shown; seconds, the best of three, and what the last one began."""
    shown = action_lifecycle.price(BulkVerb.DELETE, Selection(group, TableQuery.from_querystring(query)))
    form = {"verb": "delete", "matching": "yes", "filter": query, "agreed": people}
    form |= {"fingerprint": shown.fingerprint, "there": shown.there or 0, "typed": shown.to_type}
    url = reverse("contacts:bulk", args=[group.pk])
    seconds = min(seconds_of(lambda: browser.post(url, form)) for _ in range(3))
    return seconds, BulkAction.objects.latest("pk")


def empty(action: BulkAction) -> None:
    """What the workers do, before and after the call."""
    action_runner.run(action.pk)
    [call] = Operation.objects.filter(batch=action.batch)
    Operation.objects.filter(pk=call.pk).update(state=OperationState.DONE)
    DeleteAll().done(QueuedCall(call), True)
    action_runner.run(action.pk)


def delete_plainly(group: Service, narrowed: str = "") -> None:
    """The least that it can cost: some thousand rows at a time, each time committed."""
    some = f"SELECT id FROM contacts_contact WHERE group_id = %s {narrowed} ORDER BY id LIMIT {BATCH}"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"DELETE FROM contacts_contact WHERE id IN ({some})", [group.pk])
            if not cursor.rowcount:
                return


def mark_plainly(group: Service, backlog: Backlog) -> None:
    them = f"SELECT id FROM contacts_contact WHERE group_id = %s {INACTIVE}"
    some = f"{them} AND id > %s ORDER BY id LIMIT {BATCH}"
    last = 0
    with connection.cursor() as cursor:
        while keys := [key for (key,) in cursor.execute(some, [group.pk, last]).fetchall()]:
            last = keys[-1]
            cursor.execute(
                "UPDATE contacts_contact SET sync_state = 'deleting', sync_error = '', backlog_id = %s, "
                f"revision = revision + 1, updated_at = {NOW[connection.vendor]} "
                f"WHERE id IN ({them} AND id >= %s AND id <= %s)",
                [backlog.pk, group.pk, keys[0], last],
            )


def fill(group: Service, people: int) -> None:
    """One in SOME opted out; everybody known to SmartDialog, with words that a search could find."""
    fields = {
        "group_id": str(group.pk),
        "phone": "'+' || (358400000000 + n)",
        "first_name": "'Anna'",
        "last_name": "'Aalto' || n",
        "email": "'anna' || n || '@example.com'",
        "active": f"n %% {SOME} <> 0",
        "known_remotely": "TRUE",
        "sync_state": "'synced'",
        "name_key": "'aalto' || n || ' anna'",
        "search_text": "'anna aalto' || n || ' anna' || n || ' example com 35840' || n || ' 40' || n",
        "properties": "'{}'",
        "revision": "0",
        **dict.fromkeys(("created_at", "updated_at"), NOW[connection.vendor]),
        **dict.fromkeys(("gender", "street_address", "zip_code", "city", "country_code", "sync_error"), "''"),
    }
    columns, values = ", ".join(fields), ", ".join(fields.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO contacts_contact ({columns}) {NUMBERS} SELECT {values} FROM numbers", [people]
        )
        cursor.execute("VACUUM ANALYZE contacts_contact" if connection.vendor == "postgresql" else "ANALYZE")


NOW = {"postgresql": "now()", "sqlite": "datetime('now')"}
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"


def soon(case: str, seconds: float) -> Result:
    return Result(
        bench="bulk", case=case, value=seconds * 1000, unit="ms", goal="under 300 ms", ok=seconds < SOON
    )


def compared(case: str, people: int, seconds: float, floor: float, most: float) -> Result:
    return Result(
        bench="bulk",
        case=case,
        value=people / seconds,
        unit="people/s",
        floor=people / floor,
        ratio=seconds / floor,
        goal=f"at most {most:.0f}x the time of SQL",
        ok=seconds / floor <= most,
    )


@contextmanager
def somebody_with_groups() -> Iterator[tuple[User, Service, Service]]:
    customer = Customer.objects.create(remote_id="customer-bench", name="Bench Oy")
    somebody = make_person("Somebody", Role.MARKETER, customer)
    make_connection(somebody)
    group, plain = (make_service(customer, kind=ServiceKind.GROUP, name=name) for name in ("Ours", "Plain"))
    yield somebody, group, plain
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM contacts_contact")
    Operation.objects.all().delete()
    customer.delete()
    somebody.delete()
