"""What an admin tries again of a kind comes after what waits already: others were told when theirs leave."""

import pytest

from gateway.models import Operation, OperationState
from gateway.outbox import operator_actions
from tests.factories import make_operation

pytestmark = pytest.mark.django_db
FAILED = OperationState.FAILED


def waiting() -> list[Operation]:
    return list(Operation.objects.filter(state=OperationState.WAITING).order_by("pk"))


def retry_all(by) -> int:
    return operator_actions.retry_failed(Operation.objects.all(), kind="directory.customers", by=by)


def test_all_of_a_kind_come_after_what_waits_already(connection, kahvila, aino):
    failed = [make_operation(connection, customer=kahvila, state=FAILED, attempts=2) for _ in range(3)]
    before = [make_operation(connection, customer=kahvila) for _ in range(2)]

    assert retry_all(aino) == len(failed)

    assert waiting()[:2] == before
    assert [each.attempts for each in waiting()[2:]] == [2, 2, 2]
    assert Operation.objects.count() == 5


def test_those_about_something_keep_their_places_among_what_else_is_said_of_it(connection, kahvila, aino):
    """What was said later is to be said last."""
    earlier = make_operation(connection, customer=kahvila, state=FAILED, subject="contact:1")
    later = make_operation(connection, customer=kahvila, subject="contact:1")

    assert retry_all(aino) == 1

    assert waiting() == [earlier, later]
