"""The sandbox as a process: real HTTP, real threads, real signals."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from sandbox.oauth.clients import API_SCOPES
from sandbox.tests.callers import API, GROUP, INBOUND, KAHVILA, MARKETING, sms
from sandbox.tests.processes import Hook, Process, free_port, wait_until

POLICY = "/arenafi.onmicrosoft.com/B2C_1A_SmartDialog_Integrations/oauth2/v2.0"
CALLBACK = "http://127.0.0.1:8000/oauth/callback/"
CLIENT = {"client_id": "smartdialog-admin", "redirect_uri": CALLBACK}
SEND = {"Customer-Id": KAHVILA, "Service-Id": MARKETING}


def signed_in(platform: Process) -> requests.Session:
    """A session with Aino's token, won through the login page."""
    asked = CLIENT | {"response_type": "code", "scope": " ".join(API_SCOPES)}
    form = {"person": "aino", "password": "sandbox"}
    url = f"{platform.url}{POLICY}/authorize"
    back = requests.post(url, form, params=asked, allow_redirects=False, timeout=30).headers["Location"]
    given = {"grant_type": "authorization_code", "client_secret": "sandbox-secret"}
    code = parse_qs(urlsplit(back).query)["code"][0]
    reply = requests.post(f"{platform.url}{POLICY}/token", CLIENT | given | {"code": code}, timeout=30)
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"
    return session


@pytest.fixture
def session(platform: Process) -> requests.Session:
    return signed_in(platform)


def test_a_message_is_reported_and_an_answer_is_notified(
    platform: Process, session: requests.Session, hook: Hook
) -> None:
    platform.control("switches", {"delivery_seconds": 0})
    options = {"endpointUrl": f"{hook.url}/in", "httpVerb": "POST"}
    trigger = {"name": "n", "description": "d", "actionType": "HttpRequest", "options": options}
    url = f"{platform.url}{API}/service/{INBOUND}/pipelines/actions"
    assert session.post(url, json=trigger, headers={"Customer": KAHVILA}).status_code == 201

    session.post(f"{platform.url}{API}/messages", json=sms(DlrUrl=f"{hook.url}/dlr"), headers=SEND)
    assert hook.wait_for(1)[0][1].startswith("/dlr?recipientId=")
    event = {"type": "inbound", "from": "+358401234567", "to": "+358451234567", "text": "Kiitos ✓"}
    platform.control("events", event)

    assert hook.wait_for(2)[1][2]["content"] == "Kiitos ✓"
    wait_until(lambda: all(callback["state"] == "done" for callback in platform.state("callbacks")))


def test_a_refused_callback_is_tried_again(platform: Process, session: requests.Session, hook: Hook) -> None:
    platform.control("switches", {"delivery_seconds": 0})
    hook.statuses = [503]

    session.post(f"{platform.url}{API}/messages", json=sms(DlrUrl=f"{hook.url}/dlr"), headers=SEND)

    first, second = hook.wait_for(2)
    assert first == second


def test_of_many_equal_sends_at_once_one_is_accepted(platform: Process, session: requests.Session) -> None:
    barrier = threading.Barrier(8)

    def send(_: int) -> int:
        own = requests.Session()
        own.headers.update(session.headers)
        barrier.wait()
        return own.post(f"{platform.url}{API}/messages", json=sms(RequestId="same"), headers=SEND).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = sorted(pool.map(send, range(8)))

    assert answers == [200] + [400] * 7
    assert platform.state("messages")[0]["recipients"][0]["accepted"] == 1


def test_the_limit_holds_when_calls_arrive_together(platform: Process, session: requests.Session) -> None:
    platform.control("switches", {"calls_per_minute": 20})
    token = {"Authorization": session.headers["Authorization"]}

    with ThreadPoolExecutor(8) as pool:
        calls = [
            pool.submit(requests.get, f"{platform.url}{API}/customers", headers=token) for _ in range(30)
        ]
        answers = sorted(call.result().status_code for call in calls)

    assert answers == [200] * 20 + [429] * 10
    summary = requests.get(f"{platform.url}/_ledger", timeout=30).json()["summary"]
    assert summary["max_window"] == 30


@pytest.mark.parametrize(("do", "accepted"), [("reset_before", 0), ("reset_after", 1), ("truncate", 1)])
def test_a_connection_is_really_cut(
    platform: Process, session: requests.Session, do: str, accepted: int
) -> None:
    platform.control("faults", [{"op": "SendMessage", "do": do}])

    with pytest.raises(requests.RequestException):
        session.post(f"{platform.url}{API}/messages", json=sms(), headers=SEND, timeout=30)

    assert len(platform.state("messages")) == accepted


def test_an_accepted_call_is_in_the_ledger_while_its_answer_is_held(
    platform: Process, session: requests.Session
) -> None:
    platform.control("faults", [{"op": "SendMessage", "do": "hold_after_accept", "ms": 3000}])

    with pytest.raises(requests.ReadTimeout):
        session.post(f"{platform.url}{API}/messages", json=sms(), headers=SEND, timeout=0.5)

    assert len(platform.state("messages")) == 1
    assert requests.get(f"{platform.url}/_ledger", timeout=30).json()["calls"][0]["status"] == 200


def test_the_phone_in_the_path_is_kept_as_it_was_sent(platform: Process, session: requests.Session) -> None:
    session.get(f"{platform.url}{API}/groupcontact/{KAHVILA}/{GROUP}/%2B358401234567")

    call = requests.get(f"{platform.url}/_ledger", timeout=30).json()["calls"][0]

    assert call["path"].endswith("/%2B358401234567")
    assert call["subject"] == "+358401234567"


def test_it_stops_even_while_it_holds_an_answer(tmp_path: Path) -> None:
    own = Process(tmp_path, free_port())
    own.start()
    session = signed_in(own)
    own.control("faults", [{"op": "GetUserCustomers", "do": "hold_before"}])
    threading.Thread(target=held_call, args=(session, f"{own.url}{API}/customers"), daemon=True).start()
    wait_until(lambda: requests.get(f"{own.url}/_faults", timeout=30).json()["faults"][0]["fired"])

    own.stop()  # waits for less than the answer is held
    assert own.popen
    assert own.popen.returncode is not None


def held_call(session: requests.Session, url: str) -> None:
    with pytest.raises(requests.RequestException):
        session.get(url, timeout=30).raise_for_status()


def test_what_was_accepted_is_delivered_after_a_kill(tmp_path: Path, hook: Hook) -> None:
    own = Process(tmp_path, free_port())
    own.start()
    own.control("switches", {"delivery_seconds": 1.5})
    session = signed_in(own)
    session.post(f"{own.url}{API}/messages", json=sms(DlrUrl=f"{hook.url}/dlr"), headers=SEND)
    own.stop(signal.SIGKILL)

    own.start()

    assert "status=Delivered" in hook.wait_for(1)[0][1]
    assert session.get(f"{own.url}{API}/customers").status_code == 200
    own.stop()


def test_a_thousand_recipients_are_taken_in_and_each_is_reported(
    platform: Process, session: requests.Session, hook: Hook
) -> None:
    platform.control("switches", {"delivery_seconds": 0})
    recipients: list[Any] = [{"Address": f"+3584012{number:05}"} for number in range(1001, 2001)]

    body = sms(Recipients=recipients, DlrUrl=f"{hook.url}/dlr")
    assert session.post(f"{platform.url}{API}/messages", json=body, headers=SEND).status_code == 200

    assert len(hook.wait_for(1000)) == 1000


def test_an_encoded_slash_does_not_make_two_segments_of_one(
    platform: Process, session: requests.Session
) -> None:
    answer = session.delete(f"{platform.url}{API}/groupcontact/{KAHVILA}/{GROUP}%2F%2B358401234567")

    call = requests.get(f"{platform.url}/_ledger", timeout=30).json()["calls"][0]
    assert (answer.status_code, call["operation"]) == (404, "DeleteAllGroupContacts")
    assert call["decision"] != "accepted"
