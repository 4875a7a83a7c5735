"""What to do after a call that did not succeed: one pure function."""

import random
from dataclasses import dataclass
from enum import Enum

from gateway.smartdialog.errors import (
    GatewayError,
    InternalFault,
    NotSent,
    NotStarted,
    OddShape,
    OutcomeUnknown,
    Refused,
    ServerFault,
    Throttled,
    Unsendable,
)

MAX_BACKOFF = 300.0  # seconds
MAX_REPEATS = 2  # of what may have been taken, by itself; then a person decides
LAST_REPEAT_AFTER = 30.0  # seconds; so that it outlives a short fault
PROBE_INTERVAL = 30.0  # seconds between tries of a platform that keeps failing: a half-open circuit breaker


class RetryAction(Enum):
    WAIT = "wait"  # it did not happen: try again after the pause
    FAIL = "fail"  # refused for good
    REPEAT = "repeat"  # it may have happened, and repeating is safe: same bytes after the pause
    ASK = "ask"  # it may have happened, and repeating is not safe: a person decides


@dataclass(frozen=True)
class Decision:
    then: RetryAction
    pause: float = 0.0  # seconds before this operation is tried again
    hold: float = 0.0  # seconds before the connection makes any call: its circuit breaker is open


@dataclass(frozen=True, kw_only=True)
class FailedCall:
    """What of a call says whether and when it is tried again."""

    attempts: int  # so far
    consecutive_failures: int  # on its connection before this one
    repeatable: bool  # it is idempotent or carries an idempotency key (RequestId)
    grace: float  # seconds until a request that may still be on its way is surely dead
    harmless: bool = True  # idempotent, however often it is made
    only_reads: bool = False  # it changes nothing at all
    in_doubt: bool = False  # an earlier try may have been taken
    repeats: int = 0  # times that it was made again for that


def decide(error: GatewayError, call: FailedCall, *, jitter: float | None = None) -> Decision:
    """`jitter` from 0 to 1; random when not given."""
    spread = random.random() if jitter is None else jitter  # noqa: S311  not a secret
    match error:
        case Throttled():
            hold = error.retry_after or _backoff(call.consecutive_failures, spread)  # 0 says nothing
            return Decision(RetryAction.WAIT, hold=hold)
        case Refused() if not call.harmless and (call.in_doubt or error.may_be_of_a_repeat):
            return Decision(RetryAction.ASK)
        case Refused() | Unsendable():
            return Decision(RetryAction.FAIL)
        case InternalFault():
            return Decision(RetryAction.ASK)
        case NotStarted():
            return Decision(RetryAction.WAIT, pause=_backoff(call.attempts - 1, spread))
        case NotSent():
            hold = min(_backoff(call.consecutive_failures, spread), PROBE_INTERVAL)
            return Decision(RetryAction.WAIT, hold=hold)
        case OddShape() if call.only_reads:
            return Decision(RetryAction.REPEAT, pause=max(call.grace, _backoff(call.attempts - 1, spread)))
        case ServerFault() | OutcomeUnknown():
            return _repeat_or_ask(error, call, spread)
    return Decision(RetryAction.WAIT)


def _repeat_or_ask(error: ServerFault | OutcomeUnknown, call: FailedCall, spread: float) -> Decision:
    """It may have happened. What does no harm is repeated for as long as needed, other calls twice."""
    pause = _backoff(call.attempts - 1, spread)
    if isinstance(error, OutcomeUnknown):
        pause = max(pause, call.grace)
    is_limited = not call.harmless and is_counted(error)
    if is_limited and call.repeats:
        pause = max(pause, LAST_REPEAT_AFTER)
    may = call.repeatable and (not is_limited or call.repeats < MAX_REPEATS)
    hold = _hold_after(error, call.consecutive_failures, spread)
    return Decision(RetryAction.REPEAT if may else RetryAction.ASK, pause=pause, hold=hold)


def _hold_after(error: ServerFault | OutcomeUnknown, failures: int, spread: float) -> float:
    """Until the next probe, after other failures; for as long as the platform asks, within bounds."""
    hold = min(_backoff(failures, spread), PROBE_INTERVAL) if failures else 0.0
    asked = error.retry_after if isinstance(error, ServerFault) else None
    return max(hold, min(asked or 0.0, MAX_BACKOFF))


def is_counted(error: GatewayError) -> bool:
    """Whether what comes after it is a repeat: 503 says that nothing was done."""
    return isinstance(error, ServerFault | OutcomeUnknown) and error.status != 503


def _backoff(times: int, spread: float) -> float:
    """Exponential, 1, 2, 4 … 300 s, with equal jitter, so that many do not come back at once."""
    whole = min(MAX_BACKOFF, 2.0 ** min(times, 10))
    return whole / 2 + whole / 2 * spread
