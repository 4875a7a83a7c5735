import pytest

from gateway import errors
from gateway.retry import RetryAction, decide

TABLE = [
    (errors.Refused("bad", status=400), True, RetryAction.FAIL, 0.0, 0.0),
    (errors.Unsendable("empty"), True, RetryAction.FAIL, 0.0, 0.0),
    (errors.Throttled(retry_after=17), True, RetryAction.WAIT, 0.0, 17.0),
    (errors.Throttled(), True, RetryAction.WAIT, 0.0, 4.0),
    (errors.Unreachable(), False, RetryAction.WAIT, 0.0, 4.0),
    (errors.ServerFault(status=500), True, RetryAction.REPEAT, 1.0, 4.0),
    (errors.ServerFault(status=500), False, RetryAction.ASK, 1.0, 4.0),
    (errors.NoAnswer(), True, RetryAction.REPEAT, 60.0, 4.0),
    (errors.NoAnswer(), False, RetryAction.ASK, 60.0, 4.0),
    (errors.UnexpectedResponse("html"), False, RetryAction.ASK, 60.0, 4.0),
]


@pytest.mark.parametrize(("error", "repeatable", "then", "pause", "hold"), TABLE)
def test_each_error_has_one_answer(error, repeatable, then, pause, hold):
    decision = decide(
        error, attempts=1, consecutive_failures=2, repeatable=repeatable, grace=60.0, jitter=1.0
    )

    assert (decision.then, decision.pause, decision.hold) == (then, pause, hold)


def test_a_platform_that_stays_down_is_probed_every_thirty_seconds_at_most():
    decision = decide(
        errors.Unreachable(), attempts=50, consecutive_failures=50, repeatable=True, grace=60.0, jitter=1.0
    )

    assert decision.hold == 30.0


def test_an_operation_that_always_fails_comes_back_every_five_minutes_at_most():
    decision = decide(
        errors.ServerFault(), attempts=50, consecutive_failures=0, repeatable=True, grace=60.0, jitter=1.0
    )

    assert decision.pause == 300.0
    assert decision.hold == 0.0
