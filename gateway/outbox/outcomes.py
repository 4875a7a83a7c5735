"""Writing down what a call came to, under the lease it was made under."""

import logging
from typing import Any

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from accounts.db.state_moves import move
from gateway import clock
from gateway.models import Connection, Operation, OperationState
from gateway.models.connection import LONG_HOLD
from gateway.outbox.calls import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.reasons import Reason
from gateway.sign_in import connections, tokens
from gateway.smartdialog import errors, quirks
from gateway.smartdialog.retry import Decision, FailedCall, RetryAction, decide, is_counted
from gateway.workers.leases import Lease, LeaseLost

log = logging.getLogger(__name__)


def settle_done(connection: Connection, lease: Lease, operation: Operation, result: Any) -> None:
    _write(lease, operation, to=OperationState.DONE, settled_at=clock.now(), status=200, **Reason().fields)
    if connection.consecutive_failures and not _failed_meanwhile(connection, operation):
        Connection.objects.filter(pk=connection.pk).update(
            consecutive_failures=0, last_failure_text="", blocked_until=None
        )
    handler_of(operation).done(QueuedCall(operation), result)


def settle_error(
    connection: Connection,
    lease: Lease,
    operation: Operation,
    error: errors.GatewayError,
    *,
    token_version: int,
) -> None:
    """`token_version`: of the access token that it was called with."""
    log.warning("%s %s: %s: %s", operation.kind, operation.pk, type(error).__name__, error)
    if isinstance(error, errors.GrantLost):
        _write(lease, operation, to=OperationState.WAITING)
        connections.lose_grant(connection, error)
        handler_of(operation).delayed(QueuedCall(operation))
    elif isinstance(error, errors.Unauthorized):
        _settle_unauthorized(connection, lease, operation, token_version)
    else:
        _settle_by_policy(connection, lease, operation, error)


def _settle_unauthorized(
    connection: Connection, lease: Lease, operation: Operation, token_version: int
) -> None:
    """Renew the access token once and repeat the call once; a second 401 means the grant is dead.

    Of several calls with the same token the first has it renewed: to the others that is news of an old one.
    """
    is_second = operation.unauthorized > 0 and token_version == connection.token_version
    _write(
        lease, operation, to=OperationState.WAITING, due_at=clock.now(), unauthorized=0 if is_second else 1
    )
    if is_second:
        connections.lose_grant(connection, errors.GrantLost("401 with a fresh access token"))
    else:
        tokens.expire(connection, token_version)


def _settle_by_policy(
    connection: Connection, lease: Lease, operation: Operation, error: errors.GatewayError
) -> None:
    handler = handler_of(operation)
    if isinstance(error, errors.SilentSuccess) and _is_how_it_answers(operation):
        settle_done(connection, lease, operation, handler.silent_result)
        return
    decision = _decision(connection, operation, error)
    if decision.then is RetryAction.FAIL:
        _write(lease, operation, to=OperationState.FAILED, **_ended(error, _why(operation, error)))
        handler.refused(QueuedCall(operation), error)
        return
    if not _is_of_this_call_alone(operation, error):
        _note_trouble(connection, operation, error, decision)
    if decision.then is RetryAction.ASK:
        _write(
            lease,
            operation,
            to=OperationState.UNKNOWN,
            **_ended(error, _why(operation, error, undecided=True)),
            possibly_accepted=True,
        )
        handler.uncertain(QueuedCall(operation))
    else:
        _put_off(lease, operation, error, decision)
        handler.delayed(QueuedCall(operation))


def _decision(connection: Connection, operation: Operation, error: errors.GatewayError) -> Decision:
    handler = handler_of(operation)
    if handler.is_asked_anew and isinstance(error, errors.OddShape | errors.InternalFault):
        return Decision(RetryAction.FAIL)
    call = FailedCall(
        attempts=operation.attempts,
        consecutive_failures=connection.consecutive_failures - _failed_meanwhile(connection, operation),
        repeatable=handler.may_repeat(QueuedCall(operation)),
        harmless=handler.is_harmless,
        only_reads=handler.contract.only_reads,
        in_doubt=operation.possibly_accepted,
        repeats=operation.repeats,
        grace=settings.SMARTDIALOG_UNKNOWN_GRACE,
    )
    return decide(error, call)


def _put_off(lease: Lease, operation: Operation, error: errors.GatewayError, decision: Decision) -> None:
    _write(
        lease,
        operation,
        to=OperationState.WAITING,
        due_at=clock.after(decision.pause),
        unauthorized=0,
        possibly_accepted=operation.possibly_accepted or decision.then is RetryAction.REPEAT,
        status=error.status,
        **_why(operation, error).fields,
        attempts=operation.attempts - isinstance(error, errors.Throttled),  # it was not even looked at
        repeats=operation.repeats + (decision.then is RetryAction.REPEAT and is_counted(error)),
    )


def _why(operation: Operation, error: errors.GatewayError, *, undecided: bool = False) -> Reason:
    reason = error.undecided_reason if undecided else error.reason
    return reason.of_a_read if handler_of(operation).contract.only_reads else reason


def _is_of_this_call_alone(operation: Operation, error: errors.GatewayError) -> bool:
    """Whether others may succeed: the connection's circuit breaker is not for it."""
    is_odd_read = isinstance(error, errors.OddShape) and handler_of(operation).contract.only_reads
    return is_odd_read or isinstance(error, errors.NotStarted | errors.Refused)


def _is_how_it_answers(operation: Operation) -> bool:
    """A success without a word, the second time it was asked: so it answers everything that it takes."""
    if operation.customer is None or handler_of(operation).silent_result is None:
        return False
    if operation.reason == errors.SilentSuccess.code:
        quirks.learn(operation.customer, is_silent=True)
        return True
    return quirks.of(operation.customer_id).is_silent


def _ended(error: errors.GatewayError, reason: Reason) -> dict[str, Any]:
    return {"settled_at": clock.now(), "status": error.status, **reason.fields}


def _note_trouble(
    connection: Connection, operation: Operation, error: errors.GatewayError, decision: Decision
) -> None:
    """The circuit breaker: calls in flight together that fail are one failure; the longest hold stands."""
    holds = [connection.blocked_until, clock.after(decision.hold) if decision.hold else None]
    Connection.objects.filter(pk=connection.pk).update(
        consecutive_failures=F("consecutive_failures") + int(not _failed_meanwhile(connection, operation)),
        last_failure_text=_trouble(_why(operation, error), decision)[:300],
        last_failure_at=clock.now(),
        blocked_until=max((hold for hold in holds if hold), default=None),
    )


def _failed_meanwhile(connection: Connection, operation: Operation) -> bool:
    """Whether the connection failed after this call had left, by one beside it."""
    failed_at = connection.last_failure_at if connection.consecutive_failures else None
    return bool(failed_at and operation.tried_at and operation.tried_at < failed_at)


def _trouble(reason: Reason, decision: Decision) -> str:
    """A short wait is nobody's business; of a long one people are told the end."""
    if decision.hold < LONG_HOLD.total_seconds():
        return reason.text
    until = date_format(timezone.localtime(clock.after(decision.hold)), "j F H:i")
    return f"SmartDialog takes no calls before {until}. What you did is kept and goes on by itself."


def _write(lease: Lease, operation: Operation, *, to: OperationState, **fields: Any) -> None:
    """By compare-and-swap on the fencing token: a worker that woke too late raises LeaseLost."""
    mine = Operation.objects.filter(pk=operation.pk, fence=lease.fence)
    lease.renew()
    if not move(mine, OperationState.INFLIGHT, to=to, **fields):
        raise LeaseLost
    for name, value in (fields | {"state": to}).items():
        setattr(operation, name, value)
