"""Who makes an operation's call and takes in its outcome."""

from typing import Any

from accounts.errors import UserError
from accounts.models import User
from accounts.registry import Registry
from gateway.models import Operation
from gateway.outbox.calls import QueuedCall
from gateway.smartdialog import quirks
from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.contract import ENDPOINTS, Endpoint, Idempotency
from gateway.smartdialog.errors import GatewayError


class CannotRetry(UserError):
    """`text` says why, to the person who wants to."""


class Handler:
    """The verbs of one kind of operation. `call` runs with no transaction open, the others inside one.

    `endpoint` names the operation of the contract that it calls, which says its lane and its repeats.
    """

    endpoint: str
    holds_place_until_due = True  # False: until its time comes, later calls of its subject may pass it
    retries_by_batch = False  # what a person has tried again, its owner decides on: see retry_batch
    is_asked_anew = False  # by the clock: an answer that cannot be taken in is left at that
    silent_result: Any = None  # what a success without a word stands for; None: it may be anything

    @property
    def contract(self) -> Endpoint:
        return ENDPOINTS[self.endpoint]

    def may_repeat(self, call: QueuedCall) -> bool:
        """Whether a call that may have been taken is made once more."""
        if self.contract.repeat is not Idempotency.BY_REQUEST_ID:
            return self.contract.repeatable
        return bool(call.request_id) and not quirks.of(call.customer.pk).forgets_request_ids

    @property
    def is_harmless(self) -> bool:
        """However often it is made, it was made once."""
        return self.contract.repeat is Idempotency.IDEMPOTENT

    def call(self, api: SmartDialog, call: QueuedCall) -> Any:
        """Exactly one call to `api`, from the queued call's payload alone."""
        raise NotImplementedError

    def before_try(self, call: QueuedCall) -> None:
        """Its turn has come, once more or for the first time: the last moment to rebuild, drop or hold it.

        In the transaction that claims it; what is not as it was when it was queued is not sent.
        """

    def done(self, call: QueuedCall, result: Any) -> None:
        """SmartDialog took it."""

    def refused(self, call: QueuedCall, error: GatewayError) -> None:
        """It is FAILED for good; may close it or follow it up."""

    def uncertain(self, call: QueuedCall) -> None:
        """It may have been taken, and a person decides."""

    def before_retry(self, call: QueuedCall, *, by: User) -> None:
        """A person has it tried again that failed, or may have been taken. Raises CannotRetry.

        In the transaction that puts it back, before that.
        """

    def retry_batch(self, batch: str, *, by: User) -> int:
        """A person has all of a batch tried again that was refused; returns how many calls."""
        raise NotImplementedError

    def delayed(self, call: QueuedCall) -> None:
        """It waits to be tried again, and says why."""


HANDLERS = Registry[Handler]("handler of")
handles = HANDLERS.register  # @handles("contact.create")


def handler_of(operation: Operation) -> Handler:
    return HANDLERS[operation.kind]
