"""Where our OpenAPI document and the published Swagger 2.0 definition differ in what goes over the wire."""

import re
from typing import Any

UNPUBLISHED = {
    "UnicodeCharacterHandlingPolicy"
}  # the live connector has it, its published definition not yet
METHODS = {"get", "put", "post", "delete", "patch"}


def differences(ours: dict[str, Any], published: dict[str, Any]) -> list[str]:
    theirs = {name: wire_format(about, path) for path, about, name in operations_in(published)}
    mine = {name: wire_format(about, path) for path, about, name in operations_in(ours)}
    return [
        f"{name}: {part} is {mine.get(name, {}).get(part)} here, {theirs.get(name, {}).get(part)} there"
        for name in sorted(theirs.keys() | mine.keys())
        for part in ("path", "header", "query", "body", "success", "answer")
        if mine.get(name, {}).get(part) != theirs.get(name, {}).get(part)
    ]


def operations_in(document: dict[str, Any]) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (f"{method.upper()} {path}", about, about["operationId"])
        for path, methods in document["paths"].items()
        for method, about in methods.items()
        if method in METHODS
    ]


def wire_format(about: dict[str, Any], path: str) -> dict[str, Any]:
    """What an operation asks and answers, in the same words for both kinds of document."""
    success, answer = next(each for each in about["responses"].items() if each[0].startswith("2"))
    return {
        "path": re.sub(r"\{[^}]*\}", "{}", path),
        "header": named(about, "header"),
        "query": named(about, "query"),
        "body": shape(body_of(about), with_rules=True),
        "success": success,
        "answer": shape(json_of(answer) or answer.get("schema"), with_rules=False),
    }


def named(about: dict[str, Any], place: str) -> dict[str, bool]:
    chosen = [each for each in about.get("parameters", []) if each["in"] == place]
    return {each["name"]: bool(each.get("required")) for each in chosen}


def body_of(about: dict[str, Any]) -> dict[str, Any] | None:
    bodies = [each["schema"] for each in about.get("parameters", []) if each["in"] == "body"]
    return bodies[0] if bodies else json_of(about.get("requestBody", {}))


def json_of(part: dict[str, Any]) -> dict[str, Any] | None:
    return part.get("content", {}).get("application/json", {}).get("schema")


def shape(schema: dict[str, Any] | None, *, with_rules: bool) -> Any:
    """Names, casing and kinds; of requests also what is required, how long and which words."""
    if schema is None or schema.get("type") not in ("object", "array"):
        return schema and word(schema, with_rules=with_rules)
    if schema["type"] == "array":
        return [shape(schema["items"], with_rules=with_rules)]
    required = schema.get("required", []) if with_rules else []
    return {
        name + ("*" if name in required else ""): shape(each, with_rules=with_rules)
        for name, each in schema.get("properties", {}).items()
        if name not in UNPUBLISHED
    }


def word(schema: dict[str, Any], *, with_rules: bool) -> str:
    longest = f" up to {schema['maxLength']}" if with_rules and "maxLength" in schema else ""
    return f"{schema.get('type', 'string')}{longest}"
