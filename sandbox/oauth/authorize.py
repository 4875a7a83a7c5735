"""The login page, shaped like Azure AD B2C: the browser comes with a request and leaves with a code."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sandbox import clock, switches
from sandbox.db import write_transaction
from sandbox.models import AuthorizationCode, Person
from sandbox.oauth.clients import API_SCOPES, CLIENT_ID, REDIRECT_URI, SCOPE_PREFIX, SIGN_IN_SCOPES
from sandbox.oauth.errors import OAuthError
from sandbox.seed import PASSWORD

CANCELS = {"cancelled": "AADB2C90091", "forgot_password": "AADB2C90118"}
CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class SignInRequest:
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    response_mode: str

    def url(self, answer: Mapping[str, str]) -> str:
        """Where the browser goes with the answer; state goes along as it came."""
        given = dict(answer) | ({"state": self.state} if self.state else {})
        mark = "#" if self.response_mode == "fragment" else "?"
        return self.redirect_uri + mark + urlencode(given)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def authorize(request: HttpRequest) -> HttpResponse:
    try:
        check_client(request.GET)
    except OAuthError as error:
        return render(request, "sandbox/sign_in_refused.html", {"error": error}, status=400)
    asked = read_request(request.GET)
    try:
        check_request(request.GET)
        if "cancel" in request.POST:
            raise OAuthError("access_denied", CANCELS[switches.get("cancel_means")])
    except OAuthError as error:
        return redirect_to(asked.url(error.as_json()))
    return sign_in(request, asked)


def check_client(query: Mapping[str, str]) -> None:
    """These errors stay here: an address that is not registered is no place to send anyone."""
    if not query.get("client_id"):
        raise OAuthError("invalid_request", "AADB2C90008")
    if query["client_id"] != CLIENT_ID:
        raise OAuthError("unauthorized_client", "AADB2C90018")
    if not REDIRECT_URI.fullmatch(query.get("redirect_uri", "")):
        raise OAuthError("invalid_request", "AADB2C90006")


def check_request(query: Mapping[str, str]) -> None:
    if query.get("response_type") != "code":
        raise OAuthError("unsupported_response_type", "AADB2C90083")
    scopes = query.get("scope", "").split()
    if not scopes:
        raise OAuthError("invalid_request", "AADB2C90055")
    if not set(scopes) <= {*API_SCOPES, *SIGN_IN_SCOPES}:
        raise OAuthError("invalid_request", "AADB2C90117")
    if query.get("nonce") and "openid" not in scopes and switches.get("nonce_needs_openid"):
        raise OAuthError("invalid_request", "AADB2C90083")
    if "code_challenge" not in query and switches.get("require_pkce"):
        raise OAuthError("invalid_request", "AADB2C99059")
    if "code_challenge" in query and query.get("code_challenge_method") != "S256":
        raise OAuthError("invalid_request", "AADB2C90184")


def read_request(query: Mapping[str, str]) -> SignInRequest:
    names = ("redirect_uri", "scope", "state", "nonce", "code_challenge", "response_mode")
    return SignInRequest(*(query.get(name, "") for name in names))


def sign_in(request: HttpRequest, asked: SignInRequest) -> HttpResponse:
    person = Person.objects.filter(username=request.POST.get("person", "")).first()
    wrong = request.method == "POST" and (person is None or request.POST.get("password") != PASSWORD)
    if person is None or wrong:
        return render(request, "sandbox/sign_in.html", login_page(asked, wrong=wrong), status=200)
    granted = request.POST.getlist("grant") if "choose" in request.POST else asked.scope.split()
    return redirect_to(asked.url({"code": issue_code(person, asked, granted=granted)}))


def login_page(asked: SignInRequest, *, wrong: bool) -> dict[str, object]:
    api_scopes = [scope for scope in asked.scope.split() if scope in API_SCOPES]
    return {
        "people": Person.objects.prefetch_related("customers"),
        "scopes": [(scope, scope.removeprefix(SCOPE_PREFIX)) for scope in api_scopes],
        "host": asked.redirect_uri.split("/oauth/")[0],
        "password": PASSWORD,
        "wrong": wrong,
    }


def issue_code(person: Person, asked: SignInRequest, *, granted: list[str]) -> str:
    """The person may grant less than was asked; sign-in scopes are always granted."""
    scopes = [scope for scope in asked.scope.split() if scope in SIGN_IN_SCOPES or scope in granted]
    code = secrets.token_urlsafe(48)
    with write_transaction():
        AuthorizationCode.objects.create(
            code=code,
            person=person,
            redirect_uri=asked.redirect_uri,
            scope=" ".join(scopes),
            nonce=asked.nonce,
            code_challenge=asked.code_challenge,
            expires_at=clock.now() + CODE_LIFE,
        )
    return code


def redirect_to(url: str) -> HttpResponse:
    return HttpResponse(status=302, headers={"Location": url})
