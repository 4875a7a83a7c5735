"""Judging requests and answers by an OpenAPI document."""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from jsonschema import Draft202012Validator, FormatChecker

FORMATS = FormatChecker(formats=("uuid",))
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@FORMATS.checks("date-time")
def is_moment(value: object) -> bool:
    return not isinstance(value, str) or MOMENT.fullmatch(value) is not None


@dataclass(frozen=True)
class Exchange:
    """One call as it went over the wire; `url` is the path and query as sent. Header names in lower case."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes


@dataclass(frozen=True)
class OpenApiOperation:
    """An operation of a document, with the path that it answers at."""

    method: str
    path: str
    about: dict[str, Any]

    @property
    def name(self) -> str:
        return self.about["operationId"]

    @property
    def body(self) -> dict[str, Any] | None:
        return schema_of(self.about.get("requestBody", {}))

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [each for each in self.about["parameters"] if each["in"] == place]

    def matches(self, exchange: Exchange, base: str) -> bool:
        expression = re.sub(r"\{\w+\}", "[^/]+", base + self.path)
        return self.method == exchange.method and bool(
            re.fullmatch(expression, exchange.url.partition("?")[0])
        )


def operations(document: dict[str, Any]) -> list[OpenApiOperation]:
    """Those with more literal parts first, so that the first match is the right one."""
    paths = sorted(document["paths"], key=lambda path: path.count("{"))
    return [
        OpenApiOperation(method.upper(), path, about)
        for path in paths
        for method, about in document["paths"][path].items()
    ]


def operation_of(exchange: Exchange, document: dict[str, Any]) -> OpenApiOperation | None:
    base = urlsplit(document["servers"][0]["url"]).path
    return next((each for each in operations(document) if each.matches(exchange, base)), None)


def findings(exchange: Exchange, document: dict[str, Any]) -> list[str]:
    """What is wrong with an exchange; empty when request and answer are as declared."""
    found = operation_of(exchange, document)
    if found is None:
        return [f"{exchange.method} {exchange.url} is not declared"]
    return [
        f"{found.name}: {each}"
        for each in request_findings(exchange, found) + answer_findings(exchange, found)
    ]


def request_findings(exchange: Exchange, operation: OpenApiOperation) -> list[str]:
    wrong = []
    for parameter in operation.parameters("header"):
        if parameter["required"] and not exchange.headers.get(parameter["name"].lower()):
            wrong.append(f"the header {parameter['name']} is missing")
    declared = {parameter["name"] for parameter in operation.parameters("query")}
    asked = {name for name, _ in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)}
    wrong += [f"the query has {name}" for name in asked - declared]
    wrong += [
        f"{part} is encoded twice"
        for part in exchange.url.partition("?")[0].split("/")
        if re.search("%[0-9A-Fa-f]{2}", unquote(part))
    ]
    if operation.body is None:
        return wrong + (["a body where none is declared"] if exchange.body else [])
    return wrong + json_findings(exchange.body, operation.body, "request")


def answer_findings(exchange: Exchange, operation: OpenApiOperation) -> list[str]:
    declared = operation.about["responses"].get(str(exchange.status))
    if declared is None:
        return [f"status {exchange.status} is not declared"]
    schema = schema_of(declared)
    if schema is None:
        return [f"{exchange.status} has a body"] if exchange.answer else []
    if exchange.answer_headers.get("content-type") != "application/json":
        return [f"{exchange.status} is not JSON but {exchange.answer_headers.get('content-type')}"]
    return json_findings(exchange.answer, schema, f"{exchange.status} answer")


def schema_of(part: dict[str, Any]) -> dict[str, Any] | None:
    return part.get("content", {}).get("application/json", {}).get("schema")


def json_findings(body: bytes, schema: dict[str, Any], name: str) -> list[str]:
    try:
        value = json.loads(body)
    except ValueError as error:
        return [f"the {name} is not JSON: {error}"]
    errors = Draft202012Validator(schema, format_checker=FORMATS).iter_errors(value)
    return [f"{name} {each.json_path}: {each.message[:200]}" for each in errors]
