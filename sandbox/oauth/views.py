"""The token endpoint and what is published about it."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from sandbox.api import faults
from sandbox.api.calls import Call, CustomerIn, Operation, Refusal, Reply
from sandbox.api.dispatch import record
from sandbox.db import write_transaction
from sandbox.oauth import grants, tokens
from sandbox.oauth.clients import API_SCOPES, CLIENT_ID, CLIENT_SECRET, SIGN_IN_SCOPES
from sandbox.oauth.errors import OAuthError

GRANTS = {"authorization_code": grants.redeem_code, "refresh_token": grants.refresh}
SHAPES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "object": lambda reply: reply,
    "list": lambda reply: [reply],
    "text": lambda reply: "ok",
}
NUMBERS = ("not_before", "expires_in", "expires_on", "refresh_token_expires_in", "id_token_expires_in")


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Faults and the ledger know this as the operation `token`; the call limit does not count it."""
    call = Call.of(request, TOKEN, {})
    call.faults = faults.draw(TOKEN.name)
    try:
        faults.before(call)
        reply = exchange(call)
    except Refusal as refusal:
        reply = refusal.reply
        with write_transaction():
            record(call, reply)
    response = faults.after(call, reply)
    response["Cache-Control"] = "no-store"
    return response


def exchange(call: Call) -> Reply:
    """A refusal is an answer too, and what it changed (a family revoked) is kept."""
    with write_transaction():
        try:
            reply = Reply(200, grant(call))
        except OAuthError as error:
            reply = Reply(400, error.as_json(), decision=f"refused: {error.code}")
        record(call, reply)
    return reply


def grant(call: Call) -> Any:
    form = call.request.POST
    call.subject = form.get("grant_type", "")
    if form.get("client_id") != CLIENT_ID:
        raise OAuthError("invalid_request", "AADB2C90018" if form.get("client_id") else "AADB2C90008")
    if not form.get("client_secret"):
        raise OAuthError("invalid_request", "AADB2C90079")
    is_right = secrets.compare_digest(form["client_secret"].encode(), CLIENT_SECRET.encode())
    if not is_right or call.switches["client_secret_expired"]:
        raise OAuthError("invalid_client", "AADB2C90081")
    if call.subject not in GRANTS:
        raise OAuthError("unsupported_grant_type", "AADB2C90086")
    origin = f"{call.request.scheme}://{call.request.get_host()}"
    reply = GRANTS[call.subject](form, call.switches, origin=origin)
    if call.switches["token_numbers_as_text"]:
        reply |= {name: str(reply[name]) for name in NUMBERS if name in reply}
    if call.switches["token_expires_in"]:
        reply["expires_in"] = said_life(call.switches["token_expires_in"])
    return SHAPES[call.switches["token_reply_shape"]](reply)


def said_life(text: str) -> Any:
    """As JSON where it is that, else as a string."""
    try:
        return json.loads(text)
    except ValueError:
        return text


TOKEN = Operation("token", "POST", "token", "", CustomerIn.NOWHERE, exchange)


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    return JsonResponse(tokens.published_keys())


@require_GET
def configuration(request: HttpRequest) -> JsonResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    policy = request.build_absolute_uri(request.path.split("/v2.0/.well-known")[0])
    return JsonResponse(
        {
            "issuer": tokens.issuer(origin),
            "authorization_endpoint": f"{policy}/oauth2/v2.0/authorize",
            "token_endpoint": f"{policy}/oauth2/v2.0/token",
            "jwks_uri": f"{policy}/discovery/v2.0/keys",
            "response_modes_supported": ["query", "fragment"],
            "response_types_supported": ["code"],
            "scopes_supported": [*SIGN_IN_SCOPES, *API_SCOPES],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": [tokens.ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "claims_supported": ["sub", "oid", "name", "tfp", "iss", "iat", "exp", "aud", "scp", "nonce"],
        }
    )
