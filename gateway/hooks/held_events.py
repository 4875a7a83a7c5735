"""Stored events that one worker takes in: nobody else's until its commit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import F, TextField
from django.db.models.functions import Cast

from accounts.db.array_param import Listed
from gateway.models import EventState, HookEvent, HookSubscription

DUE = [EventState.NEW, EventState.PARKED]


@dataclass(slots=True)
class HeldEvent:
    """As it was stored. A model of each would cost more than what it says."""

    subscription: HookSubscription
    pk: int
    received: str
    attempts: int
    body: bytes | memoryview
    query: str

    @property
    def received_at(self) -> datetime:
        """Few are asked, and times cost more to read than all else."""
        at = datetime.fromisoformat(self.received)
        return at if at.tzinfo else at.replace(tzinfo=UTC)


def hold(event_ids: Collection[int]) -> list[HeldEvent]:
    """Those that are still due, oldest first. What another process holds is left to it."""
    due = HookEvent.objects.filter(pk__in=Listed(event_ids), state__in=DUE).order_by("due_at", "pk")
    held = due.select_for_update(skip_locked=True, of=("self",))
    held = held.annotate(received=Cast("received_at", TextField()))
    rows = list(held.values_list("subscription_id", "pk", "received", "attempts", "body", "query"))
    sources = HookSubscription.objects.select_related("customer", "service").in_bulk({row[0] for row in rows})
    return [HeldEvent(sources[row[0]], *row[1:]) for row in rows]


def shift_clock(by: timedelta) -> None:
    """The clock is being set: none is taken in later for that, nor tried again sooner."""
    HookEvent.objects.filter(state__in=DUE).update(due_at=F("due_at") + by)
