"""Answers to a send that are not quite as promised: what is certain counts, and nothing else."""

import pytest

from gateway.smartdialog import parsing
from gateway.smartdialog.errors import OddShape
from gateway.smartdialog.parsing import parse
from gateway.smartdialog.types import Sent, SentRecipient

MAIJA, ANTTI = "+358401230001", "+358401230002"
GOOD = {
    "MessageId": "m",
    "MessagePartCount": 1,
    "Recipients": [{"Address": MAIJA, "Id": "1"}, {"Address": ANTTI, "Id": "2"}],
}
TWO = [SentRecipient(MAIJA, "1"), SentRecipient(ANTTI, "2")]


def camel(value: object) -> object:
    """As the answer to a template is written."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: camel(each) for name, each in value.items()}
    return [camel(each) for each in value] if isinstance(value, list) else value


def recipients(*entries: object) -> dict[str, object]:
    return {"Recipients": [GOOD["Recipients"][0], *entries]}


@pytest.mark.parametrize(
    ("odd", "read"),
    [
        ({"MessageId": 17}, Sent("17", 1, TWO)),
        *(({"MessageId": each}, Sent("", 1, TWO)) for each in (None, "", 0, [], {}, True, 1.5, "a\0b")),
        ({"MessageId": 2**63}, Sent(str(2**63), 1, TWO)),
        (recipients({"Address": ANTTI, "Id": 2}), Sent("m", 1, TWO)),
        (
            recipients({"Address": int(ANTTI[1:]), "Id": "2"}),
            Sent("m", 1, [TWO[0], SentRecipient(ANTTI[1:], "2")]),
        ),
        *(
            (recipients({"Address": ANTTI, "Id": each}), Sent("m", 1, [TWO[0], SentRecipient(ANTTI, "")]))
            for each in (None, 0, "", True, [], {}, 1.5, "a\0b", "\ud800")
        ),
        *(
            (recipients(each), Sent("m", 1, TWO[:1]))
            for each in (None, 5, "x", {}, {"Address": None, "Id": "2"})
        ),
        *(
            ({"MessagePartCount": each}, Sent("m", None, TWO))
            for each in (None, "many", 1.5, True, [], 2**40)
        ),
        ({"MessagePartCount": "3"}, Sent("m", 3, TWO)),
        ({"Recipients": None}, Sent("m", 1, [])),
    ],
    ids=str,
)
def test_what_is_certain_of_a_send_counts(odd, read):
    assert parse(parsing.sent_pascal, GOOD | odd) == read
    assert parse(parsing.sent_camel, camel(GOOD | odd)) == read


@pytest.mark.parametrize(
    ("told", "read"), [("t", "t"), (7, "7"), (None, ""), (0, ""), (True, ""), ({"Id": "t"}, ""), ("\0", "")]
)
def test_a_discussion_is_named_or_not_and_the_answer_was_taken_anyway(told, read):
    assert parse(parsing.sent_pascal, GOOD | {"ThreadId": told}).thread_id == read


@pytest.mark.parametrize(
    "odd",
    [
        *({"MessageId": None, "Recipients": each} for each in (None, [], [{"Address": MAIJA}])),
        *(
            {"Recipients": each}
            for each in ({}, "x", False, [None], [{"Address": None}], [{"address": MAIJA}])
        ),
    ],
    ids=str,
)
def test_what_may_be_of_something_else_is_in_doubt(odd):
    with pytest.raises(OddShape):
        parse(parsing.sent_pascal, GOOD | odd)


@pytest.mark.parametrize("no", [False, "false", "False"])
@pytest.mark.parametrize("name", ["success", "Success", "ok", "result", "deleted"])
def test_a_success_that_says_no_is_none_bare_or_in_an_object(no, name):
    assert not parse(parsing.taken, no)
    assert not parse(parsing.taken, {name: no})
    assert parse(parsing.taken, {name: True, "errors": []})
    assert parse(parsing.taken, {"active": False})
