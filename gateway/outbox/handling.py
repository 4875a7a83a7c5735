"""Who makes an operation's call and takes in its outcome."""

from collections.abc import Callable
from typing import Any

from gateway.api import SmartDialog
from gateway.errors import GatewayError
from gateway.models import Operation


class Handler:
    """The verbs of one kind of operation. `call` runs with no transaction open, the others inside one."""

    # Whether a call that may have been taken is repeated: it is idempotent or carries a RequestId.
    retry_unknown = False

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
    return _handlers[operation.kind]
