"""A delivery report that confirms a call also says that SmartDialog served it."""

import pytest

from gateway import clock, outbox
from gateway.models import OperationState
from gateway.reasons import Reason
from tests.factories import make_operation

pytestmark = pytest.mark.django_db


@pytest.fixture
def confirm(connection, django_capture_on_commit_callbacks):
    """A call that ended for the one reason, on a connection that last had the other trouble, is confirmed."""

    def confirmed(reason: str, trouble: str) -> int:
        connection.consecutive_failures, connection.last_failure_at = 3, clock.now()
        connection.last_failure_text = Reason(trouble).text
        connection.save()
        doubted = {"state": OperationState.WAITING, "possibly_accepted": True, "reason": reason}
        make_operation(connection, batch="b", **doubted)
        with django_capture_on_commit_callbacks(execute=True):
            assert outbox.confirm(batch="b")
        connection.refresh_from_db()
        return connection.consecutive_failures

    return confirmed


@pytest.mark.parametrize("trouble", ["silent", "unreadable"])
@pytest.mark.parametrize("reason", ["silent", "unreadable_undecided", "refused_repeat_silently"])
def test_what_was_answered_without_a_word_and_taken_was_no_trouble(confirm, connection, reason, trouble):
    assert confirm(reason, trouble) == 0
    assert connection.last_failure_text == ""


@pytest.mark.parametrize(
    ("reason", "trouble"),
    [("silent", "server_fault"), ("silent", "unreachable"), ("no_answer", "no_answer")],
)
def test_other_trouble_stays_until_a_call_succeeds(confirm, reason, trouble):
    assert confirm(reason, trouble) == 3
