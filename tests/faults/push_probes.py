"""A push of a list of members: how it begins, how far it is, and what the two sides say of it."""

import threading
from bisect import bisect_left
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psutil

from tests.faults.import_dataset import ImportDataset
from tests.faults.stack import Stack
from tests.faults.workloads import CUSTOMER, GROUP

BETWEEN_LOOKS = 0.2  # seconds, at a worker's memory

ADD_MEMBERS = """
from itertools import islice
from contacts.models import Contact, SyncState
from gateway.models import Service
from tests.faults.import_dataset import *
group, before = Service.objects.get(name={group!r}), {members!r}.before()
while some := list(islice(before, 5000)):
    there = dict(group=group, sync_state=SyncState.SYNCED, known_remotely=True)
    contacts = [Contact(phone=m.phone, first_name=m.first_name, last_name=m.last_name, **there) for m in some]
    for contact in contacts:
        contact.index()
    Contact.objects.bulk_create(contacts)
Service.objects.update(is_shared=False)  # nobody is there whom we do not know: no call is a look
answer = Contact.objects.count()
"""
ADD_MEMBERS_THERE = """
from sandbox.models import Contact, Service
from tests.faults.import_dataset import *
group = Service.objects.get(name={group!r}, customer__name={customer!r})
fields = lambda member: dict(firstName=member.first_name, lastName=member.last_name)
before = {members!r}.before()
contacts = (Contact(group=group, phone=member.phone, fields=fields(member)) for member in before)
Contact.objects.bulk_create(contacts, batch_size=5000)
answer = Contact.objects.count()
"""
AT_HALF = """
import time
from contacts.models import Import
while (job := Import.objects.get()).state == {state!r} and job.cursor < {half}:
    time.sleep(0.005)
answer = job.state
"""
LEASE_IS_OVER = """
from contacts.models import Import
Import.objects.update(leased_until=None)  # as after the minute that it lasts
answer = list(Import.objects.values("state", "cursor"))[0]
"""
IMPORTED = """
from collections import Counter
from contacts.models import Contact, Import, ImportRow
from tests.faults.import_dataset import *
members, job = {members!r}, Import.objects.get()
kinds = ImportRow.objects.order_by("line").values_list("line", "kind")
wanted = ((number + 2, members.kind(number)) for number in range(members.rows))
others = [[one, other] for one, other in zip(kinds.iterator(), wanted) if one != other][:5]
here = Contact.objects.order_by("phone").values_list("phone", "first_name", "last_name")
after = ((member.phone, member.first_name, member.last_name) for member in members.after())
others += [[one, other] for one, other in zip(here.iterator(), after) if one != other][:5]
answer = dict(others=others, counts=job.counts, saved=job.saved, rows=kinds.count(), people=here.count())
"""
CALLS_MADE = """
from gateway.models import Connection
answer = Connection.objects.get().calls_made
"""
IN_FLIGHT = """
from gateway.models import Operation
answer = [each.payload.get("phone", "") for each in Operation.objects.filter(state="inflight")]
"""
SYNCED = """
from contacts.models import Contact
answer = Contact.objects.filter(sync_state="synced", known_remotely=True).count()
"""
PLATFORM_PUSH = """
from collections import Counter
from sandbox.models import Contact, LedgerCall
from tests.faults.import_dataset import *
members, calls = {members!r}, LedgerCall.objects.filter(id__gt={since}).order_by()
writes = calls.filter(operation__in=["CreateGroupContact", "UpdateGroupContact", "DeleteGroupContact"])
taken = Counter(writes.filter(status=200).values_list("subject", "operation").iterator())
wanted = Counter(members.wanted().items())
there = Contact.objects.filter(group__name={group!r}).order_by("phone").values_list("phone", "fields")
pairs = zip(there.iterator(), members.after())
name = lambda member: (member.first_name, member.last_name)
answer = dict(
    taken=taken.total(),
    missing=[[*key] for key in wanted - taken],
    beside=[[*key] for key in (taken - wanted).elements()],
    refused=list(calls.exclude(status=200).values_list("subject", "operation", "status")),
    arrived=[at / 1e9 for at in calls.filter(window__gt=0).values_list("arrived_ns", flat=True)],
    renewed=calls.filter(operation="token", subject="refresh_token", status=200).count(),
    created_again=Contact.objects.filter(created_count__gt=1).count(),
    people=there.count(),
    others=[phone for (phone, has), m in pairs
            if (phone, has["firstName"], has["lastName"]) != (m.phone, *name(m))][:5],
)
"""


@dataclass(frozen=True)
class PlatformPush:
    """What the platform has seen and holds of a push."""

    taken: int  # contact calls
    missing: list[list[str]]  # [phone, operation], never taken
    beside: list[list[str]]  # [phone, operation], taken beside those that were meant
    refused: list[list[Any]]  # [phone, operation, status]
    arrived: list[float]  # seconds of the machine's steady clock, of all calls that the limit counts
    renewed: int  # tokens
    created_again: int
    people: int
    others: list[str]  # some that are not as the file has them

    @property
    def seconds(self) -> float:
        return max(self.arrived) - min(self.arrived)


def add_existing_members(stack: Stack, members: ImportDataset) -> None:
    """Who is there before, on both sides."""
    where = {"members": members, "group": GROUP, "customer": CUSTOMER}
    assert stack.ask(ADD_MEMBERS.format(**where)) == stack.ask_sandbox(ADD_MEMBERS_THERE.format(**where))


def kill_at_half(stack: Stack, state: str, members: ImportDataset) -> None:
    """The worker, when it has come through half of the file's rows in this state of the import."""
    assert stack.ask(AT_HALF.format(state=state, half=members.rows // 2)) == state
    stack.worker.kill()
    left = stack.ask(LEASE_IS_OVER)
    assert left["state"] == state, f"it had all its rows before the kill: {left}"
    print(f"kill in {state} after row {left['cursor']:,}")
    stack.worker.start()


def calls_made(stack: Stack) -> int:
    """Slots reserved so far: a count that costs nothing."""
    return stack.ask(CALLS_MADE)


def last_call(stack: Stack) -> int:
    """The id by which the platform knows the latest call so far, of tokens or of the API."""
    return stack.ask_sandbox(
        "from sandbox.models import LedgerCall\nanswer = LedgerCall.objects.latest('id').pk"
    )


def in_flight(stack: Stack) -> set[str]:
    """The phones of the calls that a dead worker had begun."""
    return set(stack.ask(IN_FLIGHT))


def imported(stack: Stack, members: ImportDataset) -> dict[str, Any]:
    return stack.ask(IMPORTED.format(members=members))


def synced(stack: Stack) -> int:
    return stack.ask(SYNCED)


def platform_push(stack: Stack, members: ImportDataset, *, since: int) -> PlatformPush:
    """After the call with that id."""
    return PlatformPush(**stack.ask_sandbox(PLATFORM_PUSH.format(members=members, group=GROUP, since=since)))


def fullest(arrived: Sequence[float], *, seconds: float) -> int:
    """The most calls in any so many seconds."""
    times = sorted(arrived)
    return max(bisect_left(times, at + seconds) - first for first, at in enumerate(times))


class MemoryMonitor(threading.Thread):
    """Looks at the worker's processes now and then; `most` is what they were seen to hold resident, in MB.

    What they share counts once: a process that is about to begin another one shares all it has.
    """

    def __init__(self, stack: Stack) -> None:
        super().__init__(daemon=True)
        self.most = 0.0
        self._stack = stack
        self._over = threading.Event()

    def __enter__(self) -> "MemoryMonitor":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        while not self._over.wait(BETWEEN_LOOKS):
            with suppress(psutil.NoSuchProcess):
                worker = psutil.Process(self._stack.worker.pid)
                used = sum(each.memory_full_info().pss for each in (worker, *worker.children(recursive=True)))
                self.most = max(self.most, used / 1024**2)
