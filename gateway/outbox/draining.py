"""One worker carries a connection's operations to SmartDialog, as many at a time as their answers ask for."""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from celery.worker import state as worker_state
from django.db import InterfaceError, OperationalError, transaction

from gateway import clock
from gateway.installation_checks import sending_place
from gateway.models import Backlog, Connection, Lane
from gateway.outbox import backlogs, claiming
from gateway.outbox.calls import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.outbox.in_flight import CallsInFlight
from gateway.outbox.outcomes import settle_done, settle_error
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore
from gateway.sign_in import tokens
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.errors import GatewayError, InternalFault, NotStarted
from gateway.workers import leases
from gateway.workers.leases import Lease, LeaseLost

log = logging.getLogger(__name__)

DATABASE_ERRORS = (OperationalError, InterfaceError)

MAX_TURN = 20.0  # seconds; then other connections get their turn of this thread
LOOK_AGAIN = 0.1  # seconds; while calls are under way new work is looked for, since its wake-up met our lease
WATERMARK_TTL = 20.0  # seconds; the longest that what a person retries is not seen behind newer work


def drain(connection_id: int) -> datetime | None:
    """Carry what may be called now; returns when to come again, None when nobody has to.

    It never waits for a slot: a thread is held by calls alone. Leaves at once while another worker drains, or
    another installation sends.
    """
    lease = leases.take_connection(connection_id) if sending_place.is_here() else None
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
    return rest.until if isinstance(rest, claiming.Idle) else rest.at


def _drain_under(lease: Lease, connection_id: int) -> claiming.Idle | NotBefore:
    """Carry until nothing may be called; returns why nothing may."""
    connection = Connection.objects.select_related("user").get(pk=connection_id)
    claiming.recover_abandoned(connection, lease)
    calls = CallsInFlight(answer_time=ledger.answer_time(connection))
    try:
        return _Turn(connection, lease, calls).run()
    finally:
        calls.finish()


class _Turn:
    """Claiming, and starting calls, until nothing more may be called. Those under way may outlast it."""

    def __init__(self, connection: Connection, lease: Lease, calls: CallsInFlight) -> None:
        self._connection, self._lease, self._calls = connection, lease, calls
        self._began = time.monotonic()
        self._ends = self._began + MAX_TURN

    def run(self) -> claiming.Idle | NotBefore:
        while self._connection.is_active:
            if self._is_over():
                return NotBefore(clock.now())
            rest = self._start_next()
            if isinstance(rest, claiming.Idle | NotBefore) and not self._calls and not _is_past(rest):
                return rest
            self._calls.wait(_pause(rest) if self._calls else 0.0)
            self._connection.refresh_from_db()
        return claiming.Idle(until=None)

    def _is_over(self) -> bool:
        """Others wait for the thread, or the worker stops. To wait for late answers costs calls: seldom."""
        if time.monotonic() < self._ends:
            return False
        self._ends = time.monotonic() + 1.0
        return not self._calls or _is_stopping() or claiming.is_thread_wanted()

    def _start_next(self) -> claiming.Idle | NotBefore | None:
        """Why no call is started, or None."""
        lanes = self._calls.open_lanes()
        if not lanes:
            return NotBefore(clock.now())
        claim = claiming.claim_next(
            self._connection, self._lease, _watermark_cache.of(self._connection), lanes=lanes
        )
        if isinstance(claim, claiming.Claim):
            self._start(claim)
            return None
        return None if isinstance(claim, claiming.Idle) and self._find_more() else claim

    def _find_more(self) -> bool:
        return _watermark_cache.forget(self._connection, before=self._began) or bool(
            backlogs.plan_next(self._connection, self._lease)
        )

    def _start(self, claim: claiming.Claim) -> None:
        self._calls.start(
            partial(_call, self._calls, self._connection, self._lease, claim),
            partial(_settle_safely, self._connection, self._lease, claim),
        )


def _is_past(rest: claiming.Idle | NotBefore) -> bool:
    return isinstance(rest, NotBefore) and rest.at <= clock.now()


def _pause(rest: claiming.Idle | NotBefore | None) -> float:
    """Until the next look while calls are under way."""
    if rest is None:
        return 0.0
    wait = (rest.at - clock.now()).total_seconds() if isinstance(rest, NotBefore) else LOOK_AGAIN
    return min(wait, LOOK_AGAIN) if wait > 0 else LOOK_AGAIN


def _is_stopping() -> bool:
    return worker_state.should_stop not in (None, False)


class _WatermarkCache:
    """The watermarks of each connection as this process saw them, kept from turn to turn for a while."""

    def __init__(self) -> None:
        self._seen: dict[int, tuple[float, claiming.LaneWatermarks]] = {}

    def of(self, connection: Connection) -> claiming.LaneWatermarks:
        now = time.monotonic()
        seen_at, seen = self._seen.get(connection.pk, (now - WATERMARK_TTL, {}))
        if now - seen_at < WATERMARK_TTL:
            return seen
        self._seen[connection.pk] = now, claiming.lane_watermarks(connection)
        return self._seen[connection.pk][1]

    def forget(self, connection: Connection, *, before: float) -> bool:
        """Whether they were seen before that moment, so that it is worth to look again."""
        is_old = self._seen.get(connection.pk, (before, {}))[0] < before
        if is_old:
            del self._seen[connection.pk]
        return is_old


_watermark_cache = _WatermarkCache()


def _settle_safely(connection: Connection, lease: Lease, claim: claiming.Claim, outcome: Any) -> None:
    """Hand the outcome of a call to whom it belongs."""
    if isinstance(outcome, BaseException) and not isinstance(outcome, GatewayError):
        raise outcome
    connection.refresh_from_db()  # what the calls beside it came to
    try:
        _settle(connection, lease, claim, outcome)
    except (LeaseLost, *DATABASE_ERRORS):
        raise
    except Exception as fault:  # our own again: left in flight, it would be called for ever
        log.exception("the outcome of %s %s broke", claim.operation.kind, claim.operation.pk)
        _settle(connection, lease, claim, InternalFault(repr(fault)))


@transaction.atomic
def _settle(connection: Connection, lease: Lease, claim: claiming.Claim, outcome: Any) -> None:
    if isinstance(outcome, GatewayError):
        ledger.record_answer(claim.call, status=outcome.status, error=outcome.ledger_text)
        settle_error(connection, lease, claim.operation, outcome, token_version=claim.token_version)
    else:
        ledger.record_answer(claim.call, status=200)
        settle_done(connection, lease, claim.operation, outcome)


def _call(calls: CallsInFlight, connection: Connection, lease: Lease, claim: claiming.Claim) -> Any:
    """The lease is looked at last: a worker that slept, or waited for a token, calls nothing any more.

    With no transaction open, in a thread beside other calls.
    """
    operation, guard = claim.operation, _PreSendGuard(calls, lease)
    try:
        token = calls.run_here(partial(_bearer, connection, claim))
        api = SmartDialog(Client(token, before_sending=guard.now))
        return handler_of(operation).call(api, QueuedCall(operation))
    except (GatewayError, LeaseLost):
        raise
    except Exception as fault:  # our own: set this one aside, loudly, and carry on with the others
        log.exception("%s %s broke", operation.kind, operation.pk)
        if isinstance(fault, DATABASE_ERRORS) and not guard.may_have_left:
            raise NotStarted(repr(fault)) from fault
        raise InternalFault(repr(fault)) from fault
    finally:
        claim.call.ended = clock.monotonic()


def _bearer(connection: Connection, claim: claiming.Claim) -> str:
    """One call after the other asks for it, so that one renewal serves them all."""
    token = tokens.bearer(connection)
    claim.token_version = connection.token_version
    return token


@dataclass
class _PreSendGuard:
    """Renews the lease as the request leaves, or raises LeaseLost."""

    calls: CallsInFlight
    lease: Lease
    may_have_left: bool = False

    def now(self) -> None:
        self.calls.run_here(self.lease.renew)
        self.may_have_left = True


def _has_new_work(connection_id: int, rest: claiming.Idle | NotBefore) -> bool:
    """Whether what may be called now was added while we were leaving: its wake-up met our lease."""
    connection = Connection.objects.get(pk=connection_id)
    if not connection.is_active:
        return False
    due, to_plan = (
        claiming.due_operations(connection),
        Backlog.objects.running().filter(connection=connection),
    )
    if isinstance(rest, NotBefore):  # which holds for the paced lanes anyway
        due, to_plan = due.filter(lane=Lane.INTERACTIVE), to_plan.none()
    return (due.exists() or to_plan.exists()) and not ledger.next_slot_at(connection, Lane.INTERACTIVE)
