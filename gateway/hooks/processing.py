"""An idempotent consumer of stored events: each goes to whoever it is for in one transaction, once."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction

from gateway import clock, live, quirks
from gateway.hooks import subscriptions
from gateway.hooks.events import DeliveryReport, Inbound, MalformedEvent, read_inbound, read_report
from gateway.hooks.times import zone_of
from gateway.models import EventState, HookEvent, HookKind, Quirks, SubscriptionState
from gateway.registry import Registry

log = logging.getLogger(__name__)

DUE = [EventState.NEW, EventState.PARKED]
CHUNK = 200  # events that one thread takes at a time
MAX_PARKED_AGE = timedelta(days=10)  # a report may come this long before what it belongs to is known

EventHandler = Callable[[HookEvent, Any], bool]
_HANDLERS = {kind: Registry[EventHandler](f"handler of {kind} events") for kind in HookKind}
_claim_lock, _claimed_ids = threading.Lock(), set[int]()


class ParkEvent(Exception):
    """What the event belongs to is not here yet: park it and try again."""


def event_handler(kind: HookKind, name: str) -> Callable[[EventHandler], EventHandler]:
    """Register a function that takes events of a kind; it returns whether the event was its own."""
    return _HANDLERS[kind].register(name)


def process_due() -> int:
    """Take in a chunk of what is due, oldest first, and that no other thread has; returns how many."""
    with _claimed_chunk() as ids:
        for event_id in ids:
            process(event_id)
    return len(ids)


@contextmanager
def _claimed_chunk() -> Iterator[list[int]]:
    """Threads of a process each have their own; that two processes have the same only costs a look each."""
    with _claim_lock:
        due = HookEvent.objects.filter(state__in=DUE, due_at__lte=clock.now()).order_by("due_at", "pk")
        first = due.values_list("pk", flat=True)[: CHUNK + len(_claimed_ids)]
        ids = [event_id for event_id in first if event_id not in _claimed_ids][:CHUNK]
        _claimed_ids.update(ids)
    try:
        yield ids
    finally:
        with _claim_lock:
            _claimed_ids.difference_update(ids)


def process(event_id: int) -> None:
    """Take one event in. The claim and its effects are one transaction: twice is once."""
    try:
        with transaction.atomic():
            _process(event_id)
    except OperationalError as error:  # the database's, not the event's: the sweep comes back to it
        log.warning("hook event %s waits for the database: %s", event_id, error)
    except Exception:  # our own fault must not keep later events waiting: set this one aside, loudly
        log.exception("hook event %s failed", event_id)
        _set_aside(event_id)


def _process(event_id: int) -> None:
    claimed = HookEvent.objects.filter(pk=event_id, state__in=DUE).update(state=EventState.DONE)
    if not claimed:
        return
    event = HookEvent.objects.select_related("subscription__customer", "subscription__service").get(
        pk=event_id
    )
    if event.subscription.state == SubscriptionState.ASKED:
        subscriptions.confirmed_by_event(event.subscription)
    try:
        data = _read(event)
        if isinstance(data, DeliveryReport) and data.unclear:
            _wait_for_words(event, data.unclear)
            return
        with transaction.atomic():
            taken = any(taker(event, data) for taker in _HANDLERS[HookKind(event.subscription.kind)])
        if not taken:
            _park(event)
    except ParkEvent:
        _park(event)
    except MalformedEvent as error:
        _close(event, EventState.QUARANTINED, str(error))


def _read(event: HookEvent) -> Any:
    known = quirks.of(event.subscription.customer_id)
    data = _read_as(event, known)
    if not known.zone and (zone := zone_of(data.raw_time, arrived=event.received_at)):
        quirks.learn(event.subscription.customer, zone=zone)
        known.zone = zone
        data = _read_as(event, known)
    return data


def _read_as(event: HookEvent, known: Quirks) -> Inbound | DeliveryReport:
    if event.subscription.kind == HookKind.INBOUND:
        return read_inbound(bytes(event.body), known.zone)
    return read_report(event.query, known)


def _wait_for_words(event: HookEvent, unclear: str) -> None:
    """Until an admin says what they mean; then it is taken in like any other."""
    HookEvent.objects.filter(pk=event.pk).update(state=EventState.UNCLEAR, unclear=unclear)
    live.announce(event.subscription.customer, quirks.TOPIC)


def _park(event: HookEvent) -> None:
    """Events come out of order: try again after 1, 2, 4 … 3600 s, as long as it may still find its place."""
    if clock.now() - event.received_at > MAX_PARKED_AGE:
        _close(event, EventState.UNMATCHED, "Nothing here belongs to it.")
        return
    pause = min(3600, 2 ** min(event.attempts, 12))
    HookEvent.objects.filter(pk=event.pk).update(
        state=EventState.PARKED, attempts=event.attempts + 1, due_at=clock.after(pause)
    )


def _close(event: HookEvent, state: EventState, reason: str) -> None:
    HookEvent.objects.filter(pk=event.pk).update(state=state, reason=reason[:300])


def _set_aside(event_id: int) -> None:
    HookEvent.objects.filter(pk=event_id).update(
        state=EventState.FAILED, reason="It could not be taken in because of a fault here. It is kept."
    )
