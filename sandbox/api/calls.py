"""What an operation is given and what it gives back."""

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.html import escape

from sandbox import ids, switches
from sandbox.models import Customer, Fault, Person

CHALLENGE = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class CustomerIn(StrEnum):
    """Where an operation carries the customer: five ways, none of them interchangeable."""

    NOWHERE = "nowhere"
    PATH = "path"
    HEADER_CUSTOMER_ID = "Customer-Id"
    HEADER_CUSTOMERID = "CustomerId"
    HEADER_CUSTOMER = "Customer"


@dataclass(frozen=True)
class Reply:
    """An answer in the API's terms; `body` None sends no bytes at all."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    decision: str = "accepted"

    def as_response(self, *, errors: str = "errorMessage") -> HttpResponse:
        """`errors` is how a refusal is worded: see the switch `error_body`."""
        if self.status >= 400 and self.body and "errorMessage" in self.body:
            response = ERROR_FORMATS[errors](self.body["errorMessage"], self.status)
        elif self.body is None:
            response = HttpResponse(status=self.status)
            del response["Content-Type"]
        else:
            response = JsonResponse(self.body, status=self.status, safe=False)
        for name, value in self.headers.items():
            response[name] = value
        return response


def as_problem(message: str, status: int) -> HttpResponse:
    problem = {"type": "about:blank", "title": message, "status": status}
    return JsonResponse(problem, status=status, content_type="application/problem+json")


ERROR_FORMATS: dict[str, Callable[[str, int], HttpResponse]] = {
    "errorMessage": lambda message, status: JsonResponse({"errorMessage": message}, status=status),
    "problem": as_problem,
    "html": lambda message, status: HttpResponse(f"<h1>{status}</h1><p>{escape(message)}</p>", status=status),
    "empty": lambda message, status: HttpResponse(status=status),
    "success": lambda message, status: JsonResponse({"errorMessage": message}, status=200),
}


class Refusal(Exception):
    """The platform says no. `decision` is the ledger's word for why."""

    def __init__(
        self,
        status: int,
        message: str | None,
        *,
        decision: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        body = None if message is None else {"errorMessage": message}
        self.reply = Reply(status, body, headers or {}, decision or f"refused: {message}")


def wrong_customer(call: "Call") -> Refusal:
    return Refusal(int(call.switches["other_customer"]), "This sign-in has no access to the customer")


@dataclass
class Call:
    """One API call on its way through; operations fill in `subject` and `request_id` for the ledger."""

    request: HttpRequest
    operation: "Operation"
    path: dict[str, str]
    body: bytes
    arrived_at: datetime
    arrived_ns: int
    switches: dict[str, Any]
    person: Person | None = None
    scopes: frozenset[str] = frozenset()
    window: int = 0
    customer_text: str = ""
    allowed_customer: Customer | None = None
    subject: str = ""
    request_id: str = ""
    faults: list[Fault] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, operation: "Operation", path: dict[str, str]) -> "Call":
        scope = request.META.get("asgi.scope", {})
        arrived_ns = scope.get("sandbox.arrived_ns") or time.monotonic_ns()
        now = timezone.now()
        return cls(request, operation, path, request.body, now, arrived_ns, switches.current())

    @property
    def customer(self) -> Customer:
        assert self.allowed_customer, f"{self.operation.name} carries no customer"
        return self.allowed_customer

    @property
    def connection(self) -> str:
        """What the call limit counts on; empty while the caller is unknown."""
        return str(self.person.subject) if self.person else ""

    @property
    def body_sha256(self) -> str:
        return hashlib.sha256(self.body).hexdigest()

    def written(self, key: UUID) -> str | int:
        """An id as this call is told it."""
        return ids.in_json(key, self.switches["id_form"])

    def fault(self, action: str) -> Fault | None:
        return next((fault for fault in self.faults if fault.action == action), None)


@dataclass(frozen=True)
class Operation:
    """A row of the table of operations."""

    name: str
    method: str
    path: str
    scope: str
    customer: CustomerIn
    handler: Callable[[Call], Reply]
