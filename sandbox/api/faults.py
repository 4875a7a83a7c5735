"""Fault injection: a fault strikes before the work is done, during it, or after it."""

import gzip
import json
import random
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.http import HttpResponse

from sandbox.api.calls import CHALLENGE, Call, Refusal, Reply
from sandbox.db import write_transaction
from sandbox.models import Fault, RefreshToken
from sandbox.oauth import grants
from sandbox.pause import pause

BEFORE = {
    "401": "the token counts as expired",
    "revoked": "the grant is revoked: only a new sign-in mends it",
    "403": "forbidden",
    "429": "too many requests, with retry_after",
    "500": "server error",
    "503": "unavailable, with retry_after",
    "html": "a 502 page in HTML",
    "redirect": "send to another host, nothing done",
    "slow": "wait, then work",
    "hold_before": "wait long, then work",
    "reset_before": "cut the connection, nothing done",
}
DURING = {
    "forget_request_id": "RequestIds are not remembered (for the given time)",
    "short_recipients": "the last recipient is left out",
}
AFTER = {
    "hold_after_accept": "work, then answer late",
    "reset_after": "work, then cut the connection",
    "truncate": "work, then cut the answer in half",
    "wrong_shape": "work, then answer in the wrong casing",
    "malformed": "work, then answer broken JSON",
    "empty": "work, then answer 200 with nothing",
    "no_content": "work, then answer 204",
    "page": "work, then answer 200 with an HTML page",
    "without_ids": "work, then name no recipient's id",
    "bomb": "work, then answer 32 MB of spaces, packed in 32 kB",
    "deep": "work, then answer JSON in 10,000 levels",
}
ACTIONS = BEFORE | DURING | AFTER

HTML_PAGE = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><hr>gateway/1.0</body></html>"
WIRE_HEADER = "X-Sandbox-Wire"
"""Asks the ASGI border to treat the connection itself: see `sandbox.connection_faults`."""

rng = random.Random()  # noqa: S311  decides about faults, guards nothing


def draw(operation: str) -> list[Fault]:
    """The faults that this call meets; each rule counts it."""
    rules = Fault.objects.filter(operation__in=(operation, "*"))
    if not rules.exists():
        return []
    with write_transaction():
        rules.update(seen=F("seen") + 1)
        struck = [rule for rule in rules if matches(rule)]
        Fault.objects.filter(pk__in=[rule.pk for rule in struck]).update(fired=F("fired") + 1)
    return struck


def matches(rule: Fault) -> bool:
    """Whether a rule meets the call it has just counted."""
    match rule.when:
        case Fault.When.NTH:
            return rule.seen == int(rule.n)
        case Fault.When.EVERY:
            return rule.seen % max(1, int(rule.n)) == 0
        case Fault.When.UNTIL:
            return rule.seen <= int(rule.n)
        case Fault.When.CHANCE:
            return rng.random() < rule.n
    return True


def before(call: Call) -> None:
    for fault in call.faults:
        if fault.action in ("slow", "hold_before"):
            wait(fault)
        elif fault.action == "revoked":
            revoke_grant(call)
        elif fault.action in BEFORE:
            raise refusal(fault)


def revoke_grant(call: Call) -> None:
    """A call of the API is a 401 then; a refresh goes on, to find its token revoked."""
    with write_transaction():
        if call.person is None:
            family = RefreshToken.objects.filter(token=call.request.POST.get("refresh_token", ""))
            grants.revoke(family__in=family.values("family"))
            return
        grants.end_sessions(call.person, for_good=True)
    raise Refusal(401, None, decision="fault: revoked", headers=CHALLENGE)


def refusal(fault: Fault) -> Refusal:
    decision = f"fault: {fault.action}"
    if fault.action == "reset_before":
        return Refusal(503, None, decision=decision, headers={WIRE_HEADER: "reset"})
    if fault.action == "html":
        return Refusal(502, None, decision=decision)
    if fault.action == "redirect":
        return Refusal(307, None, decision=decision, headers={"Location": "https://elsewhere.example/"})
    if fault.action == "401":
        return Refusal(401, None, decision=decision, headers=CHALLENGE)
    limited = fault.action in ("429", "503") and fault.retry_after is not None
    headers = {"Retry-After": str(fault.retry_after)} if limited else {}
    return Refusal(int(fault.action), "Told to fail by a fault", decision=decision, headers=headers)


def after(call: Call, reply: Reply) -> HttpResponse:
    if reply.decision == "fault: html":
        return HttpResponse(HTML_PAGE, status=502)
    response = reply.as_response(errors=call.switches["error_body"])
    if reply.decision != "accepted":
        return response
    for fault in call.faults:
        if fault.action == "hold_after_accept":
            wait(fault)
        elif fault.action in RESPONSE_FAULTS:
            response = RESPONSE_FAULTS[fault.action](response)
    return response


def wait(fault: Fault) -> None:
    usual = 1_000 if fault.action == "slow" else 60_000
    length = usual if fault.milliseconds is None else fault.milliseconds
    pause(milliseconds=length + rng.uniform(0, fault.jitter_milliseconds))


def cut_connection(response: HttpResponse) -> HttpResponse:
    response[WIRE_HEADER] = "reset"
    return response


def cut_in_half(response: HttpResponse) -> HttpResponse:
    response[WIRE_HEADER] = "truncate"
    return response


def swap_casing(response: HttpResponse) -> HttpResponse:
    if response.content:
        response.content = json.dumps(swap_first_letters(json.loads(response.content))).encode()
    return response


def swap_first_letters(value: Any) -> Any:
    if isinstance(value, dict):
        return {key[:1].swapcase() + key[1:]: swap_first_letters(item) for key, item in value.items()}
    if isinstance(value, list):
        return [swap_first_letters(item) for item in value]
    return value


def break_json(response: HttpResponse) -> HttpResponse:
    response.content = (response.content or b"null")[:-1] + b",,"
    return response


def send_204(response: HttpResponse) -> HttpResponse:
    return HttpResponse(status=204)


def send_page(response: HttpResponse) -> HttpResponse:
    return HttpResponse(HTML_PAGE, status=200)


def send_bomb(response: HttpResponse) -> HttpResponse:
    packed = gzip.compress(b" " * 32 * 1024 * 1024, 1)
    return HttpResponse(packed, content_type="application/json", headers={"Content-Encoding": "gzip"})


def send_depths(response: HttpResponse) -> HttpResponse:
    return HttpResponse(b"[" * 10_000 + b"]" * 10_000, content_type="application/json")


def leave_ids_out(response: HttpResponse) -> HttpResponse:
    answer = json.loads(response.content or b"null")
    if isinstance(answer, dict):
        for recipient in answer.get("Recipients") or answer.get("recipients") or []:
            recipient.pop("Id", None)
            recipient.pop("id", None)
        response.content = json.dumps(answer).encode()
    return response


def send_nothing(response: HttpResponse) -> HttpResponse:
    return HttpResponse(b"", status=200, content_type="application/json")


RESPONSE_FAULTS: dict[str, Callable[[HttpResponse], HttpResponse]] = {
    "reset_after": cut_connection,
    "truncate": cut_in_half,
    "wrong_shape": swap_casing,
    "malformed": break_json,
    "empty": send_nothing,
    "no_content": send_204,
    "page": send_page,
    "without_ids": leave_ids_out,
    "bomb": send_bomb,
    "deep": send_depths,
}
