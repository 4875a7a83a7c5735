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


def decide(
    error: GatewayError,
    *,
    attempts: int,
    consecutive_failures: int,
    repeatable: bool,
    grace: float,
    harmless: bool = True,
    only_reads: bool = False,
    in_doubt: bool = False,
    repeats: int = 0,
    jitter: float | None = None,
) -> Decision:
    """`attempts` of this operation so far, `consecutive_failures` in a row on its connection before this one.

    `repeatable`: the call is idempotent or carries an idempotency key (RequestId). `grace`: seconds until
    a request that may still be on its way is surely dead. `harmless`: idempotent, however often it is made.
    `only_reads`: it changes nothing at all. `in_doubt`: an earlier try may have been taken. `repeats`: times
    it was made again for that. `jitter` from 0 to 1; random when not given.
    """
    spread = random.random() if jitter is None else jitter  # noqa: S311  not a secret
    if isinstance(error, Throttled):
        hold = error.retry_after or _backoff(consecutive_failures, spread)  # 0 says nothing
        return Decision(RetryAction.WAIT, hold=hold)
    if isinstance(error, Refused) and not harmless and (in_doubt or error.may_be_of_a_repeat):
        return Decision(RetryAction.ASK)
    if isinstance(error, Refused | Unsendable | InternalFault):
        return Decision(RetryAction.ASK if isinstance(error, InternalFault) else RetryAction.FAIL)
    if isinstance(error, NotStarted):
        return Decision(RetryAction.WAIT, pause=_backoff(attempts - 1, spread))
    if isinstance(error, NotSent):
        return Decision(RetryAction.WAIT, hold=min(_backoff(consecutive_failures, spread), PROBE_INTERVAL))
    if isinstance(error, OddShape) and only_reads:
        return Decision(RetryAction.REPEAT, pause=max(grace, _backoff(attempts - 1, spread)))
    if isinstance(error, ServerFault | OutcomeUnknown):
        pause = max(grace if isinstance(error, OutcomeUnknown) else 0.0, _backoff(attempts - 1, spread))
        hold = _hold_after(error, consecutive_failures, spread)
        counts = not harmless and is_counted(error)
        return _repeat(pause, hold, repeatable=repeatable, repeats=repeats if counts else None)
    return Decision(RetryAction.WAIT)


def _hold_after(error: ServerFault | OutcomeUnknown, failures: int, spread: float) -> float:
    """Until the next probe, after other failures; for as long as the platform asks, within bounds."""
    hold = min(_backoff(failures, spread), PROBE_INTERVAL) if failures else 0.0
    asked = error.retry_after if isinstance(error, ServerFault) else None
    return max(hold, min(asked or 0.0, MAX_BACKOFF))


def _repeat(pause: float, hold: float, *, repeatable: bool, repeats: int | None) -> Decision:
    """`repeats`: how often it was made again already; None where it may be as often as needed."""
    if repeats:
        pause = max(pause, LAST_REPEAT_AFTER)
    may = repeatable and (repeats is None or repeats < MAX_REPEATS)
    return Decision(RetryAction.REPEAT if may else RetryAction.ASK, pause=pause, hold=hold)


def is_counted(error: GatewayError) -> bool:
    """Whether what comes after it is a repeat: 503 says that nothing was done."""
    return isinstance(error, ServerFault | OutcomeUnknown) and error.status != 503


def _backoff(times: int, spread: float) -> float:
    """Exponential, 1, 2, 4 … 300 s, with equal jitter, so that many do not come back at once."""
    whole = min(MAX_BACKOFF, 2.0 ** min(times, 10))
    return whole / 2 + whole / 2 * spread
