"""SmartDialog's answers to an operation, as a worker takes them in."""

from typing import Any

from gateway.models import Operation, OperationState
from gateway.outbox import QueuedCall
from gateway.outbox.handlers import handler_of
from gateway.smartdialog.errors import Refused


def take(operation: Operation, result: Any = True) -> None:
    _settle(operation, OperationState.DONE)
    handler_of(operation).done(QueuedCall(operation), result)


def refuse(operation: Operation, error: Refused) -> None:
    _settle(operation, OperationState.FAILED)
    handler_of(operation).refused(QueuedCall(operation), error)


def _settle(operation: Operation, state: OperationState) -> None:
    Operation.objects.filter(pk=operation.pk).update(state=state)
    operation.refresh_from_db()
