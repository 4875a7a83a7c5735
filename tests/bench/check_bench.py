"""What a pause in typing costs on the page where a campaign is written: the same at any size of the audience.

And the count to the last person that comes before sending, in a worker.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter
from typing import Any

from django.test import Client
from django.utils import timezone

from accounts.models import User
from contacts.models import Segment
from gateway.models import Service
from messaging.campaigns.composing import counting
from messaging.campaigns.models import AudienceCount, Campaign
from tests.bench.plan_bench import GREETING, a_group
from tests.bench.result import Result
from tests.bench.table_bench import as_served
from tests.people import client_of

PEOPLE, QUICK_PEOPLE, FEW = 1_000_000, 100_000, 1_000
MAX_SECONDS = 0.150
PEOPLE_TOLD = re.compile(rb"<dt>People</dt>\s*<dd>\s*(about\s*)?[1-9]")
TURNS = 9  # the best one, as others use the machine, too


def run(*, quick: bool) -> Iterator[Result]:
    few: dict[str, float] = {}
    for people in (FEW, QUICK_PEOPLE if quick else PEOPLE):
        with a_group(people) as (group, somebody), as_served():
            yield from looked_at(people, group, somebody, few)
            if people > FEW:
                yield counted(people, group, somebody)


def looked_at(people: int, group: Service, somebody: User, few: dict[str, float]) -> Iterator[Result]:
    """`few`: seconds of each case where the audience is small, which are the floor."""
    segment = Segment.objects.create(customer=group.customer, name="Golden", text="Level = gold")
    browser, written = client_of(somebody), form(group)
    noon = {"date": f"{timezone.localdate() + timedelta(days=2)}", "time": "12:00"}
    for what, more in (
        ("SMS, a group", {}),
        ("SMS, its words of two", {"content": f"{GREETING} $(email)"}),
        ("SMS, a group and a segment", {"segments": [segment.pk]}),
        ("SMS, two texts", {"texts": 2, "content2": "Moi $(lastName)!", "first_share": 20}),
        ("SMS, an hour of each one's own", {"when": "later", "own_time": "on", **noon}),
    ):
        seconds = min(look(browser, written | more) for _ in range(TURNS))
        floor = few.setdefault(what, seconds)
        yield Result(
            bench="check",
            case=f"{people:,}: {what}",
            value=seconds * 1000,
            unit="ms",
            floor=floor * 1000,
            ratio=seconds / floor,
            goal=f"under {MAX_SECONDS * 1000:.0f} ms",
            ok=seconds < MAX_SECONDS,
        )


def form(group: Service) -> dict[str, Any]:
    service = Service.objects.one_way().get(customer=group.customer)
    told = {"channel": "sms", "sender": "Kahvila", "when": "now", "zone": "Europe/Helsinki"}
    return told | {"content": GREETING, "group": group.pk, "service": service.pk}


def look(browser: Client, written: dict[str, Any]) -> float:
    began = perf_counter()
    answered = browser.post("/campaigns/new/", written, HTTP_HX_REQUEST="true", HTTP_HOST="localhost")
    seconds = perf_counter() - began
    assert answered.status_code == 200, answered.status_code
    assert PEOPLE_TOLD.search(answered.content), "nobody"
    return seconds


def counted(people: int, group: Service, somebody: User) -> Result:
    campaign = Campaign.objects.create(
        customer=group.customer, group=group, content=GREETING, created_by=somebody
    )
    counting.begin(campaign)
    began = perf_counter()
    counting.count(campaign.pk)
    seconds = perf_counter() - began
    count = AudienceCount.objects.get(campaign=campaign)
    assert count.people + count.left_out_count == people, count.people
    return Result(
        bench="check",
        case=f"{people:,}: counted before it is sent",
        value=seconds,
        unit="s",
        goal="",
        ok=True,
    )
