"""SMS campaigns scheduled for one hour, until the sandbox has them: one alone, and five beside each other.

Real processes at the real limit, so in real minutes: the sandbox's own clock is the judge.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django

from tests.bench import baseline_newsletter
from tests.bench.result import Result
from tests.faults import workloads
from tests.faults.rate_limit import LIMIT, WINDOW
from tests.faults.stack import Stack, running_stack, wait_until

PEOPLE, IN_A_CALL = 100_000, 500
QUICK_PEOPLE, QUICK_IN_A_CALL = 120, 1  # calls of more than a minute, as only those begin before the hour
OTHERS = 4
SLACK = 40  # seconds that the hour is later than the earliest that can hold: for scheduling and for planning
AFTER_THE_HOUR = 60.0  # seconds, until it is taken as failed
MAX_TIMES_PACE = 1.1
# Of no use to anything else here. The last is needed, though the one before it does not say so.
NEWSLETTER = [f"Django=={django.__version__}", "django-newsletter==1.2.1", "sorl-thumbnail==13.4.0"]
AS_SHIPPED = {
    "SMARTDIALOG_CALLS_PER_MINUTE": str(LIMIT),
    "SANDBOX_CALLS_PER_MINUTE": str(LIMIT),
    "SMARTDIALOG_CALL_TIMEOUT": "30",
    "SMARTDIALOG_LEASE_MARGIN": "10",
    "SMARTDIALOG_UNKNOWN_GRACE": "60",
}
FILL = f"""
from contacts.models import Contact
from gateway.models import Service
from tests.bench import bulk_contacts
group = Service.objects.get(name={workloads.GROUP!r})
bulk_contacts.fill(group, {{people}})
answer = Contact.objects.filter(group=group).update(active=True)
"""
SCHEDULE = f"""
from datetime import timedelta
from uuid import uuid4
from accounts.models import User
from gateway import clock, outbox
from gateway.models import Service
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import planner
mikko = User.objects.get(name__startswith="Mikko")
group = Service.objects.get(name={workloads.GROUP!r})
service = Service.objects.one_way().get(customer=group.customer)
takes = timedelta(seconds=outbox.seconds_for({{campaigns}} * {{calls}}) + {SLACK})
hour = (clock.now() + takes + planner.HEAD_START).replace(microsecond=0)
fields = dict(group=group, service=service, sender="Kahvila", content="Hei $(firstName)!", send_at=hour)
made = []
for number in range({{campaigns}}):
    campaign, _ = lifecycle.create(customer=group.customer, uuid=uuid4(), fields=fields, by=mikko)
    agreed = dict(people={{people}}, calls={{calls}}, parts={{people}})
    lifecycle.schedule(campaign, revision=campaign.revision, by=mikko, **agreed)
    made.append(campaign)
answer = dict(hour=hour.isoformat(), keys=[each.pk for each in made], uuids=[str(each.uuid) for each in made])
"""
ARE_SENT = """
from messaging.campaigns.models import Campaign
answer = not Campaign.objects.filter(pk__in={keys}).exclude(state="sent").exists()
"""
# Seconds from when it began until its last call was in the outbox.
PREPARING = """
from django.db.models import Max
from gateway.models import Operation
from messaging.campaigns.models import Campaign
campaign = Campaign.objects.earliest("pk")
last = Operation.objects.filter(batch=campaign.batch).aggregate(last=Max("created_at"))["last"]
answer = (last - campaign.begun_at).total_seconds()
"""
# Of calls that were made for these campaigns, and what the platform took of them.
TAKEN = """
from collections import Counter
from functools import reduce
from operator import or_
from django.db.models import Q
from sandbox.models import LedgerCall, Message, Recipient
own = reduce(or_, (Q(request_id__startswith=each) for each in {uuids}))
arrived = LedgerCall.objects.filter(own).order_by("arrived_ns").values_list("arrived_ns", flat=True)
messages = Message.objects.filter(own).order_by("accepted_at")
took = Counter(Recipient.objects.filter(message__in=messages).values_list("address", flat=True))
answer = dict(
    calls=len(arrived),
    seconds=(arrived[len(arrived) - 1] - arrived[0]) / 1e9,
    last=messages.last().accepted_at.isoformat(),
    hours=sorted({{each.send_at.isoformat() for each in messages}}),
    people=len(took),
    times=sorted(set(took.values())),
)
"""


def run(*, quick: bool) -> Iterator[Result]:
    people, size = (QUICK_PEOPLE, QUICK_IN_A_CALL) if quick else (PEOPLE, IN_A_CALL)
    shipped = AS_SHIPPED | {"SMARTDIALOG_BATCH_SIZE": str(size)}
    with TemporaryDirectory() as folder, running_stack(Path(folder), **shipped) as stack:
        workloads.sign_in(stack)
        assert stack.ask(FILL.format(people=people)) == people
        yield from sent(stack, 1, people, size, f"{people:,} people")
        if not quick:
            yield from beside_newsletter(Path(folder), people, stack.ask(PREPARING))
            yield from sent(stack, 1 + OTHERS, people, size, f"beside {OTHERS} others")


def sent(stack: Stack, campaigns: int, people: int, size: int, case: str) -> Iterator[Result]:
    fewest = -(-people // size)
    made = stack.ask(SCHEDULE.format(campaigns=campaigns, people=people, calls=fewest))
    hour = datetime.fromisoformat(made["hour"])
    left = hour - datetime.now(hour.tzinfo)
    are_sent = ARE_SENT.format(keys=made["keys"])
    patience = left.total_seconds() + AFTER_THE_HOUR
    wait_until(lambda: stack.ask(are_sent), "all to be sent", patience=patience, pause=2)
    taken = stack.ask_sandbox(TAKEN.format(uuids=made["uuids"]))
    expect_each_once(taken, campaigns, people, hour)
    yield from judged(taken, hour, campaigns * fewest, case)


def expect_each_once(taken: dict[str, Any], campaigns: int, people: int, hour: datetime) -> None:
    """Everybody is sent each of them once, at the hour."""
    assert (taken["people"], taken["times"]) == (people, [campaigns]), taken
    assert [datetime.fromisoformat(each) for each in taken["hours"]] == [hour], taken["hours"]


def judged(taken: dict[str, Any], hour: datetime, fewest: int, case: str) -> Iterator[Result]:
    calls, ahead = taken["calls"], hour - datetime.fromisoformat(taken["last"])
    yield result(f"{case}: calls", calls, "calls", fewest, "the fewest", calls == fewest)
    early = ahead / timedelta(seconds=1)
    yield result(f"{case}: last accepted", early, "s early", None, "before the hour", early > 0)
    pace, most = WINDOW * (fewest - 1) / LIMIT, MAX_TIMES_PACE
    goal, took = f"at most {most:g}x the limit's pace", taken["seconds"]
    yield result(f"{case}: first call to last", took, "s", pace, goal, took <= most * pace)


def beside_newsletter(folder: Path, people: int, prepared: float) -> Iterator[Result]:
    """Which sends one message after the other, and forgets who got it."""
    place = folder / "newsletter"
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    if subprocess.run([place / "bin/pip", "install", "-q", *NEWSLETTER], check=False).returncode:
        print("django-newsletter cannot be installed here: not compared", file=sys.stderr)
        return
    script = Path(baseline_newsletter.__file__)
    measured = subprocess.run(
        [place / "bin/python", script, str(people)], cwd=place, check=True, capture_output=True
    )
    theirs, goal = json.loads(measured.stdout), "for comparison"
    yield result("listed and put into calls", prepared, "s", theirs["listing"], goal, ok=True)
    yield result("django-newsletter, to send one", 1000 * theirs["each"], "ms", None, goal, ok=True)
    yield result("django-newsletter, memory", theirs["memory"], "MB", None, goal, ok=True)


def result(case: str, value: float, unit: str, floor: float | None, goal: str, ok: bool) -> Result:
    ratio = value / floor if floor else None
    return Result(
        bench="scheduled", case=case, value=value, unit=unit, floor=floor, ratio=ratio, goal=goal, ok=ok
    )
