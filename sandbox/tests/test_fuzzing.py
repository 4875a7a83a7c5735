"""Whatever is asked of the 20 operations, the answer is one that the document declares."""

import http.client
import os
from collections.abc import Iterator

import pytest
import requests
from hypothesis import HealthCheck, example, given, settings

from sandbox.api.operations import OPERATIONS
from sandbox.openapi.document import document
from sandbox.tests.callers import GROUP, INBOUND, KAHVILA
from sandbox.tests.fuzzing import Asked, plainest, requests_for, with_examples
from sandbox.tests.processes import Process
from sandbox.tests.test_process import signed_in
from tests.contract.openapi_validator import Exchange, answer_findings, operation_of, operations

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or 40)
DOCUMENT = document("http://sandbox.test/api-integrations/v1")
DESCRIBED = {each.name: each for each in operations(DOCUMENT)}


class Wire:
    """A kept connection that sends a request to the byte, which clients for people would tidy first."""

    def __init__(self, process: Process, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=10)
        self.usual = {"Authorization": token, "Content-Type": "application/json"}

    def ask(self, asked: Asked) -> Exchange:
        url = "/api-integrations/v1" + asked.url
        try:
            return self.exchange(asked, url)
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            return self.exchange(asked, url)

    def exchange(self, asked: Asked, url: str) -> Exchange:
        self.connection.request(asked.method, url, asked.body or None, self.usual | asked.headers)
        answer = self.connection.getresponse()
        heads = {name.lower(): value for name, value in answer.getheaders()}
        return Exchange(asked.method, url, {}, asked.body, answer.status, heads, answer.read())


@pytest.fixture(scope="module")
def session(process: Process) -> requests.Session:
    return signed_in(process)


@pytest.fixture(scope="module")
def wire(process: Process, session: requests.Session) -> Iterator[Wire]:
    wire = Wire(process, str(session.headers["Authorization"]))
    yield wire
    wire.connection.close()


@pytest.fixture
def world(platform: Process, session: requests.Session) -> dict[str, str]:
    """A contact, a template, a trigger and a message of a phone; what they are called, by parameter."""
    lenient = {"unknown_contact": "false", "duplicate_contact": "upsert"}
    platform.control("switches", {"calls_per_minute": 1_000_000} | lenient)
    api = f"{platform.url}/api-integrations/v1"
    session.post(f"{api}/groupcontact/{KAHVILA}/{GROUP}", json={"phone": "+358401234567"})
    template = {"DisplayName": "Offer", "RawContent": "Hei", "Category": "Utility", "Language": "fi"}
    session.post(f"{api}/whatsapp/templates/{KAHVILA}/%2B358457000001", json=template)
    platform.control("events", {"type": "review", "template": "Offer", "verdict": "approved"})
    options = {"endpointUrl": "https://kahvila.example/hook", "httpVerb": "POST"}
    trigger = {"name": "n", "description": "d", "actionType": "HttpRequest", "options": options}
    path = f"{api}/service/{INBOUND}/pipelines/actions"
    location = session.post(path, json=trigger, headers={"Customer": KAHVILA}).headers["Location"]
    inbound = {"type": "inbound", "from": "+358401234567", "to": "+358451234567", "text": "Hei"}
    heard = platform.control("events", inbound)["events"][0]
    return {
        "parent": heard["messageId"],
        "ThreadId": heard["threadId"],
        "TemplateName": platform.state("templates")[0]["id"],
        "pipeline": location.split("/")[-3],
        "action": location.split("/")[-1],
    }


def test_the_document_describes_every_operation_that_is_served() -> None:
    assert DESCRIBED.keys() == {operation.name for operation in OPERATIONS}


@pytest.mark.parametrize("name", DESCRIBED)
def test_no_request_is_answered_in_an_undeclared_way(wire: Wire, world: dict[str, str], name: str) -> None:
    operation, statuses = with_examples(DESCRIBED[name], world), set[int]()

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize="FUZZ_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    @example(plainest(operation))
    @given(requests_for(operation))
    def hold(asked: Asked) -> None:
        exchange = wire.ask(asked)
        statuses.add(exchange.status)
        served = operation_of(exchange, DOCUMENT)  # a customer called "categories" asks for something else
        assert served
        assert answer_findings(exchange, served) == []

    hold()
    success = next(status for status in operation.about["responses"] if status.startswith("2"))
    assert int(success) in statuses
