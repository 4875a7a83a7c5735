"""Making one call at a time, each with a slot of the call ledger, and saying what came of it."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from accounts.masking import masked
from gateway import clock, connections, ledger, tokens
from gateway.api import SmartDialog
from gateway.client import Client
from gateway.errors import GatewayError, GrantLost, Refused, Throttled, Unauthorized, Unreachable
from gateway.ledger import NotBefore
from gateway.models import Call, Connection, Lane

T = TypeVar("T")
MAX_WAIT = 70.0  # seconds for a slot; a full window is free again by then


class StepState(StrEnum):
    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "left out"


@dataclass(frozen=True)
class StepResult:
    """What became of one step; `name` is the operation's, with more where it is called for another reason."""

    state: StepState
    name: str
    words: str

    @property
    def operation(self) -> str:
        return self.name.split()[0]


class CheckAborted(Exception):
    """Nothing more can be called: SmartDialog cannot be reached, or the grant is dead."""


class UnexpectedResult(Exception):
    """The call succeeded, but not with what it was to prove."""


class Checker:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def sign_in(self) -> Generator[StepResult, None, None]:
        try:
            tokens.bearer(self.connection)
        except GatewayError as error:
            yield StepResult(StepState.FAILED, "Sign-in", describe_error(error))
            self._stop(error)
        granted = [scope.rpartition("/")[2] for scope in self.connection.scopes.split()]
        yield StepResult(StepState.OK, "Sign-in", f"scopes: {', '.join(granted) or 'not said'}")

    def step(
        self,
        name: str,
        call: Callable[[SmartDialog], T],
        describe: Callable[[T], str],
        *,
        expected_refusal: Callable[[Refused], str] = lambda _: "",
    ) -> Generator[StepResult, None, T | None]:
        """One line and the call's result; None when it failed.

        `describe` puts the result in words, or raises UnexpectedResult; `expected_refusal` has words for a
        refusal that is a proof.
        """
        try:
            result = self._repeated_once(name, call)
            yield StepResult(StepState.OK, name, describe(result))
        except UnexpectedResult as error:
            yield StepResult(StepState.FAILED, name, str(error))
            return None
        except GatewayError as error:
            expected = expected_refusal(error) if isinstance(error, Refused) else ""
            yield StepResult(
                StepState.OK if expected else StepState.FAILED, name, expected or describe_error(error)
            )
            self._stop(error)
            return None
        return result

    def _repeated_once(self, name: str, call: Callable[[SmartDialog], T]) -> T:
        """A token that is refused is renewed once, and the call repeated once."""
        try:
            return self._call(name, call)
        except Unauthorized:
            tokens.expire(self.connection, self.connection.token_version)
            return self._call(name, call)

    def _call(self, name: str, call: Callable[[SmartDialog], T]) -> T:
        api = SmartDialog(Client(tokens.bearer(self.connection)))
        slot = self._slot(name)
        try:
            result = call(api)
        except GatewayError as error:
            ledger.record_answer(slot, status=error.status, error=str(error))
            raise
        ledger.record_answer(slot, status=200)
        return result

    def _slot(self, name: str) -> Call:
        gives_up = time.monotonic() + MAX_WAIT
        while True:
            slot = ledger.reserve(self.connection, name=f"check.{name.split()[0]}", lane=Lane.INTERACTIVE)
            if not isinstance(slot, NotBefore):
                return slot
            wait = max(0.01, (slot.at - clock.now()).total_seconds())
            if time.monotonic() + wait > gives_up:
                raise Throttled(f"no call may be made for {wait:.0f} s", retry_after=wait)
            time.sleep(wait)

    def _stop(self, error: GatewayError) -> None:
        if isinstance(error, GrantLost):
            connections.lose_grant(self.connection, error)
        if isinstance(error, GrantLost | Unreachable | Throttled):
            raise CheckAborted


def describe_error(error: GatewayError) -> str:
    """What the person reads, and for whoever runs the dashboard the cause."""
    cause = f"status {error.status}" if isinstance(error, Refused) else str(error)
    return masked(f"{error.text} ({cause})")
