"""Requests made up from an OpenAPI document: some as it says, some nearly so, some nothing like it."""

import json
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.contract.openapi_validator import OpenApiOperation

ANY_TEXT = st.text(max_size=30) | st.text(st.characters(categories=["Cs", "Cc", "Lo", "So"]), max_size=6)
ANY_JSON: SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=8,
)
RAW_BYTES = st.binary(max_size=60) | st.sampled_from(
    [b"", b"null", b"[" * 100_000, b'{"a":1,"a":2}', b"\xff\xfe{}", b'{"x":' + b"9" * 5_000 + b"}", b"NaN"]
)
ODD_SEGMENTS = st.sampled_from(
    ["%00", "%2F", "%2e%2e", "..%2f", "%ff", "%20", "+358", "%2B", "categories", "%252B"]
)
HEADER_TEXT = st.text(
    st.characters(min_codepoint=33, max_codepoint=255, exclude_characters="\x7f"), min_size=1, max_size=40
)


@dataclass(frozen=True)
class Asked:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes


def requests_for(operation: OpenApiOperation) -> SearchStrategy[Asked]:
    as_said = st.builds(
        Asked,
        method=st.just(operation.method),
        url=st.builds(str.__add__, path(operation), query(operation)),
        headers=headers(operation),
        body=body(operation.body),
    )
    return as_said | as_said.flatmap(spoiled) | spoiled(plainest(operation))


def plainest(operation: OpenApiOperation) -> Asked:
    """What is required and no more, as in the examples: a call that succeeds."""
    names = {each["name"]: quote(each["example"], safe="") for each in operation.parameters("path")}
    needed = [each for each in operation.parameters("header") if each["required"]]
    return Asked(
        operation.method,
        operation.path.format(**names),
        {each["name"]: each["example"] for each in needed},
        as_json(example_of(operation.body)) if operation.body else b"",
    )


def example_of(schema: dict[str, Any]) -> Any:
    if "example" in schema or "enum" in schema:
        return schema.get("example") or schema["enum"][0]
    if schema["type"] == "object":
        return {name: example_of(schema["properties"][name]) for name in schema.get("required", ())}
    if schema["type"] == "array":
        return [example_of(schema["items"])]
    return {"integer": 1, "boolean": True, "string": "Hei"}[schema["type"]]


def with_examples(operation: OpenApiOperation, known: dict[str, str]) -> OpenApiOperation:
    """The operation, with these values as the examples of its parameters and properties."""
    about = deepcopy(operation.about)
    for parameter in about["parameters"]:
        if parameter["name"] in known:
            parameter["example"] = known[parameter["name"]]
    changed = replace(operation, about=about)
    for name, schema in (changed.body or {}).get("properties", {}).items():
        if name in known:
            schema["example"] = known[name]
    return changed


def path(operation: OpenApiOperation) -> SearchStrategy[str]:
    """The path with each part as an example, as any text in one segment, or as something odd."""
    names = {each["name"]: each for each in operation.parameters("path")}
    parts = [
        segment(names[part[1:-1]]) if part.startswith("{") else st.just(part)
        for part in operation.path.strip("/").split("/")
    ]
    return st.tuples(*parts).map(lambda chosen: "/" + "/".join(chosen))


def segment(parameter: dict[str, Any]) -> SearchStrategy[str]:
    texts = st.text(min_size=1, max_size=30).map(lambda text: quote(text, safe="") or "x")
    examples = st.just(quote(parameter.get("example", "x"), safe=""))
    dotless = texts.filter(lambda text: text not in (".", ".."))
    return examples | examples | dotless | ODD_SEGMENTS


def query(operation: OpenApiOperation) -> SearchStrategy[str]:
    names = [each["name"] for each in operation.parameters("query")]
    values = st.text(max_size=20) | st.sampled_from(["FI", "SE", "ZZ"])
    chosen = st.dictionaries(st.sampled_from(names), values) if names else st.just({})
    return chosen.map(lambda pairs: "?" + urlencode(pairs) if pairs else "")


def headers(operation: OpenApiOperation) -> SearchStrategy[dict[str, str]]:
    """Those that are required, as in the examples or otherwise; some of the optional ones."""
    values = {each["name"]: header_value(each) for each in operation.parameters("header")}
    needed = {each["name"] for each in operation.parameters("header") if each["required"]}
    return st.fixed_dictionaries(
        {name: value for name, value in values.items() if name in needed},
        optional={name: value for name, value in values.items() if name not in needed},
    )


def header_value(parameter: dict[str, Any]) -> SearchStrategy[str]:
    example = st.just(parameter.get("example", "x"))
    return example | example | HEADER_TEXT


def body(schema: dict[str, Any] | None) -> SearchStrategy[bytes]:
    return st.just(b"") if schema is None else value_of(schema).map(as_json)


def value_of(schema: dict[str, Any]) -> SearchStrategy[Any]:
    """A value that the schema allows; its example more often than not."""
    if "example" in schema:
        return st.just(schema["example"]) | st.just(schema["example"]) | plain_value(schema)
    return plain_value(schema)


def plain_value(schema: dict[str, Any]) -> SearchStrategy[Any]:
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    match schema["type"]:
        case "object":
            return object_value(schema)
        case "array":
            return st.lists(value_of(schema["items"]), max_size=4)
        case "integer":
            return st.integers(schema["minimum"], schema["maximum"])
        case "boolean":
            return st.booleans()
    longest = schema.get("maxLength", 60)
    return st.text(min_size=schema.get("minLength", 0), max_size=min(longest, 60))


def object_value(schema: dict[str, Any]) -> SearchStrategy[dict[str, Any]]:
    if "properties" not in schema:
        return st.dictionaries(st.text(max_size=10), st.text(max_size=10), max_size=3)
    values = {name: value_of(each) for name, each in schema["properties"].items()}
    needed = {name: value for name, value in values.items() if name in schema["required"]}
    rest = {name: value for name, value in values.items() if name not in needed}
    return st.fixed_dictionaries(needed, optional=rest)


def spoiled(asked: Asked) -> SearchStrategy[Asked]:
    """The same request with one thing wrong with it."""
    ways = [
        RAW_BYTES.map(lambda raw: replace(asked, body=raw)),
        ANY_JSON.map(lambda value: replace(asked, body=as_json(value))),
        HEADER_TEXT.map(lambda text: replace(asked, headers=asked.headers | {"Content-Type": text})),
    ]
    if asked.headers:
        names = st.sampled_from(sorted(asked.headers))
        ways.append(names.map(lambda name: replace(asked, headers=without(asked.headers, name))))
    if asked.body:
        ways.append(
            st.builds(
                lambda at, junk: replace(asked, body=spoil(asked.body, at, junk)), st.integers(0), ANY_JSON
            )
        )
    return st.one_of(ways)


def spoil(body: bytes, at: int, junk: Any) -> bytes:
    """Another value for one property, here or further in."""
    value = json.loads(body)
    place, names = value, sorted(value)
    if not names:
        return as_json({"x": junk})
    name = names[at % len(names)]
    inner = value[name]
    if isinstance(inner, list) and inner and isinstance(inner[0], dict) and inner[0] and at % 2:
        place, name = inner[0], min(inner[0])
    place[name] = junk
    return as_json(value)


def without(headers: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in headers.items() if key != name}


def as_json(value: Any) -> bytes:
    """Lone surrogates and NaN stay in: a client may send them."""
    return json.dumps(value).encode()
