"""What people decide about operations: cancel what waits, try again what failed."""

from django.db import transaction

from accounts import audit
from accounts.models import User
from gateway import clock
from gateway.models import Operation, OperationState
from gateway.outbox.adding import nudge_drain


def cancel_waiting(*, batch: str = "", subject: str = "") -> int:
    """Cancel what has not been claimed; what is being sent, or was, stands. Returns how many."""
    if not batch and not subject:
        raise ValueError("name a batch or a subject")
    waiting = Operation.objects.filter(state=OperationState.WAITING, may_be_taken=False)
    waiting = waiting.filter(batch=batch) if batch else waiting
    waiting = waiting.filter(subject=subject) if subject else waiting
    return waiting.update(state=OperationState.CANCELLED, settled_at=clock.now())


def retry(operation: Operation, *, by: User) -> bool:
    """Put a failed or unknown operation back; False when somebody else just did."""
    with transaction.atomic():
        again = Operation.objects.needing_a_person().filter(pk=operation.pk)
        if not again.update(
            state=OperationState.WAITING, due_at=clock.now(), settled_at=None, unauthorized=0, error_text=""
        ):
            return False
        audit.record(actor=by, customer=operation.customer, verb="operation.retried", subject=operation)
        nudge_drain(operation.connection)
    return True
