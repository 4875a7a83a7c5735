"""Delivery reports, from the stored hook to the recipient's state, against the least that plain SQL needs."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from accounts.models import Customer, Role
from gateway.hooks import dlr_url, processing
from gateway.models import EventState, HookEvent, HookSubscription, LiveUpdate, ServiceKind
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientState
from tests.bench.import_bench import seconds_of
from tests.bench.result import Result
from tests.factories import make_connection, make_service
from tests.people import make_person

REPORTS, QUICK_REPORTS = 1_000_000, 20_000
BATCH = 1_000  # rows that a plain statement takes at once
MAX_TIMES_FLOOR = {"postgresql": 2.0, "sqlite": 4.0}
NUMBERS = "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < %s)"
NOW = {"postgresql": "now()", "sqlite": "datetime('now')"}


def run(*, quick: bool) -> Iterator[Result]:
    number = QUICK_REPORTS if quick else REPORTS
    with a_campaign() as campaign:
        send(campaign, number)
        floor = seconds_of(lambda: update_plainly(campaign, number))
        Recipient.objects.all().delete()
        send(campaign, number)
        report(campaign, number)
        took = seconds_of(process)
        delivered = campaign.recipients.filter(state=RecipientState.DELIVERED).count()
        assert delivered == HookEvent.objects.filter(state=EventState.DONE).count() == number
        most = MAX_TIMES_FLOOR[connection.vendor]
        yield Result(
            bench="reports",
            case=f"{number:,} reports taken in",
            value=number / took,
            unit="per s",
            floor=number / floor,
            ratio=took / floor,
            goal=f"at most {most:g}x the time of SQL",
            ok=took / floor <= most,
        )


def process() -> None:
    while processing.process_due():
        pass


def send(campaign: Campaign, number: int) -> None:
    """All taken by SmartDialog, which gave each an id."""
    values = {
        "campaign_id": str(campaign.pk),
        "phone": "'+' || (358400000000 + n)",
        "values": "'[\"Maija\"]'",
        "batch": "n / 500 + 1",
        "state": "'accepted'",
        "remote_id": "'id-' || n || '-4f1c'",
        "settled_at": NOW[connection.vendor],
        "key": "''",
        "reason": "''",
    }
    fill("campaigns_recipient", values, number)


def report(campaign: Campaign, number: int) -> None:
    """One for each, in an order of their own, as the platform's networks answer."""
    dlr_url(campaign.customer)
    subscription = HookSubscription.objects.get(customer=campaign.customer)
    place = f"(n * CAST(7919 AS bigint)) %% {number} + 1"
    query = f"'c={campaign.pk}&b=' || (n / 500 + 1) || '&recipientId=id-' || n || '-4f1c&status=Delivered"
    query += "&address=%%2B' || (358400000000 + n) || '&timestamp=2026-11-25T10%%3A00%%3A00Z'"
    values = {
        "subscription_id": str(subscription.pk),
        "query": query,
        "body": "''",
        "state": "'new'",
        "reason": "''",
        "attempts": "0",
        **dict.fromkeys(("received_at", "due_at"), NOW[connection.vendor]),
    }
    fill("gateway_hookevent", values, number, named=place)


def fill(table: str, values: dict[str, str], number: int, named: str = "n") -> None:
    columns = ", ".join(f'"{each}"' for each in values)
    source = f"(SELECT {named} AS n FROM numbers) AS those"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) {NUMBERS} SELECT {', '.join(values.values())} FROM {source}",
            [number],
        )
        cursor.execute(f"VACUUM ANALYZE {table}" if connection.vendor == "postgresql" else "ANALYZE")


def update_plainly(campaign: Campaign, number: int) -> None:
    """The states alone, by their ids, each batch committed: no event is read, judged or marked as done."""
    statement = (
        "UPDATE campaigns_recipient SET state = new.column2, settled_at = CAST(new.column3 AS {}) "
        "FROM (VALUES {}) AS new WHERE remote_id = new.column1 AND remote_id <> ''"
    )
    kind = "timestamptz" if connection.vendor == "postgresql" else "text"
    order = [f"id-{n * 7919 % number + 1}-4f1c" for n in range(1, number + 1)]
    with connection.cursor() as cursor:
        for start in range(0, number, BATCH):
            some = order[start : start + BATCH]
            rows = ", ".join(f"('{each}', 'delivered', '2026-11-25 10:00:00+00')" for each in some)
            cursor.execute(statement.format(kind, rows))
    assert campaign.recipients.filter(state=RecipientState.DELIVERED).count() == number


@contextmanager
def a_campaign() -> Iterator[Campaign]:
    customer = Customer.objects.create(remote_id="customer-reports", name="Bench Oy")
    somebody = make_person("Reporter", Role.MARKETER, customer)
    group = make_service(customer, kind=ServiceKind.GROUP)
    campaign = Campaign.objects.create(
        customer=customer,
        group=group,
        content="Hei $(firstName)",
        state=CampaignState.SENT,
        created_by=somebody,
        connection=make_connection(somebody),
    )
    try:
        yield campaign
    finally:
        for model in (Recipient, HookEvent, LiveUpdate):
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {model._meta.db_table}")
        customer.delete()
        somebody.delete()
