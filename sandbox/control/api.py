"""The control API that tests use. JSON in, JSON out; a wrong request is a 400 that says why."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from sandbox import clock, switches
from sandbox.control import data_reset, events, fault_rules, ledger, state
from sandbox.db import write_transaction
from sandbox.models import Fault
from sandbox.openapi.document import document


def json_endpoint(answer: Callable[[HttpRequest, Any], Any]) -> Callable[[HttpRequest], HttpResponse]:
    """A view of GET (given None) and POST (given the body) that returns what `answer` returns, as JSON."""

    @csrf_exempt
    @require_http_methods(["GET", "POST"])
    @wraps(answer)
    def view(request: HttpRequest) -> HttpResponse:
        try:
            given = json.loads(request.body or b"{}") if request.method == "POST" else None
            return JsonResponse(answer(request, given))
        except (ValueError, TypeError, KeyError) as error:
            return JsonResponse({"error": str(error)}, status=400)

    return view


@require_GET
def show_ledger(request: HttpRequest) -> JsonResponse:
    operation = request.GET.get("operation", "")
    since, limit = number(request, "since", 0), number(request, "limit", 1000)
    shown = ledger.calls(operation=operation, since=since, limit=limit)
    return JsonResponse({"calls": shown, "summary": ledger.summary(operation=operation)})


@require_GET
def show_openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document(request.build_absolute_uri("/api-integrations/v1")))


@require_GET
def show_state(request: HttpRequest) -> JsonResponse:
    """All of it, or the parts that ?only=contacts,messages names."""
    only = [part for part in request.GET.get("only", "").split(",") if part in state.PARTS]
    return JsonResponse({part: state.PARTS[part]() for part in only or state.PARTS})


@json_endpoint
def faults(request: HttpRequest, given: Any) -> Any:
    """POST replaces them all: a list of rules, or {"faults": [...], "seed": 7}."""
    if given is not None:
        given = given if isinstance(given, dict) else {"faults": given}
        fault_rules.replace_rules(given.get("faults", []), seed=given.get("seed"))
    return {"faults": [fault_rules.as_json(fault) for fault in Fault.objects.all()]}


@json_endpoint
def change_switches(request: HttpRequest, given: Any) -> Any:
    if given:
        with write_transaction():
            switches.change(given)
    return {"switches": switches.current()}


@json_endpoint
def move_clock(request: HttpRequest, given: Any) -> Any:
    """POST {"offset": seconds} ahead of the real time; {"advance": seconds} adds to what is there."""
    if given is not None:
        offset = (
            given["offset"] if "offset" in given else switches.get("clock_offset_seconds") + given["advance"]
        )
        with write_transaction():
            switches.change({"clock_offset_seconds": offset})
    return {"offset": switches.get("clock_offset_seconds"), "now": clock.text(clock.now())}


@json_endpoint
def emit_events(request: HttpRequest, given: Any) -> Any:
    """POST one event or a list; they go out in that order."""
    happened = given if isinstance(given, list) else [given] if given else []
    return {"events": [events.emit(event) for event in happened]}


@json_endpoint
def reset(request: HttpRequest, given: Any) -> Any:
    """POST {} forgets everything but the people; {"keep": ["subscriptions"]} spares parts."""
    if given is not None:
        data_reset.reset(keep=given.get("keep", ()))
    return {"reset": given is not None, "at": clock.text(timezone.now())}


def number(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() else default
