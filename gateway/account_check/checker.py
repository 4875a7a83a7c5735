"""Making one call at a time, each with a slot of the call ledger, and saying what came of it."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.conf import settings

from accounts.trail.masking import masked
from gateway import clock
from gateway.account_check.advice import WHAT_HAPPENED
from gateway.models import Call, Connection, Lane
from gateway.rate_limit import ledger
from gateway.rate_limit.ledger import NotBefore
from gateway.sign_in import connections, tokens
from gateway.sign_in.sign_in_faults import line_with_scopes, mending_line
from gateway.smartdialog import errors
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.contract import ENDPOINTS

T = TypeVar("T")
MAX_WAIT = 70.0  # seconds for a slot; a full window is free again by then


class StepState(StrEnum):
    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "left out"
    NOT_TRIED = "not tried"  # as a step before it failed, nothing can be said of it


@dataclass(frozen=True)
class StepResult:
    """What became of one step; `name` is the operation's, with more where it is called for another reason.

    `mend`: the line of the environment that could mend it; `ask`: what to do, where ADVICE does not say it.
    """

    state: StepState
    name: str
    words: str
    mend: str = ""
    ask: str = ""

    @property
    def operation(self) -> str:
        return self.name.split()[0]


Steps = Generator[StepResult, None, None]


class CheckAborted(Exception):
    """Nothing more can be called: SmartDialog cannot be reached, or the grant is dead."""


class UnexpectedResult(Exception):
    """The call succeeded, but not with what it was to prove."""


class Checker:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.error: errors.GatewayError | None = None  # of the last step that failed by one

    def sign_in(self) -> Steps:
        try:
            tokens.bearer(self.connection)
        except errors.GatewayError as error:
            yield self._failure("Sign-in", error)
            self._stop(error)
            raise CheckAborted from error
        granted = [scope.rpartition("/")[2] for scope in self.connection.scopes.split()]
        yield StepResult(StepState.OK, "Sign-in", f"scopes: {', '.join(granted) or 'not said'}")
        if not self.connection.refresh_token:
            words = (
                "SmartDialog gave nothing to renew it by: everybody has to sign in again each time it ends"
            )
            yield StepResult(StepState.FAILED, "Renewal", words, mend=line_with_scopes("offline_access"))

    def step(
        self,
        name: str,
        call: Callable[[SmartDialog], T],
        describe: Callable[[T], str],
        *,
        expected_refusal: Callable[[errors.Refused], str] = lambda _: "",
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
        except errors.GatewayError as error:
            expected = expected_refusal(error) if isinstance(error, errors.Refused) else ""
            self.error = None if expected else error
            yield StepResult(StepState.OK, name, expected) if expected else self._failure(name, error)
            self._stop(error)
            return None
        return result

    def attempt(self, name: str, call: Callable[[SmartDialog], T]) -> bool:
        """Whether it worked; without a line of its own."""
        try:
            self._repeated_once(name, call)
        except errors.GatewayError:
            return False
        return True

    def _failure(self, name: str, error: errors.GatewayError) -> StepResult:
        mend = mending_of(error, name.split()[0], self.connection)
        words = describe_error(error, is_read=is_read(name.split()[0]))
        return StepResult(StepState.FAILED, name, words, mend, asking_of(error))

    def _repeated_once(self, name: str, call: Callable[[SmartDialog], T]) -> T:
        """A token that is refused is renewed once, and the call repeated once."""
        try:
            return self._call(name, call)
        except errors.Unauthorized:
            tokens.expire(self.connection, self.connection.token_version)
            return self._call(name, call)

    def _call(self, name: str, call: Callable[[SmartDialog], T]) -> T:
        api = SmartDialog(Client(tokens.bearer(self.connection)))
        slot = self._slot(name)
        try:
            result = call(api)
        except errors.GatewayError as error:
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
                raise errors.Throttled(f"no call may be made for {wait:.0f} s", retry_after=wait)
            time.sleep(wait)

    def _stop(self, error: errors.GatewayError) -> None:
        if isinstance(error, errors.GrantLost):
            connections.lose_grant(self.connection, error)
        if isinstance(error, errors.GrantLost | errors.Unreachable | errors.Throttled):
            raise CheckAborted


def asking_of(error: errors.GatewayError) -> str:
    """What to do where it is no scope or service that lacks; empty where that may be."""
    if isinstance(error, errors.UnexpectedResponse):
        return "ask Arena what this operation answers: it is not as its definition says"
    if isinstance(
        error,
        errors.Unreachable | errors.NoToken | errors.Throttled | errors.ServerFault | errors.OutcomeUnknown,
    ):
        return "try again later, and tell Arena support when it stays so"
    if isinstance(error, errors.GrantLost):
        return "sign in with SmartDialog in the dashboard, and try again"
    return ""


def mending_of(error: errors.GatewayError, operation: str, connection: Connection) -> str:
    """The line of the environment that could mend it, or nothing."""
    if isinstance(error, errors.WrongSetting):
        return mending_line(error.setting)
    if operation == "Sign-in" and str(error).startswith(errors.Unreachable.__name__):
        return mending_line("SMARTDIALOG_TOKEN_URL")
    if isinstance(error, errors.Unreachable) or _is_no_api(error, operation):
        return mending_line("SMARTDIALOG_API_URL")
    if isinstance(error, errors.Throttled):
        return mending_line("SMARTDIALOG_CALLS_PER_MINUTE", str(max(1, ledger.used(connection) - 1)))
    if isinstance(error, errors.Refused) and error.status in {401, 403} and operation in ENDPOINTS:
        return _missing_scope(ENDPOINTS[operation].scope)
    return ""


def _is_no_api(error: errors.GatewayError, operation: str) -> bool:
    """What every account has is not there, or is a page."""
    is_no_answer = isinstance(error, errors.UnexpectedResponse) or (
        isinstance(error, errors.Refused) and error.status == 404
    )
    return is_no_answer and operation == "GetUserCustomers"


def _missing_scope(name: str) -> str:
    """Where the dashboard does not ask for it; else it is Arena that does not grant it."""
    asked = settings.SMARTDIALOG_SCOPES
    if any(scope.rpartition("/")[2] == name for scope in asked):
        return ""
    prefix = next((scope.rpartition("/")[0] + "/" for scope in asked if "/" in scope), "")
    return mending_line("SMARTDIALOG_SCOPES", " ".join([*asked, prefix + name]))


def is_read(operation: str) -> bool:
    return operation not in ENDPOINTS or ENDPOINTS[operation].method == "GET"


def describe_error(error: errors.GatewayError, *, is_read: bool) -> str:
    """What happened, and the cause. Nothing is kept and tried again: here a person tries."""
    cause = f"status {error.status}" if isinstance(error, errors.Refused) else str(error)
    said = WHAT_HAPPENED.get(error.reason.code, error.text)
    if not is_read and isinstance(error, errors.OutcomeUnknown | errors.ServerFault):
        said += " It may have taken this."
    return masked(f"{said} ({cause})")
