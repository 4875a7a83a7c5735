"""One worker carries a connection's operations to SmartDialog, one at a time."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError, transaction

from gateway import clock, leases, ledger, tokens
from gateway.api import SmartDialog
from gateway.client import Client
from gateway.errors import GatewayError, InternalFault, NotStarted
from gateway.leases import Lease, LeaseLost
from gateway.ledger import NotBefore
from gateway.models import Backlog, Connection, Lane, Operation
from gateway.outbox import backlogs
from gateway.outbox.calls import QueuedCall
from gateway.outbox.claiming import (
    Claim,
    Idle,
    LaneWatermarks,
    claim_next,
    due_operations,
    lane_watermarks,
    recover_abandoned,
)
from gateway.outbox.handlers import handler_of
from gateway.outbox.outcomes import settle_done, settle_error

log = logging.getLogger(__name__)

DATABASE_ERRORS = (OperationalError, InterfaceError)

MAX_TURN = 20.0  # seconds; then other connections get their turn of this thread
WATERMARK_TTL = 20.0  # seconds; the longest that what a person retries is not seen behind newer work


def drain(connection_id: int) -> datetime | None:
    """Carry what may be called now; returns when to come again, None when nobody has to.

    It never waits for a slot: a thread is held by calls alone. Leaves at once while another worker drains.
    """
    lease = leases.acquire(connection_id)
    if lease is None:
        return None
    try:
        rest = _drain_under(lease, connection_id)
    except LeaseLost:
        log.warning("connection %s: another worker took over", connection_id)
        return None
    finally:
        lease.release()
    if _has_new_work(connection_id, rest):
        return clock.now()
    return rest.until if isinstance(rest, Idle) else rest.at


def _drain_under(lease: Lease, connection_id: int) -> Idle | NotBefore:
    """Carry until nothing may be called; returns why nothing may."""
    connection = Connection.objects.select_related("user").get(pk=connection_id)
    recover_abandoned(connection, lease)
    began = time.monotonic()
    while connection.is_active:
        if time.monotonic() > began + MAX_TURN:
            return NotBefore(clock.now())
        claim = claim_next(connection, lease, _watermark_cache.of(connection))
        if isinstance(claim, Claim):
            _execute(connection, lease, claim)
            connection.refresh_from_db()
        elif isinstance(claim, Idle):
            if not (
                _watermark_cache.forget(connection, before=began) or backlogs.plan_next(connection, lease)
            ):
                return claim
        elif claim.at > clock.now():
            return claim
    return Idle(until=None)


class _WatermarkCache:
    """The heads of each connection as this process saw them, kept from turn to turn for a while."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, LaneWatermarks]] = {}

    def of(self, connection: Connection) -> LaneWatermarks:
        now = time.monotonic()
        seen_at, seen = self._seen.get(connection.pk, (now - WATERMARK_TTL, {}))
        if now - seen_at < WATERMARK_TTL:
            return seen
        self._seen[connection.pk] = now, lane_watermarks(connection)
        return self._seen[connection.pk][1]

    def forget(self, connection: Connection, *, before: float) -> bool:
        """Whether they were seen before that moment, so that it is worth to look again."""
        is_old = self._seen.get(connection.pk, (before, {}))[0] < before
        if is_old:
            del self._seen[connection.pk]
        return is_old


_watermark_cache = _WatermarkCache()


def _execute(connection: Connection, lease: Lease, claim: Claim) -> None:
    """Make the call with no transaction open, and hand its outcome to whom it belongs, in one."""
    try:
        outcome = _call(connection, lease, claim.operation)
    except GatewayError as error:
        outcome = error
    try:
        _settle(connection, lease, claim, outcome)
    except (LeaseLost, *DATABASE_ERRORS):
        raise
    except Exception as fault:  # our own again: left in flight, it would be called for ever
        log.exception("the outcome of %s %s broke", claim.operation.kind, claim.operation.pk)
        _settle(connection, lease, claim, InternalFault(repr(fault)))


@transaction.atomic
def _settle(connection: Connection, lease: Lease, claim: Claim, outcome: Any) -> None:
    if isinstance(outcome, GatewayError):
        ledger.record_answer(claim.call, status=outcome.status, error=outcome.ledger_text)
        settle_error(connection, lease, claim.operation, outcome)
    else:
        ledger.record_answer(claim.call, status=200)
        settle_done(connection, lease, claim.operation, outcome)


def _call(connection: Connection, lease: Lease, operation: Operation) -> Any:
    """The lease is looked at last: a worker that slept, or waited for a token, calls nothing any more."""
    departure = _PreSendGuard(lease)
    try:
        api = SmartDialog(Client(tokens.bearer(connection), before_sending=departure.now))
        return handler_of(operation).call(api, QueuedCall(operation))
    except (GatewayError, LeaseLost):
        raise
    except Exception as fault:  # our own: set this one aside, loudly, and carry on with the others
        log.exception("%s %s broke", operation.kind, operation.pk)
        if isinstance(fault, DATABASE_ERRORS) and not departure.is_over:
            raise NotStarted(repr(fault)) from fault
        raise InternalFault(repr(fault)) from fault


@dataclass
class _PreSendGuard:
    """The moment in which a call leaves, if its lease still holds."""

    lease: Lease
    is_over: bool = False

    def now(self) -> None:
        self.lease.renew()
        self.is_over = True


def _has_new_work(connection_id: int, rest: Idle | NotBefore) -> bool:
    """Whether what may be called now was added while we were leaving: its nudge met our lease."""
    connection = Connection.objects.get(pk=connection_id)
    if not connection.is_active:
        return False
    due, to_plan = due_operations(connection), Backlog.objects.running().filter(connection=connection)
    if isinstance(rest, NotBefore):  # which holds for the paced lanes anyway
        due, to_plan = due.filter(lane=Lane.INTERACTIVE), to_plan.none()
    return (due.exists() or to_plan.exists()) and not ledger.next_slot_at(connection, Lane.INTERACTIVE)
