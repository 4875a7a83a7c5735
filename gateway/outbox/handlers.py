"""Who makes an operation's call and takes in its outcome."""

from collections.abc import Callable
from typing import Any

from gateway.api import SmartDialog
from gateway.contract import ENDPOINTS, Endpoint, Idempotency
from gateway.errors import GatewayError
from gateway.models import Operation


class Handler:
    """The verbs of one kind of operation. `call` runs with no transaction open, the others inside one.

    `endpoint` names the operation of the contract that it calls, which says its lane and its repeats.
    """

    endpoint: str

    @property
    def contract(self) -> Endpoint:
        return ENDPOINTS[self.endpoint]

    def may_repeat(self, operation: Operation) -> bool:
        """Whether a call that may have been taken is made once more."""
        by_request_id = self.contract.repeat is Idempotency.BY_REQUEST_ID
        return self.contract.repeatable and bool(operation.request_id or not by_request_id)

    def call(self, api: SmartDialog, operation: Operation) -> Any:
        """Exactly one call to `api`, from the operation's payload alone."""
        raise NotImplementedError

    def done(self, operation: Operation, result: Any) -> None:
        """SmartDialog took it."""

    def refused(self, operation: Operation, error: GatewayError) -> None:
        """It is FAILED for good; may add a follow-up operation."""

    def uncertain(self, operation: Operation) -> None:
        """It may have been taken, and a person decides."""


_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[type[Handler]], type[Handler]]:
    """Register a handler class for a kind of operation."""

    def register(handler: type[Handler]) -> type[Handler]:
        if kind in _handlers:
            raise ValueError(f"{kind!r} is handled by {type(_handlers[kind]).__name__} already")
        _handlers[kind] = handler()
        return handler

    return register


def handler_of(operation: Operation) -> Handler:
    return handler_for(operation.kind)


def handler_for(kind: str) -> Handler:
    return _handlers[kind]
