"""An idempotent consumer of stored events: each goes to whoever it is for in one transaction, once.

Delivery reports are many, and go in sets; of a set in which one is at fault each goes alone.
"""

import logging
import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.db import OperationalError, transaction

from accounts.db.array_param import Listed
from accounts.registry import Registry
from gateway import clock
from gateway.hooks import subscriptions
from gateway.hooks.events import DeliveryReport, MalformedEvent
from gateway.hooks.held_events import DUE, HeldEvent, hold
from gateway.hooks.reading import EventReader
from gateway.live_updates import live
from gateway.models import EventState, HookEvent, HookKind, SubscriptionState
from gateway.smartdialog import quirks

log = logging.getLogger(__name__)

CHUNK = 4000  # events that one thread takes at a time
MAX_PARKED_AGE = timedelta(days=10)  # a report may come this long before what it belongs to is known

Said = tuple[HeldEvent, Any]  # an event, and what it says: an Inbound, or a DeliveryReport
EventTaker = Callable[[Sequence[Said]], Iterable[HeldEvent]]
_TAKERS = {kind: Registry[EventTaker](f"taker of {kind} events") for kind in HookKind}
_claim_lock, _claimed_ids = threading.Lock(), set[int]()


def event_taker(kind: HookKind, name: str) -> Callable[[EventTaker], EventTaker]:
    """Register a function that takes those of many events of a kind that are its own, and returns them.

    What nobody takes is parked: what it belongs to may not be here yet.
    """
    return _TAKERS[kind].register(name)


def process_due() -> int:
    """Take in a chunk of what is due, oldest first, and that no other thread has; returns how many."""
    with _claimed_chunk() as kinds:
        if reports := [event_id for event_id, kind in kinds.items() if kind == HookKind.DELIVERY]:
            process(*reports)
        for event_id, kind in kinds.items():
            if kind != HookKind.DELIVERY:
                process(event_id)
    return len(kinds)


@contextmanager
def _claimed_chunk() -> Iterator[dict[int, str]]:
    """Threads of a process each have their own; that two processes have the same only costs a look each."""
    with _claim_lock:
        due = HookEvent.objects.filter(state__in=DUE, due_at__lte=clock.now()).order_by("due_at", "pk")
        first = due.values_list("pk", "subscription__kind")[: CHUNK + len(_claimed_ids)]
        found = [(event_id, kind) for event_id, kind in first if event_id not in _claimed_ids]
        kinds = dict(found[:CHUNK])
        _claimed_ids.update(kinds)
    try:
        yield kinds
    finally:
        with _claim_lock:
            _claimed_ids.difference_update(kinds)


def process(*event_ids: int) -> None:
    """Take events of one kind in. The claim and its effects are one transaction: twice is once."""
    try:
        with transaction.atomic():
            _process(event_ids)
    except OperationalError as error:  # the database's, not the events': the sweep comes back to them
        log.warning("hook events %s wait for the database: %s", event_ids, error)
    except Exception:  # our own fault must not keep later events waiting: set this one aside, loudly
        if len(event_ids) > 1:
            for event_id in event_ids:
                process(event_id)
            return
        log.exception("hook event %s failed", event_ids)
        _set_aside(event_ids)


def _process(event_ids: Sequence[int]) -> None:
    said = _read(hold(event_ids))
    try:
        with transaction.atomic():
            taken = _offer(said)
    except MalformedEvent as error:
        if len(said) > 1:
            raise
        _close([event for event, _ in said], EventState.QUARANTINED, str(error))
        return
    _update(taken, state=EventState.DONE)
    _park([event for event, _ in said if event.pk not in taken])


def _offer(said: Sequence[Said]) -> set[int]:
    """To all takers of their kind, one after the other; the events that were taken."""
    taken: set[int] = set()
    kinds = {event.subscription.kind for event, _ in said}
    for taker in (taker for kind in kinds for taker in _TAKERS[HookKind(kind)]):
        taken.update(event.pk for event in taker([each for each in said if each[0].pk not in taken]))
    return taken


def _read(events: Iterable[HeldEvent]) -> list[Said]:
    """What they say; those that do not say it are put where a person finds them."""
    reader, said = EventReader(), []
    for event in events:
        if event.subscription.state == SubscriptionState.ASKED:
            subscriptions.confirmed_by_event(event.subscription)
        try:
            data = reader.read(event)
        except MalformedEvent as error:
            _close([event], EventState.QUARANTINED, str(error))
            continue
        if isinstance(data, DeliveryReport) and data.unclear:
            _wait_for_words(event, data.unclear)
        else:
            said.append((event, data))
    return said


def _wait_for_words(event: HeldEvent, unclear: str) -> None:
    """Until an admin says what they mean; then it is taken in like any other."""
    _update([event.pk], state=EventState.UNCLEAR, unclear=unclear)
    live.announce(event.subscription.customer, quirks.TOPIC)


def _park(events: Iterable[HeldEvent]) -> None:
    """Events come out of order: try again after 1, 2, 4 … 3600 s, as long as it may still find its place."""
    oldest = clock.now() - MAX_PARKED_AGE
    waiting = sorted((each for each in events if each.received_at >= oldest), key=lambda each: each.attempts)
    for attempts, some in groupby(waiting, key=lambda each: each.attempts):
        due_at = clock.after(min(3600, 2 ** min(attempts, 12)))
        _update([each.pk for each in some], state=EventState.PARKED, attempts=attempts + 1, due_at=due_at)
    too_old = [each for each in events if each.received_at < oldest]
    _close(too_old, EventState.UNMATCHED, "Nothing here belongs to it.")


def _close(events: Iterable[HeldEvent], state: EventState, reason: str) -> None:
    _update([each.pk for each in events], state=state, reason=reason[:300])


def _set_aside(event_ids: Sequence[int]) -> None:
    reason = "It could not be taken in because of a fault here. It is kept."
    _update(event_ids, state=EventState.FAILED, reason=reason)


def _update(event_ids: Collection[int], **fields: Any) -> None:
    if event_ids:
        HookEvent.objects.filter(pk__in=Listed(event_ids)).update(**fields)
