"""Of two who move the same row at once one wins: each moves it only from the state that it saw."""

import pytest

from accounts.models import AuditEvent
from gateway import outbox
from gateway.hooks.subscriptions import subscribe, unsubscribe
from gateway.models import HookSubscription, Operation, OperationState, ServiceKind
from gateway.outbox import QueuedCall, resolving
from gateway.outbox.claiming import escalate
from gateway.reasons import Reason
from tests.factories import make_operation, make_service

pytestmark = pytest.mark.django_db


def moved_meanwhile(operation: Operation, state: OperationState) -> None:
    Operation.objects.filter(pk=operation.pk).update(state=state)


def test_what_was_cancelled_meanwhile_is_not_asked_about(connection):
    operation = make_operation(connection, possibly_accepted=True)
    moved_meanwhile(operation, OperationState.CANCELLED)

    assert not escalate(operation, "request_id_expired")
    assert Operation.objects.get().state == OperationState.CANCELLED


def test_what_is_given_up_is_unknown_and_says_why(connection):
    operation = make_operation(connection, possibly_accepted=True)

    assert escalate(operation, "given_up")
    assert (operation.state, operation.reason) == (OperationState.UNKNOWN, "given_up")


def test_what_was_put_back_meanwhile_is_not_closed(connection):
    call = QueuedCall(make_operation(connection, state=OperationState.FAILED))
    moved_meanwhile(call._operation, OperationState.WAITING)

    outbox.close(call, Reason("gone_already"))

    assert Operation.objects.get().state == OperationState.WAITING


def test_only_what_was_closed_can_fail_after_all(connection):
    operation = make_operation(connection)

    resolving.fail(operation.pk, Reason("absent"))

    assert Operation.objects.get().state == OperationState.WAITING


def test_an_address_that_two_people_close_at_once_is_ended_once(connection, kahvila, mikko):
    hook = subscribe(make_service(kahvila, kind=ServiceKind.TWO_WAY), by=mikko)
    HookSubscription.objects.update(pipeline_id="p", action_id="a")
    hook.refresh_from_db()

    for _ in range(2):
        unsubscribe(hook, by=mikko)

    assert Operation.objects.filter(kind="hooks.unsubscribe").count() == 1
    assert AuditEvent.objects.filter(verb="hook.revoked").count() == 1
