"""Reading JSON bodies to the letter: the declared names in the declared casing, and nothing else."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.dateparse import parse_datetime

from sandbox.api.calls import Call, Refusal

INT32 = range(-(2**31), 2**31)


@dataclass(frozen=True, kw_only=True)
class Field:
    """A property of a body.

    `kind` is str, int, bool, dict (free), "date-time", a list of something, or an object's own fields.
    """

    name: str
    kind: Any = str
    required: bool = False
    longest: int | None = None
    choices: tuple[str, ...] = ()

    def check(self, value: Any, *, strict: bool) -> None:
        if isinstance(self.kind, ListOf):
            self.kind.check(value, name=self.name, strict=strict)
        elif isinstance(self.kind, tuple):
            check_object(value, self.kind, strict=strict, name=self.name)
        elif not has_type(value, self.kind):
            raise Refusal(400, f"{self.name} must be a {getattr(self.kind, '__name__', self.kind)}")
        elif self.required and value == "":
            raise Refusal(400, f"{self.name} is required")
        elif self.choices and value not in self.choices:
            raise Refusal(400, f"{self.name} must be one of {', '.join(self.choices)}")
        elif self.longest is not None and len(value) > self.longest:
            raise Refusal(400, f"{self.name} is longer than {self.longest} characters")


@dataclass(frozen=True)
class ListOf:
    """A list of strings, or of objects with fields."""

    fields: tuple[Field, ...] | None = None

    def check(self, value: Any, *, name: str, strict: bool) -> None:
        if not isinstance(value, list):
            raise Refusal(400, f"{name} must be a list")
        for item in value:
            if self.fields is not None:
                check_object(item, self.fields, strict=strict, name=f"{name} item")
            elif not isinstance(item, str):
                raise Refusal(400, f"{name} must hold strings")


def read_body(call: Call, fields: tuple[Field, ...]) -> dict[str, Any]:
    """The call's body as an object with these fields; Refusal 400 says what is wrong with it."""
    if call.request.content_type != "application/json":
        raise Refusal(400, "Content-Type must be application/json")
    try:
        value: dict[str, Any] = json.loads(
            call.body, object_pairs_hook=reject_duplicate_keys, parse_constant=refuse_constant
        )
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Refusal(400, "The body is not valid JSON") from error
    check_object(value, fields, strict=call.switches["refuse_unknown_fields"], name="body")
    return value


def check_object(value: Any, fields: Iterable[Field], *, strict: bool, name: str) -> None:
    if not isinstance(value, dict):
        raise Refusal(400, f"The {name} must be an object")
    known = {field.name: field for field in fields}
    for field in known.values():
        if field.required and field.name not in value:
            raise Refusal(400, f"{field.name} is required")
    for key, item in value.items():
        if key in known:
            known[key].check(item, strict=strict)
        elif strict:
            raise Refusal(400, f"{key} is not a property of the {name}")


def has_type(value: Any, kind: Any) -> bool:
    if kind == "date-time":
        return isinstance(value, str) and is_aware_datetime(value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value in INT32
    return isinstance(value, kind)


def is_aware_datetime(text: str) -> bool:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return False
    return moment is not None and moment.tzinfo is not None


def reject_duplicate_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a property appears twice")
    return value


def refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
