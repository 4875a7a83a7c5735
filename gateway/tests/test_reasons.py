"""Reasons: codes with what varies, said in words only where a person reads them."""

import pytest

from gateway.models import Operation
from gateway.reasons import TEXTS, Reason
from gateway.smartdialog import errors

ERRORS = [
    errors.NotStarted(),
    errors.Unreachable(),
    errors.NoToken(),
    errors.Unsendable("phone is empty"),
    errors.Refused("No {such} thing.", status=404),
    errors.Refused("", status=400),
    errors.Throttled(),
    errors.ServerFault(status=500),
    errors.NoAnswer(),
    errors.UnexpectedResponse("not JSON"),
    errors.OddShape("no list"),
    errors.InternalFault(),
    errors.GrantLost(),
    errors.KeyMissing(),
    errors.GatewayError(),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_each_error_has_words_for_each_of_its_reasons(error):
    for reason in (error.reason, error.undecided_reason, error.reason.of_a_read):
        assert reason.text.endswith((".", "empty"))
        assert len(reason.code) <= Operation._meta.get_field("reason").max_length


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_nothing_may_have_been_sent_by_what_only_reads(error):
    words = error.reason.of_a_read.text

    assert "may have" not in words


def test_the_words_of_the_platform_are_said_as_they_are():
    assert Reason("refused", {"words": "No {such} thing."}).text == "SmartDialog refused it: No {such} thing."


def test_no_code_is_too_long_to_be_kept():
    assert max(map(len, TEXTS)) <= Operation._meta.get_field("reason").max_length


def test_a_reason_goes_into_a_payload_and_back():
    reason = Reason("refused", {"words": "No."})

    assert Reason.from_json(reason.to_json()) == reason


def test_a_payload_of_before_the_codes_keeps_its_words():
    assert Reason.from_json("Not allowed.").text == "Not allowed."
