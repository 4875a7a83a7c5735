"""What handlers make of an answer, and what a later change makes of earlier calls."""

from collections.abc import Callable, Collection
from typing import Any, Unpack

from django.db import transaction
from django.db.models import F, Q, TextField
from django.db.models.functions import Cast

from accounts.db.state_moves import move
from accounts.models import Customer
from gateway import clock
from gateway.models import Call, Operation, OperationState
from gateway.models.outbox import QUEUED
from gateway.outbox.calls import QueuedCall, Which, select
from gateway.outbox.enqueue import add
from gateway.reasons import Reason
from gateway.sign_in import connections

# SmartDialog answered, though in a way that told us nothing, or refused the repeat that followed.
_ANSWERED = [
    *("silent", "silent_undecided", "unreadable", "unreadable_undecided"),
    *("refused_repeat", "refused_repeat_silently"),
]
_OVER = [OperationState.DONE, OperationState.CANCELLED]


def close(call: QueuedCall, reason: Reason | None = None) -> None:
    """It needs nobody any more, whatever the answer was; without a reason it keeps the one it has.

    As it was seen: what somebody did with it meanwhile stands.
    """
    seen = Operation.objects.filter(pk=call.id, state=call.state)
    move(seen, OperationState.FAILED, to=OperationState.DONE, **_ended(reason))


def confirm(**which: Unpack[Which]) -> bool:
    """A report says that it was taken, of which that was in doubt: it is not made again. Whether one was.

    One that is in flight stays so, and its outcome waits for the report: who settles it asks here again.
    """
    select(**which).filter(state=OperationState.INFLIGHT).update(fence=F("fence"))
    doubted = select(**which).filter(
        Q(state=OperationState.UNKNOWN) | Q(state__in=QUEUED, possibly_accepted=True)
    )
    answered = set(doubted.filter(reason__in=_ANSWERED).values_list("connection_id", flat=True))
    if answered:  # later, as whoever settles a call locks the connection before its operation
        transaction.on_commit(lambda: connections.answered_after_all(answered))
    said = _ended(Reason("reported"))
    return bool(move(doubted, OperationState.UNKNOWN, *QUEUED, to=OperationState.DONE, **said))


def fail(call_id: int, reason: Reason) -> None:
    """A call that was closed has failed after all: a person may mend it and try again."""
    closed = Operation.objects.filter(pk=call_id)
    move(closed, OperationState.DONE, to=OperationState.FAILED, **_ended(reason))


def follow_up(call: QueuedCall, kind: str, **extra: Any) -> None:
    """Carry on with another call in place of this one, counted in the same batch."""
    if call.has_failed:
        close(call, Reason("followed_up"))
    add(
        connection=call.connection,
        customer=call.customer,
        kind=kind,
        payload=call.payload | extra,
        lane=call.lane,
        subject=call.subject,
        batch=call.batch,
        by=call.created_by,
    )


def supersede(*, but: Collection[str] = (), **which: Unpack[Which]) -> int:
    """A later change says all that these said: what needed a person needs nobody. `but`: kinds that stay."""
    return select(**which).needing_a_person().exclude(kind__in=but).cancel()


def supersede_failed(**which: Unpack[Which]) -> int:
    """The same of what was refused only: what may have been taken still needs a person."""
    return select(**which).filter(state=OperationState.FAILED).cancel()


def redact(call: QueuedCall, payload: dict[str, Any], *, cancel: bool) -> bool:
    """Say less, or `cancel` it: also where a person has yet to decide.

    False while it is being made, or is to be made again with the same bytes.
    """
    free = Operation.objects.filter(pk=call.id).exclude(state=OperationState.INFLIGHT)
    free = free.exclude(state__in=QUEUED, attempts__gt=0)
    if cancel:
        free.cancel()
    return free.update(payload=payload) == 1


def forget(*, but: Collection[str] = (), **which: Unpack[Which]) -> int:
    """Empty those that are over of all they say; what was refused is given up first. How many say more.

    `but`: kinds that stay, when refused, until a person has tried them again.
    """
    saying = select(**which).exclude(payload={})
    saying.needing_a_person().exclude(kind__in=but).cancel()
    saying.filter(state__in=_OVER).update(payload={}, reason="", reason_params={})
    Call.objects.filter(operation__in=select(**which).filter(payload={})).update(error="")
    return saying.count()


def forget_answers(customer: Customer, may_be_in: Callable[[str], Q], without: Callable[[Any], Any]) -> None:
    """What was answered to the customer's calls, where it may say it: as calls_saying takes it.

    Reasons that people read stay, as `without` leaves them.
    """
    Call.objects.filter(may_be_in("error"), operation__customer=customer).update(error="")
    reasons = Operation.objects.of_customer(customer).exclude(reason_params={})
    for operation in reasons.alias(said=Cast("reason_params", TextField())).filter(may_be_in("said")):
        left = without(operation.reason_params)
        Operation.objects.filter(pk=operation.pk).update(reason_params=left)


def _ended(reason: Reason | None) -> dict[str, Any]:
    return {"settled_at": clock.now(), **(reason.fields if reason else {})}
