"""Dispatch: every call is authenticated, rate-limited, authorised, executed and recorded here."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from sandbox import ids
from sandbox.api import faults, rate_limit
from sandbox.api.calls import CHALLENGE, Call, CustomerIn, Operation, Refusal, Reply, wrong_customer
from sandbox.db import write_transaction
from sandbox.deliveries import worker
from sandbox.models import LedgerCall, Person
from sandbox.oauth import tokens


@csrf_exempt
def dispatch(request: HttpRequest, *, operations: dict[str, Operation], **path: str) -> HttpResponse:
    """Serve the operation that `operations` has for the method."""
    operation = operations.get(request.method or "")
    if operation is None:
        return record_undeclared(request, HttpResponseNotAllowed(sorted(operations)))
    call = Call.of(request, operation, path)
    try:
        admit(call)
        faults.before(call)
        authorize(call)
        reply = execute(call)
    except Refusal as refusal:
        reply = refusal.reply
        with write_transaction():
            record(call, reply)
    return faults.after(call, reply)


@csrf_exempt
def unknown_operation(request: HttpRequest, **path: str) -> HttpResponse:
    return record_undeclared(
        request, JsonResponse({"errorMessage": "There is no such operation"}, status=404)
    )


def record_undeclared(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A call that the contract does not know is in the ledger too: it shows a client's mistakes."""
    call = Call.of(request, UNKNOWN, {})
    with write_transaction():
        record(call, Reply(response.status_code, decision="refused: no such operation"))
    return response


def admit(call: Call) -> None:
    """Know the caller, count the call by its arrival, and refuse it when the minute is used up."""
    authenticate(call)
    verdict = rate_limit.window.arrive(
        call.connection, counted_with(call), at_ns=call.arrived_ns, limit=call.switches["calls_per_minute"]
    )
    call.window = verdict.calls_in_window
    if verdict.retry_after is not None:
        says_when = call.switches["limit_says_when"]
        headers = {"Retry-After": str(verdict.retry_after)} if says_when else {}
        raise Refusal(429, "Too many requests", decision="limited", headers=headers)
    call.faults = faults.draw(call.operation.name)


def counted_with(call: Call) -> str:
    """Whose calls count against the same limit as this one."""
    match call.switches["limit_counts"]:
        case "client":
            return "client"
        case "customer" if customer := named_customer(call):
            return f"customer {customer}"
    return call.connection


def named_customer(call: Call) -> str:
    carrier = call.operation.customer
    if carrier is CustomerIn.NOWHERE:
        return ""
    return call.path["customer"] if carrier is CustomerIn.PATH else call.request.headers.get(carrier, "")


def authenticate(call: Call) -> None:
    scheme, _, token = call.request.headers.get("Authorization", "").partition(" ")
    try:
        if scheme != "Bearer":
            raise tokens.InvalidToken("no bearer token")
        claims = tokens.read(token)
        call.person = Person.objects.get(subject=claims["who"], access_generation=claims["generation"])
    except (tokens.InvalidToken, Person.DoesNotExist) as error:
        raise Refusal(401, None, decision=f"unauthorized: {error}", headers=CHALLENGE) from error
    call.scopes = frozenset(claims["scp"].split())


def authorize(call: Call) -> None:
    if call.operation.scope not in call.scopes:
        raise Refusal(int(call.switches["missing_scope"]), f"The scope {call.operation.scope} is missing")
    carrier = call.operation.customer
    if carrier is CustomerIn.NOWHERE:
        return
    call.customer_text = named_customer(call)
    if not call.customer_text and carrier is not CustomerIn.PATH:
        raise Refusal(400, f"The header {carrier} is required")
    choose_customer(call)


def choose_customer(call: Call) -> None:
    assert call.person
    try:
        key = ids.decode(call.customer_text)
    except ValueError as error:
        raise Refusal(400, f"{call.customer_text[:60]} is not a customer id") from error
    call.allowed_customer = call.person.customers.filter(id=key).first()
    if call.allowed_customer is None:
        raise wrong_customer(call)


def execute(call: Call) -> Reply:
    """Do it and write it in the ledger: both or neither."""
    with write_transaction():
        reply = call.operation.handler(call)
        record(call, reply)
    worker.wake()
    return with_status(call, reply)


def with_status(call: Call, reply: Reply) -> Reply:
    """A success of a call that changes something, with the status that a switch says."""
    status = call.switches["success_status"]
    if status == "declared" or call.request.method == "GET" or reply.status >= 300:
        return reply
    return replace(reply, status=int(status), body=None if status == "204" else reply.body)


def record(call: Call, reply: Reply) -> None:
    scope = call.request.META.get("asgi.scope", {})
    LedgerCall.objects.create(
        operation=call.operation.name,
        arrived_at=call.arrived_at,
        arrived_ns=call.arrived_ns,
        connection=call.connection,
        customer=call.customer_text[:100],
        request_id=call.request_id[:1000],
        subject=call.subject[:100],
        method=(call.request.method or "")[:7],
        path=scope.get("raw_path", b"").decode("latin-1") or call.request.path,
        body_sha256=call.body_sha256,
        status=reply.status,
        decision=reply.decision[:200],
        faults=", ".join(fault.action for fault in call.faults),
        window=call.window,
    )


UNKNOWN = Operation("unknown", "", "", "", CustomerIn.NOWHERE, execute)
