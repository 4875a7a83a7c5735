"""The API as an OpenAPI 3.1 document, told by the tables that serve it: GET /_openapi.json."""

import re
from typing import Any

from sandbox.api.calls import Operation
from sandbox.api.operations import OPERATIONS
from sandbox.openapi.schemas import ERROR, EXAMPLES, OPERATION_SCHEMAS, OperationSchema, Schema, body_schema


def document(server: str) -> dict[str, Any]:
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(f"/{operation.path}", {})[operation.method.lower()] = described(operation)
    bearer = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
    return {
        "openapi": "3.1.0",
        "info": {"title": "SmartDialog, as the sandbox plays it", "version": "1.0"},
        "servers": [{"url": server}],
        "security": [{"bearer": []}],
        "components": {"securitySchemes": {"bearer": bearer}},
        "paths": paths,
    }


def described(operation: Operation) -> dict[str, Any]:
    shape = OPERATION_SCHEMAS[operation.name]
    about: dict[str, Any] = {
        "operationId": operation.name,
        "description": f"Needs the scope {operation.scope}.",
        "parameters": parameters(operation, shape),
        "responses": responses(shape),
    }
    if shape.body:
        about["requestBody"] = {"required": True, "content": as_json(body_schema(shape.body))}
    return about


def parameters(operation: Operation, shape: OperationSchema) -> list[dict[str, Any]]:
    return [
        *(parameter(name, "path") for name in re.findall(r"\{(\w+)\}", operation.path)),
        *(parameter(name, "header") for name in shape.headers),
        *(parameter(name, "header", required=False) for name in shape.optional_headers),
        *(parameter(name, "query", required=False) for name in shape.query),
    ]


def parameter(name: str, place: str, *, required: bool = True) -> dict[str, Any]:
    about = {"name": name, "in": place, "required": required, "schema": {"type": "string", "minLength": 1}}
    return about | ({"example": EXAMPLES[name]} if name in EXAMPLES else {})


def responses(shape: OperationSchema) -> dict[str, Any]:
    """A success, and every refusal there is: an operation may meet any of them."""
    success = {"description": "Done"} | ({"content": as_json(shape.answer)} if shape.answer else {})
    return {
        str(shape.success): success,
        "400": refusal("The call is wrong"),
        "401": {"description": "No good access token"},
        "403": refusal("The scope is missing, or the customer is another's"),
        "404": refusal("There is no such thing"),
        "429": refusal("Over the call limit, or Retry-After says when to come again"),
    }


def refusal(description: str) -> dict[str, Any]:
    return {"description": description, "content": as_json(ERROR)}


def as_json(schema: Schema) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
