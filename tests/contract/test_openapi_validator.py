"""The judge itself: it has to find what is wrong."""

from dataclasses import replace

import pytest

from tests.contract.openapi_validator import Exchange, findings

TEXT = {"type": "string"}
DOCUMENT = {
    "servers": [{"url": "http://127.0.0.1/v1"}],
    "paths": {
        "/messages/{id}": {
            "post": {
                "operationId": "Send",
                "parameters": [{"name": "Customer-Id", "in": "header", "required": True}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "properties": {"Sender": TEXT},
                                "additionalProperties": False,
                            }
                        }
                    }
                },
                "responses": {"200": {"content": {"application/json": {"schema": TEXT}}}, "401": {}},
            }
        }
    },
}
CLEAN = Exchange(
    "POST", "/v1/messages/%2B1", {"customer-id": "c"}, b'{"Sender": "a"}', 200,
    {"content-type": "application/json"}, b'"sent"',
)  # fmt: skip


def test_a_clean_exchange_has_no_finding():
    assert findings(CLEAN, DOCUMENT) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"method": "GET"}, "not declared"),
        ({"url": "/v1/messages/"}, "not declared"),
        ({"url": "/v1/messages/%252B1"}, "encoded twice"),
        ({"url": "/v1/messages/1?Region=FI"}, "the query has Region"),
        ({"headers": {"customerid": "c"}}, "Customer-Id is missing"),
        ({"body": b'{"sender": "a"}'}, "Additional properties"),
        ({"body": b"{"}, "is not JSON"),
        ({"status": 500}, "status 500 is not declared"),
        ({"answer": b"{}"}, "is not of type 'string'"),
        ({"answer_headers": {"content-type": "text/html"}}, "is not JSON but text/html"),
        ({"status": 401}, "401 has a body"),
    ],
)
def test_each_kind_of_mistake_is_found(change, found):
    assert found in " ".join(findings(replace(CLEAN, **change), DOCUMENT))
