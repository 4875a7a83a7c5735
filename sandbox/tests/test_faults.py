from typing import Any

import pytest
from django.test import Client

from sandbox.models import Contact, LedgerCall, Message
from sandbox.tests.callers import Caller
from sandbox.tests.test_sign_in import code_for, redeem, refresh

pytestmark = pytest.mark.django_db


@pytest.fixture
def faults(client: Client) -> Any:
    def set_faults(*rules: dict[str, Any]) -> None:
        assert client.post("/_faults", list(rules), content_type="application/json").status_code == 200

    return set_faults


def statuses(caller: Caller, count: int) -> list[int]:
    return [caller.call("GET", "/customers").status_code for _ in range(count)]


@pytest.mark.parametrize(
    ("when", "n", "expected"),
    [
        ("always", 1, [500, 500, 500, 500]),
        ("nth", 2, [200, 500, 200, 200]),
        ("every", 2, [200, 500, 200, 500]),
        ("until", 2, [500, 500, 200, 200]),
        ("p", 0, [200, 200, 200, 200]),
        ("p", 1, [500, 500, 500, 500]),
    ],
)
def test_a_rule_says_which_calls_it_meets(
    aino: Caller, faults: Any, when: str, n: float, expected: list[int]
) -> None:
    faults({"op": "GetUserCustomers", "do": "500", "when": when, "n": n})

    assert statuses(aino, 4) == expected


def test_a_rule_leaves_other_operations_alone_and_is_counted(
    aino: Caller, faults: Any, client: Client
) -> None:
    faults({"op": "SendMessage", "do": "503"})

    assert statuses(aino, 1) == [200]
    assert aino.send().status_code == 503
    rule = client.get("/_faults").json()["faults"][0]
    assert (rule["seen"], rule["fired"]) == (1, 1)


@pytest.mark.parametrize("do", ["401", "403", "429", "500", "503", "html", "redirect", "reset_before"])
def test_what_fails_before_the_work_leaves_nothing_behind(aino: Caller, faults: Any, do: str) -> None:
    faults({"do": do})

    assert aino.send().status_code != 200
    assert not Message.objects.exists()
    assert LedgerCall.objects.get().decision == f"fault: {do}"


@pytest.mark.parametrize(
    "do",
    ["hold_after_accept", "reset_after", "truncate", "wrong_shape", "malformed", "empty", "bomb", "deep"],
)
def test_what_fails_after_the_work_leaves_it_done(aino: Caller, faults: Any, do: str) -> None:
    faults({"do": do, "ms": 1})

    aino.send()

    assert Message.objects.count() == 1
    assert LedgerCall.objects.get().decision == "accepted"
    assert LedgerCall.objects.get().faults == do


@pytest.mark.parametrize("retry_after", ["0", "-1", "Wed, 21 Oct 2037 07:28:00 GMT", "86400", "soon", None])
def test_retry_after_reads_as_told_or_is_absent(aino: Caller, faults: Any, retry_after: str | None) -> None:
    faults({"do": "429", "retry_after": retry_after})

    assert aino.call("GET", "/customers").headers.get("Retry-After") == retry_after


def test_a_wrong_shape_swaps_the_casing(aino: Caller, faults: Any) -> None:
    faults({"do": "wrong_shape"})

    assert aino.send().json().keys() == {"messageId", "messagePartCount", "recipients"}


def test_a_short_answer_leaves_the_last_recipient_out(aino: Caller, faults: Any) -> None:
    faults({"do": "short_recipients"})

    reply = aino.send(Recipients=[{"Address": "+358401234567"}, {"Address": "+358401234568"}]).json()

    assert len(reply["Recipients"]) == 1


def test_a_request_id_can_be_forgotten_for_good_or_for_a_while(aino: Caller, faults: Any) -> None:
    faults({"do": "forget_request_id", "when": "nth", "n": 1})
    assert [aino.send(RequestId="a").status_code for _ in range(3)] == [200, 200, 400]

    faults({"do": "forget_request_id", "when": "nth", "n": 1, "ms": 60_000})
    assert [aino.send(RequestId="b").status_code for _ in range(3)] == [200, 200, 400]


def test_the_same_seed_throws_the_same_dice(aino: Caller, client: Client) -> None:
    rules = {"faults": [{"do": "500", "when": "p", "n": 0.5}], "seed": 7}
    client.post("/_faults", rules, content_type="application/json")
    first = statuses(aino, 8)
    client.post("/_faults", rules, content_type="application/json")

    assert statuses(aino, 8) == first
    assert {200, 500} == set(first)


@pytest.mark.parametrize(
    "rule", [{"do": "explode"}, {"do": "500", "op": "Nothing"}, {"do": "500", "when": "later"}]
)
def test_a_rule_that_makes_no_sense_is_refused_whole(client: Client, rule: dict[str, str]) -> None:
    response = client.post("/_faults", [{"do": "500"}, rule], content_type="application/json")

    assert response.status_code == 400
    assert "is one of" in response.json()["error"]
    assert client.get("/_faults").json()["faults"] == []


def test_the_token_endpoint_can_fail_too(client: Client, faults: Any) -> None:
    faults({"op": "token", "do": "html"})

    response = client.post("/arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations/oauth2/v2.0/token")

    assert response.status_code == 502
    assert b"Bad Gateway" in response.content


def test_a_contact_is_written_once_although_its_answer_is_lost(aino: Caller, faults: Any) -> None:
    faults({"op": "CreateGroupContact", "do": "reset_after", "when": "nth", "n": 1})

    aino.create_contact("+358401234567")

    assert aino.create_contact("+358401234567").status_code == 400
    assert Contact.objects.get().created_count == 1


def test_a_grant_is_revoked_in_the_middle_of_a_call(aino: Caller, client: Client, faults: Any) -> None:
    tokens = redeem(client, code=code_for(client)).json()
    faults({"do": "revoked", "op": "GetUserCustomers"})

    assert aino.call("GET", "/customers").status_code == 401

    faults()
    refused = refresh(client, tokens["refresh_token"])
    assert refused.json()["error"] == "invalid_grant"
    assert "AADB2C90129" in refused.json()["error_description"]


def test_a_grant_is_revoked_when_it_is_refreshed(client: Client, faults: Any) -> None:
    tokens = redeem(client, code=code_for(client)).json()
    faults({"do": "revoked", "op": "token"})

    assert refresh(client, tokens["refresh_token"]).status_code == 400
