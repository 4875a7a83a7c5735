"""Invariants after a run: what the platform saw and holds, against what was meant and what we recorded."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.faults.stack import Stack
from tests.faults.workloads import Row

OPERATIONS = """
from django.db.models import Count
from gateway.models import Operation
answer = dict(Operation.objects.order_by().values_list("state").annotate(count=Count("pk")))
"""
NEEDING_A_PERSON = """
from gateway.models import Operation
shown = ["kind", "subject", "reason", "reason_params", "request_id", "repeats", "status"]
answer = list(Operation.objects.needing_a_person().values(*shown)[:5])
"""
HOOKS_LEFT = """
from gateway.models import EventState, HookEvent
answer = HookEvent.objects.filter(state__in=[EventState.NEW, EventState.UNCLEAR]).count()
"""
QUIRKS = """
from gateway.models import Quirks
shown = ["forgets_request_ids", "recipients_limit", "report_names", "report_words"]
answer = list(Quirks.objects.values(*shown))
"""
IMPORT = """
from contacts.models import Contact, Import
job = Import.objects.get(original_name="jasenet.csv")
answer = {
    "state": job.state,
    "saved": job.saved,
    "synced": Contact.objects.filter(last_import=job, sync_state="synced", known_remotely=True).count(),
}
"""
CAMPAIGNS = """
from dataclasses import asdict
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import stats_of
answer = [
    {"state": campaign.state, "calls": campaign.batches, **asdict(stats_of(campaign))}
    for campaign in Campaign.objects.all()
]
"""
ALL_CAMPAIGNS_SENT = """
from messaging.campaigns.models import Campaign
answer = not Campaign.objects.exclude(state="sent").exists()
"""

LEFT = """
from django.db.models import Count
from gateway.models import Connection, HookEvent, Operation
from messaging.campaigns.models import Campaign
by_kind = ["kind", "state", "reason"]
unsettled = Operation.objects.exclude(state__in=["done", "cancelled"])
answer = {
    "calls": list(unsettled.order_by().values_list(*by_kind).annotate(count=Count("pk"))),
    "campaigns": list(Campaign.objects.values_list("state", "held_reason", "pause_reason")),
    "connections": list(Connection.objects.values_list("state", "state_reason")),
    "hooks": list(HookEvent.objects.order_by().values_list("state").annotate(count=Count("pk"))),
}
"""


@dataclass(frozen=True)
class OutboxCounts:
    """Operations that wait, that are being made, and that have come to an end."""

    waiting: int
    inflight: int
    settled: int

    @property
    def left(self) -> int:
        return self.waiting + self.inflight


def what_is_left(stack: Stack) -> dict[str, Any]:
    """For whoever wonders why a run does not end."""
    return stack.ask(LEFT) | {"import": import_of(stack)}


def outbox_of(stack: Stack) -> OutboxCounts:
    counts = Counter(stack.ask(OPERATIONS))
    waiting, inflight = counts["waiting"], counts["inflight"]
    return OutboxCounts(waiting, inflight, counts.total() - waiting - inflight)


def check_import(stack: Stack, group: str, rows: Sequence[Row]) -> None:
    """Every row is a contact at the platform, created once, as the file has it; and no other is there."""
    _check_nothing_open(stack)
    wanted = {row.phone: (row.first_name, row.last_name) for row in rows}
    found = contacts_at(stack, group)
    assert sorted(one["phone"] for one in found) == sorted(wanted)
    assert {one["phone"]: (one["firstName"], one["lastName"]) for one in found} == wanted
    assert [one for one in found if one["created_count"] != 1] == []
    assert import_of(stack) == {"state": "done", "saved": len(rows), "synced": len(rows)}


def import_of(stack: Stack) -> dict[str, Any]:
    """What the dashboard says of the only import."""
    return stack.ask(IMPORT)


def check_campaigns(stack: Stack, rows: Sequence[Row], texts: Sequence[str]) -> None:
    """Everybody's phone has each message once, and our receipts say so."""
    _check_nothing_open(stack)
    messages = stack.sandbox.state(only="messages")["messages"]
    received = Counter((one["address"], one["text"]) for each in messages for one in each["recipients"])
    assert received == Counter(
        (row.phone, text.format(name=row.first_name)) for row in rows for text in texts
    )
    campaigns = stack.ask(CAMPAIGNS)
    assert sum(told.pop("calls") for told in campaigns) == len(messages)
    for told in campaigns:
        assert told.pop("accepted") + told.pop("delivered") == len(rows)
        assert told.pop("state") == "sent"
        assert not any(told.values()), f"somebody is left: {told}"


def check_calls(stack: Stack, *, kills: int, limit: int) -> None:
    """No window above the limit, and no call made again but for a kill, each time with the same bytes."""
    check_windows(stack, limit=limit)
    tries = check_same_bytes(stack)
    assert sum(len(bodies) - 1 for bodies in tries.values()) <= kills


def check_windows(stack: Stack, *, limit: int) -> None:
    """As they arrived at the platform, counted over every 60 s."""
    assert stack.sandbox.ledger(limit=1)["summary"]["max_window"] <= limit


def check_same_bytes(stack: Stack) -> dict[str, list[str]]:
    """One RequestId (idempotency key), the same bytes; the digests of the tries of each."""
    tries = _tries_by_request_id(stack)
    assert all(len(set(bodies)) == 1 for bodies in tries.values()), "a repeated send was not the same bytes"
    return tries


def contacts_at(stack: Stack, group: str) -> list[dict[str, Any]]:
    groups = stack.sandbox.state(only="contacts")["contacts"]
    return [one for each in groups if each["group_name"] == group for one in each["contacts"]]


def _check_nothing_open(stack: Stack) -> None:
    assert outbox_of(stack).left == 0
    assert stack.ask(NEEDING_A_PERSON) == []


def _tries_by_request_id(stack: Stack) -> dict[str, list[str]]:
    bodies = defaultdict(list)
    for call in stack.sandbox.ledger(limit=10_000)["calls"]:
        if call["request_id"]:
            bodies[call["request_id"]].append(call["body_sha256"])
    return bodies
