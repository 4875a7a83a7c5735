"""One worker carries a connection's operations to SmartDialog, one at a time."""

import logging
import time
from typing import Any

from django.db import transaction

from gateway import clock, leases, ledger, tokens
from gateway.api import SmartDialog
from gateway.client import Client
from gateway.errors import Broken, GatewayError
from gateway.leases import Lease
from gateway.ledger import NotBefore
from gateway.models import Connection, Operation
from gateway.outbox.adding import nudge_drain
from gateway.outbox.claiming import Claim, LeaseLost, claim_next, due_operations, recover
from gateway.outbox.handling import handler_of
from gateway.outbox.settling import settle_done, settle_error

log = logging.getLogger(__name__)

LONGEST_TURN = 20.0  # seconds; then other connections get their turn of this thread
LONGEST_NAP = 2.0  # seconds; what is due later is left to the sweep


def drain(connection_id: int) -> int:
    """Carry what is due; returns how many calls were made. Leaves at once while another worker drains."""
    lease = leases.take(connection_id)
    if lease is None:
        return 0
    try:
        calls = _drain_under(lease)
    except LeaseLost:
        log.warning("connection %s: another worker took over", connection_id)
        return 0
    finally:
        lease.release()
    _hand_over(connection_id)
    return calls


def _drain_under(lease: Lease) -> int:
    connection = Connection.objects.select_related("user").get(pk=lease.connection_id)
    recover(connection, lease)
    ends, calls = time.monotonic() + LONGEST_TURN, 0
    while time.monotonic() < ends and connection.is_active:
        claim = claim_next(connection, lease)
        if claim is None:
            break
        if isinstance(claim, NotBefore):
            nap = (claim.at - clock.now()).total_seconds()
            if nap > LONGEST_NAP:
                break
            time.sleep(min(max(nap, 0.005), 0.2))  # short, so that an interactive operation is seen soon
            continue
        _carry(connection, lease, claim)
        calls += 1
        connection.refresh_from_db()
    return calls


def _carry(connection: Connection, lease: Lease, claim: Claim) -> None:
    """Make the call with no transaction open, and hand its outcome to whom it belongs, in one."""
    operation = claim.operation
    try:
        result = _call(connection, operation)
    except GatewayError as error:
        with transaction.atomic():
            ledger.answered(claim.call, status=error.status, error=str(error))
            settle_error(connection, lease, operation, error)
    else:
        with transaction.atomic():
            ledger.answered(claim.call, status=200)
            settle_done(connection, lease, operation, result)


def _call(connection: Connection, operation: Operation) -> Any:
    try:
        api = SmartDialog(Client(tokens.bearer(connection)))
        return handler_of(operation).call(api, operation)
    except GatewayError:
        raise
    except Exception as fault:  # our own: set this one aside, loudly, and carry on with the others
        log.exception("%s %s broke", operation.kind, operation.pk)
        raise Broken(repr(fault)) from fault


def _hand_over(connection_id: int) -> None:
    """What was added while we were leaving saw our lease and went away: ask again."""
    connection = Connection.objects.get(pk=connection_id)
    if connection.is_active and due_operations(connection).exists() and not _blocked(connection):
        nudge_drain(connection)


def _blocked(connection: Connection) -> bool:
    return connection.blocked_until is not None and connection.blocked_until > clock.now()
