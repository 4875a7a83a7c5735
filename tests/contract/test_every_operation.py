"""All 20 operations through our client, over real HTTP; the sandbox's own ledger is the judge."""

from collections import Counter
from dataclasses import replace

import pytest
import requests

from gateway.smartdialog.api import SmartDialog
from gateway.smartdialog.client import Client
from gateway.smartdialog.contract import ENDPOINTS
from gateway.smartdialog.errors import GatewayError
from tests.contract.every_operation import PHONE, EveryOperation, contact
from tests.contract.exchange_recorder import recording_session
from tests.contract.openapi_validator import findings
from tests.contract.sandbox_sign_in import sign_in


@pytest.fixture
def api(sandbox) -> SmartDialog:
    return SmartDialog(Client(sign_in("aino").access_token))


def test_every_operation_is_made_and_taken(sandbox, api):
    EveryOperation(api, sandbox, hooks=sandbox.url).make()

    calls = sandbox.ledger()["calls"]
    assert {call["operation"] for call in calls} == ENDPOINTS.keys()
    assert Counter(call["decision"] for call in calls) == {"accepted": len(calls)}
    assert {call["status"] for call in calls} == {endpoint.success for endpoint in ENDPOINTS.values()}


@pytest.mark.parametrize("form", ["odd", "number"])
def test_ids_may_be_text_with_any_sign_in_it_or_numbers(form, sandbox, api):
    sandbox.post("/_switches", {"id_form": form}).raise_for_status()

    EveryOperation(api, sandbox, hooks=sandbox.url).make()

    calls = sandbox.ledger()["calls"]
    assert {call["operation"] for call in calls} == ENDPOINTS.keys()
    assert Counter(call["decision"] for call in calls) == {"accepted": len(calls)}
    assert all("aaaaaaaa-" not in call["path"] for call in calls)


def test_every_call_is_as_the_sandbox_describes_itself(sandbox):
    session, exchanges = recording_session()
    document = requests.get(f"{sandbox.url}/_openapi.json", timeout=10).json()

    EveryOperation(
        SmartDialog(Client(sign_in("aino").access_token, session=session)), sandbox, hooks=sandbox.url
    ).make()

    assert len(exchanges) >= 20
    assert [found for exchange in exchanges for found in findings(exchange, document)] == []


KAHVILA = "aaaaaaaa-0000-4000-8000-000000000001"
GROUP = "bbbbbbbb-0001-4000-8000-000000000011"
EVIL_PHONES = [
    "", " ", ".", "..", "/", "%2F", "%2f..", "+", "0", "null", "None", "undefined", "9" * 200,
    "+" + "1" * 200, "16100", "+358401234567?", "+358401234567#", "?", "#", "+358401234567/",
    "\x00", "+358401234567\n", "%00", "*", "+３５８４０１２３４５６７", "00358401234567", "+0401234567",
]  # fmt: skip


WITH_A_PHONE = {
    "delete": lambda api, phone: api.delete_contact(customer=KAHVILA, group=GROUP, phone=phone),
    "read": lambda api, phone: api.get_contact(customer=KAHVILA, group=GROUP, phone=phone),
    "update": lambda api, phone: api.update_contact(
        customer=KAHVILA, group=GROUP, phone=phone, contact=contact(active=True)
    ),
    "create": lambda api, phone: api.create_contact(
        customer=KAHVILA, group=GROUP, contact=replace(contact(active=True), phone=phone)
    ),
}


@pytest.mark.parametrize("verb", WITH_A_PHONE)
def test_no_phone_however_odd_empties_a_group_or_leaves_at_all(sandbox, api, verb):
    for phone in (*EVIL_PHONES, None):
        with pytest.raises((GatewayError, TypeError)):
            WITH_A_PHONE[verb](api, phone)

    assert sandbox.ledger()["calls"] == []


def test_a_phone_travels_as_exactly_one_encoded_segment(sandbox, api):
    with pytest.raises(GatewayError):
        api.delete_contact(customer=KAHVILA, group=GROUP, phone=PHONE)

    (call,) = sandbox.ledger()["calls"]
    assert call["operation"] == "DeleteGroupContact"
    assert call["path"].split("/")[3:] == ["groupcontact", KAHVILA, GROUP, "%2B358401234567"]
