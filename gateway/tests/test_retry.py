from typing import Any

import pytest

from gateway.smartdialog import errors, retry
from gateway.smartdialog.errors import GatewayError
from gateway.smartdialog.retry import Decision, FailedCall, RetryAction

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


def decide(error: GatewayError, *, jitter: float | None = None, **of_the_call: Any) -> Decision:
    return retry.decide(error, FailedCall(**of_the_call), jitter=jitter)


@pytest.mark.parametrize(("error", "repeatable", "then", "pause", "hold"), TABLE)
def test_each_error_has_one_answer(error, repeatable, then, pause, hold):
    decision = decide(
        error, attempts=1, consecutive_failures=2, repeatable=repeatable, grace=60.0, jitter=1.0
    )

    assert (decision.then, decision.pause, decision.hold) == (then, pause, hold)


def test_an_odd_answer_to_what_only_reads_holds_no_other_call_up():
    odd, attempts = errors.OddShape("no list"), {"attempts": 1, "consecutive_failures": 2}
    decided = {
        each: decide(odd, **attempts, repeatable=True, grace=60.0, only_reads=each) for each in (True, False)
    }

    assert (decided[True].then, decided[True].pause, decided[True].hold) == (RetryAction.REPEAT, 60.0, 0.0)
    assert decided[False].hold


def test_a_platform_that_stays_down_is_probed_every_thirty_seconds_at_most():
    decision = decide(
        errors.Unreachable(), attempts=50, consecutive_failures=50, repeatable=True, grace=60.0, jitter=1.0
    )

    assert decision.hold == 30.0


@pytest.mark.parametrize(("said", "hold"), [(None, 0.0), (0.0, 0.0), (120.0, 120.0), (9e9, 300.0)])
def test_who_is_down_and_says_until_when_is_asked_no_earlier_but_in_five_minutes(said, hold):
    down = errors.ServerFault(status=503, retry_after=said)

    assert decide(down, attempts=1, consecutive_failures=0, repeatable=True, grace=60.0).hold == hold


def test_an_operation_that_always_fails_comes_back_every_five_minutes_at_most():
    decision = decide(
        errors.ServerFault(), attempts=50, consecutive_failures=0, repeatable=True, grace=60.0, jitter=1.0
    )

    assert decision.pause == 300.0
    assert decision.hold == 0.0


ONCE = {"consecutive_failures": 0, "repeatable": True, "grace": 60.0, "harmless": False, "jitter": 1.0}
UNKNOWN = [errors.NoAnswer(), errors.UnexpectedResponse("?"), errors.ServerFault(status=500)]


@pytest.mark.parametrize(
    "words", ["", "Duplicate request id", "Pyyntö on jo olemassa", "Sender is not yours"]
)
@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_of_what_may_have_been_taken_proves_nothing(words, status):
    decision = decide(errors.Refused(words, status=status), attempts=2, in_doubt=True, **ONCE)

    assert (decision.then, decision.hold) == (RetryAction.ASK, 0.0)


@pytest.mark.parametrize(("words", "status"), [("Duplicate request id", 400), ("", 409)])
def test_a_first_refusal_that_may_mean_a_repeat_is_no_failure(words, status):
    assert decide(errors.Refused(words, status=status), attempts=1, **ONCE).then is RetryAction.ASK


def test_what_is_idempotent_may_be_refused_at_any_time():
    refused = errors.Refused("Duplicate request id", status=400)
    harmless = ONCE | {"harmless": True}

    assert decide(refused, attempts=2, in_doubt=True, **harmless).then is RetryAction.FAIL


@pytest.mark.parametrize("error", UNKNOWN)
def test_what_may_have_been_taken_is_repeated_twice_and_the_second_time_later(error):
    decisions = [decide(error, attempts=repeats + 1, repeats=repeats, **ONCE) for repeats in range(4)]

    assert [each.then.value for each in decisions] == ["repeat", "repeat", "ask", "ask"]
    assert decisions[1].pause >= 30.0


def test_what_was_surely_not_done_is_tried_for_as_long_as_it_takes():
    for error in (errors.Unreachable(), errors.Throttled(), errors.NoToken()):
        assert decide(error, attempts=50, repeats=9, **ONCE).then is RetryAction.WAIT
    assert decide(errors.ServerFault(status=503), attempts=50, repeats=9, **ONCE).then is RetryAction.REPEAT
