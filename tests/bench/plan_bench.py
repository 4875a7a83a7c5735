"""A campaign's people listed with what they get, each in a numbered call, and the first calls written.

Against one statement that copies them.

The product is measured in a process of its own, as a worker does it.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import connection

from accounts.models import Customer, Role, User
from contacts.models import Contact
from gateway import clock
from gateway.models import LiveUpdate, Operation, Service, ServiceKind
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign, CampaignState, Recipient, RecipientCount
from messaging.campaigns.wording import sms
from messaging.whatsapp.models import Template, TemplateState
from tests.bench import bulk_contacts
from tests.bench.import_bench import memory_of, seconds_of
from tests.bench.result import Result
from tests.database import database_url
from tests.factories import make_connection, make_service
from tests.people import make_person

PEOPLE, QUICK_PEOPLE = 1_000_000, 20_000
MAX_TIMES_FLOOR = {"postgresql": 2.5, "sqlite": 5.0}
MAX_MEMORY = 200  # MB
TEXTS, TURNS, MIN_TEXTS_PER_SECOND = 100, 100, 100_000  # the best turn, as others use the machine, too
GREETING = "Hei $(firstName), tervetuloa!"
MIN_TIMES_LIMIT = 100
BETWEEN_LOOKS = 0.05  # seconds, at the worker's memory
WORKER = """
import sys, time, django
django.setup()
from messaging.campaigns.dispatch import sending
began = time.perf_counter()
sending.enqueue_batches(int(sys.argv[1]))
print(time.perf_counter() - began)
"""


def run(*, quick: bool) -> Iterator[Result]:
    yield parts_counted()
    people = QUICK_PEOPLE if quick else PEOPLE
    with a_group(people) as (group, somebody):
        messaged = Contact.objects.filter(group=group, active=True).count()
        for what, fields, calls in (
            ("SMS", {"content": GREETING}, -(-messaged // 500)),
            (
                "WhatsApp, all alike",
                whatsapp(group, {"field": "", "fallback": "kaikki"}),
                -(-messaged // 500),
            ),
            ("WhatsApp, each their own", whatsapp(group, {"field": "email", "fallback": ""}), messaged),
        ):
            yield from planned(f"{people:,}: {what}", a_campaign(group, somebody, **fields), calls)


def planned(case: str, campaign: Campaign, calls: int) -> Iterator[Result]:
    floor = seconds_of(lambda: copy_plainly(campaign))
    emptied()
    seconds, used = plan(campaign)
    campaign.refresh_from_db()
    made = Operation.objects.filter(batch=campaign.batch).count()
    left = campaign.recipients.uncalled().filter(state="planned").count()
    assert (made, left) in {(calls, 0), (campaign.batches, calls - made)}, (made, left)
    most = MAX_TIMES_FLOOR[connection.vendor]
    yield Result(
        bench="plan",
        case=case,
        value=seconds,
        unit="s",
        floor=floor,
        ratio=seconds / floor,
        goal=f"at most {most:g}x the bare copy",
        ok=seconds / floor <= most,
    )
    yield Result(
        bench="plan",
        case="memory of the worker",
        value=used,
        unit="MB",
        goal=f"under {MAX_MEMORY} MB",
        ok=used < MAX_MEMORY,
    )
    if left:
        yield written_in_turn(campaign)
    emptied()


def written_in_turn(campaign: Campaign) -> Result:
    """More calls are written as those before them have left, long before SmartDialog would take them."""
    own = Operation.objects.filter(batch=campaign.batch)
    before = own.count()
    own.update(state="done")
    seconds = seconds_of(lambda: sending.enqueue_batches(campaign.pk))
    rate = (own.count() - before) / seconds
    least = MIN_TIMES_LIMIT * settings.SMARTDIALOG_CALLS_PER_MINUTE / 60
    return Result(
        bench="plan",
        case="calls written as their turn comes",
        value=rate,
        unit="per s",
        goal=f"at least {least:,.0f} per s, {MIN_TIMES_LIMIT}x the limit",
        ok=rate >= least,
    )


def plan(campaign: Campaign) -> tuple[float, float]:
    """Seconds, and the most memory that it was seen to have, in MB."""
    command = [sys.executable, "-c", WORKER, str(campaign.pk)]
    environment = os.environ | {"DATABASE_URL": database_url()}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as worker:
        assert worker.stdout
        used = 0.0
        while worker.poll() is None:
            used = max(used, memory_of(worker.pid))
            time.sleep(BETWEEN_LOOKS)
        return float(worker.stdout.read()), used


def copy_plainly(campaign: Campaign) -> None:
    """The recipients with what fills the text, in one statement: nobody is judged, and no call made."""
    value = {"postgresql": "jsonb_build_array", "sqlite": "json_array"}[connection.vendor]
    field = "first_name" if campaign.is_sms else "email"
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO campaigns_recipient (campaign_id, contact_id, phone, "values", key, state, reason, '
            f"remote_id) SELECT %s, id, phone, {value}({field}), '', 'planned', '', '' "
            "FROM contacts_contact WHERE group_id = %s ORDER BY id",
            [campaign.pk, campaign.group_id],
        )


def parts_counted() -> Result:
    """Of texts in three parts, as a campaign with everybody's own values has them."""
    texts = [
        f"Hei {number}! " + "Tervetuloa kahville, tarjous on voimassa tänään. " * 8 for number in range(TEXTS)
    ]
    assert {sms.measure(text).parts for text in texts} == {3}
    rate = TEXTS / min(seconds_of(lambda: [sms.measure(text) for text in texts]) for _ in range(TURNS))
    return Result(
        bench="plan",
        case="texts of three SMS parts counted",
        value=rate,
        unit="per s",
        goal=f"at least {MIN_TEXTS_PER_SECOND:,} per s",
        ok=rate >= MIN_TEXTS_PER_SECOND,
    )


def whatsapp(group: Service, parameter: dict[str, str]) -> dict[str, Any]:
    template = Template.objects.create(
        customer=group.customer,
        display_name="Tervetuloa",
        body="Hei {{1}}, tervetuloa!",
        state=TemplateState.LISTED,
        remote_id="template-bench",
    )
    return {"channel": "whatsapp", "template": template, "parameters": [parameter]}


def a_campaign(group: Service, by: User, **fields: Any) -> Campaign:
    return Campaign.objects.create(
        customer=group.customer,
        group=group,
        service=Service.objects.one_way().get(customer=group.customer),
        sender="Kahvila",
        state=CampaignState.PLANNING,
        begun_at=clock.now(),
        turn_at=clock.now(),
        created_by=by,
        connection=by.connection,
        **fields,
    )


def emptied() -> None:
    for model in (Recipient, RecipientCount, Operation, LiveUpdate):
        with connection.cursor() as cursor:
            emptying = "TRUNCATE {} CASCADE" if connection.vendor == "postgresql" else "DELETE FROM {}"
            cursor.execute(emptying.format(model._meta.db_table))


@contextmanager
def a_group(people: int) -> Iterator[tuple[Service, User]]:
    customer = Customer.objects.create(remote_id="customer-plan", name="Bench Oy")
    somebody = make_person("Planner", Role.MARKETER, customer)
    make_connection(somebody)
    make_service(customer)
    group = make_service(customer, kind=ServiceKind.GROUP)
    bulk_contacts.fill(group, people)
    Contact.objects.filter(group=group).update(phone_type="mobile")
    try:
        yield group, somebody
    finally:
        emptied()
        Campaign.objects.all().delete()
        Template.objects.all().delete()
        Contact.objects.filter(group=group)._raw_delete("default")
        customer.delete()
        somebody.delete()
