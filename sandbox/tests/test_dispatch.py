import re

import pytest
from django.test import Client
from django.utils import timezone

from sandbox import switches
from sandbox.api.operations import OPERATIONS, SCOPES
from sandbox.api.rate_limit import WINDOW_NS, SlidingWindow
from sandbox.models import LedgerCall
from sandbox.tests.callers import (
    API,
    CUSTOMER_SERVICE,
    GROUP,
    KAHVILA,
    MARKETING,
    OUTSIDER,
    Caller,
    said,
    sms,
)

pytestmark = pytest.mark.django_db

SECOND = 1_000_000_000


def test_there_are_twenty_operations_and_seven_scopes() -> None:
    assert len({operation.name for operation in OPERATIONS}) == 20
    assert len({(operation.method, operation.path) for operation in OPERATIONS}) == 20
    assert len(SCOPES) == 7


@pytest.mark.parametrize("authorization", ["", "Basic abc", "Bearer", "Bearer not.a.token"])
def test_without_a_good_token_the_answer_is_an_empty_401(client: Client, authorization: str) -> None:
    response = client.get(f"{API}/customers", headers={"Authorization": authorization})

    assert response.status_code == 401
    assert response.content == b""
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_token_ends_when_its_time_is_over(aino: Caller) -> None:
    switches.change({"clock_offset_seconds": 3601})

    assert aino.call("GET", "/customers").status_code == 401


def test_a_missing_scope_is_a_403(db: None) -> None:
    sender = Caller("aino", scope="https://arenafi.onmicrosoft.com/smartdialog-integrations-api/Gateway.Send")

    response = sender.call("GET", "/customers")

    assert response.status_code == 403
    assert "User.Customers" in said(response)


def test_another_customer_is_a_403(aino: Caller, otto: Caller) -> None:
    assert otto.call("GET", f"/services/{KAHVILA}", ServiceType="OneWay").status_code == 403
    assert aino.call("GET", f"/services/{OUTSIDER}", ServiceType="OneWay").status_code == 403
    assert otto.call("GET", f"/groupcontact/{KAHVILA}/{GROUP}/%2B358401234567").status_code == 403


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/messages", "CustomerId"),
        ("/messages", "Customer"),
        ("/messages/discussion/reply", "Customer_Id"),
        ("/service/x/pipelines/actions", "Customer_Id"),
    ],
)
def test_a_customer_header_spelled_for_another_operation_is_a_400(
    aino: Caller, path: str, wrong: str
) -> None:
    response = aino.call("POST", path, sms(), **{wrong: KAHVILA, "Service_Id": MARKETING})

    assert response.status_code == 400
    assert "header" in said(response)


def test_an_undeclared_method_is_a_405_and_an_unknown_path_a_404(aino: Caller) -> None:
    assert aino.call("PATCH", "/customers").status_code == 405
    assert aino.call("GET", "/messages/all").status_code in (404, 405)
    assert aino.call("GET", "/nowhere").status_code == 404


def test_a_call_over_the_limit_is_a_429_that_says_how_long_to_wait(aino: Caller, otto: Caller) -> None:
    switches.change({"calls_per_minute": 3})

    answers = [aino.call("GET", "/customers") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3]["Retry-After"]) <= 60
    assert otto.call("GET", "/customers").status_code == 200


def test_the_window_counts_refused_calls_but_the_limit_does_not() -> None:
    window = SlidingWindow()
    verdicts = [window.arrive("a", at_ns=second * SECOND, limit=2) for second in (100, 110, 120, 161)]

    assert [verdict.calls_in_window for verdict in verdicts] == [1, 2, 3, 3]
    assert [verdict.retry_after for verdict in verdicts] == [None, None, 40, None]


def test_a_call_exactly_a_minute_ago_is_out_of_the_window() -> None:
    window = SlidingWindow()
    window.arrive("a", at_ns=SECOND, limit=1)

    assert window.arrive("a", at_ns=SECOND + WINDOW_NS - 1, limit=1).retry_after == 1
    assert window.arrive("a", at_ns=SECOND + WINDOW_NS, limit=1).retry_after is None


def test_a_restart_does_not_forget_the_minute(aino: Caller) -> None:
    aino.call("GET", "/customers")
    call = LedgerCall.objects.get()
    fresh = SlidingWindow()

    fresh.restore()

    assert fresh.arrive(call.connection, at_ns=call.arrived_ns + 1, limit=1).retry_after == 60


def test_the_ledger_tells_of_each_call_as_it_arrived(aino: Caller, client: Client) -> None:
    before = timezone.now()
    aino.send(RequestId="r-1")
    aino.create_contact("040 1234567")

    sent, created = client.get("/_ledger").json()["calls"]

    assert sent["operation"] == "SendMessage"
    assert sent["request_id"] == "r-1"
    assert sent["subject"] == "+358401234567"
    assert sent["customer"] == KAHVILA
    assert sent["connection"] == str(aino.person.subject)
    assert re.fullmatch("[0-9a-f]{64}", sent["body_sha256"])
    assert sent["arrived_at"] >= before.isoformat()[:19]
    assert sent["arrived_ns"] < created["arrived_ns"]
    assert (sent["window"], created["window"]) == (1, 2)
    assert created["subject"] == "+358401234567"
    assert created["decision"] == "accepted"


def test_the_ledger_sums_up_and_is_read_on_from_an_id(aino: Caller, client: Client) -> None:
    for _ in range(3):
        aino.call("GET", "/customers")
    aino.call("GET", f"/services/{OUTSIDER}", ServiceType="OneWay")

    ledger = client.get("/_ledger?operation=GetUserCustomers").json()
    rest = client.get(f"/_ledger?since={ledger['calls'][1]['id']}&limit=1").json()

    assert ledger["summary"] == {
        "calls": 3,
        "by_operation": {"GetUserCustomers": 3},
        "by_status": {"200": 3},
        "max_window": 3,
    }
    assert [call["id"] for call in rest["calls"]] == [ledger["calls"][2]["id"]]
    assert rest["summary"]["by_status"] == {"200": 3, "403": 1}


def test_only_this_machine_and_no_other_site_is_answered(client: Client) -> None:
    assert client.get("/_ledger", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/_ledger", headers={"Host": "evil.example"}).status_code == 400
    assert client.post("/_reset", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_service_of_the_wrong_kind_is_a_400(aino: Caller) -> None:
    response = aino.call("POST", "/messages", sms(), Customer_Id=KAHVILA, Service_Id=GROUP)

    assert response.status_code == 400
    assert "OneWay" in said(response)
    assert aino.call("POST", "/messages", sms(), Customer_Id=KAHVILA).status_code == 400
    assert (
        aino.call("POST", "/messages", sms(), Customer_Id=KAHVILA, Service_Id=CUSTOMER_SERVICE).status_code
        == 200
    )
