"""What to do after a call that did not succeed: one pure function."""

import random
from dataclasses import dataclass
from enum import Enum

from gateway.errors import (
    Broken,
    GatewayError,
    NotSent,
    NotStarted,
    Refused,
    ServerFault,
    Throttled,
    Unclear,
    Unsendable,
)

LONGEST_PAUSE = 300.0  # seconds
PROBE_PAUSE = 30.0  # seconds between tries of a platform that keeps failing


class Then(Enum):
    WAIT = "wait"  # it did not happen: try again after the pause
    FAIL = "fail"  # refused for good
    REPEAT = "repeat"  # it may have happened, and repeating is safe: same bytes after the pause
    ASK = "ask"  # it may have happened, and repeating is not safe: a person decides


@dataclass(frozen=True)
class Decision:
    then: Then
    pause: float = 0.0  # seconds before this operation is tried again
    hold: float = 0.0  # seconds before the connection makes any call


def decide(
    error: GatewayError,
    *,
    attempts: int,
    troubles: int,
    repeatable: bool,
    grace: float,
    jitter: float | None = None,
) -> Decision:
    """`attempts` of this operation so far, `troubles` in a row on its connection before this one.

    `repeatable`: the call is idempotent or carries a RequestId. `grace`: seconds until a request
    that may still be on its way is surely dead. `jitter` from 0 to 1; random when not given.
    """
    spread = random.random() if jitter is None else jitter  # noqa: S311  not a secret
    if isinstance(error, Throttled):
        return Decision(Then.WAIT, hold=error.retry_after or _backoff(troubles, spread))  # 0 says nothing
    if isinstance(error, Refused | Unsendable):
        return Decision(Then.FAIL)
    if isinstance(error, Broken):
        return Decision(Then.ASK)
    if isinstance(error, NotStarted):
        return Decision(Then.WAIT, pause=_backoff(attempts - 1, spread))
    if isinstance(error, NotSent):
        return Decision(Then.WAIT, hold=min(_backoff(troubles, spread), PROBE_PAUSE))
    if isinstance(error, ServerFault | Unclear):
        pause = max(grace if isinstance(error, Unclear) else 0.0, _backoff(attempts - 1, spread))
        hold = min(_backoff(troubles, spread), PROBE_PAUSE) if troubles else 0.0
        return Decision(Then.REPEAT if repeatable else Then.ASK, pause=pause, hold=hold)
    return Decision(Then.WAIT)


def _backoff(times: int, spread: float) -> float:
    """1, 2, 4 … 300 s, half of it random, so that many do not come back at once."""
    whole = min(LONGEST_PAUSE, 2.0 ** min(times, 10))
    return whole / 2 + whole / 2 * spread
