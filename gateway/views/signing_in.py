"""Sign in with SmartDialog: away to its sign-in service, and back."""

import logging

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.redirects import next_path
from gateway import directory, oauth, signing_in
from gateway.errors import GatewayError
from gateway.models import Connection
from gateway.oauth import SignInFailed
from gateway.signing_in import UnknownState

log = logging.getLogger(__name__)


@login_not_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    return redirect(signing_in.begin(request.session, next_path=next_path(request, request.POST.get("next"))))


@login_not_required
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    try:
        begun = signing_in.take_back(request.session, request.GET.get("state", ""))
    except UnknownState:
        return _problem(request, "stale", status=400)
    if "error" in request.GET:
        failure = oauth.failed(request.GET["error"], request.GET.get("error_description", ""))
        kind = "cancelled" if request.GET["error"] == "access_denied" else "refused"
        return _problem(request, kind, failure)
    return _exchange(request, begun)


def _exchange(request: HttpRequest, begun: dict[str, str]) -> HttpResponse:
    try:
        tokens = oauth.exchange_code(request.GET.get("code", ""), verifier=begun["verifier"])
        identity = signing_in.identity_of(tokens, nonce=begun["nonce"])
    except SignInFailed as failure:
        log.warning("sign-in failed: %s %s %s", failure.code, failure, failure.reference)
        return _problem(
            request, "nobody" if failure.code == "no-identity" else "refused", failure, status=400
        )
    except GatewayError as error:
        log.warning("sign-in failed: %s", error)
        return _problem(request, "unreachable", status=503)
    user = signing_in.welcome(identity, tokens, signed_in=_signed_in(request))
    if not user.is_active:
        return _problem(request, "deactivated", status=403)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    directory.ask_for_customers(Connection.objects.get(user=user))
    if user.is_approved:
        messages.success(request, f"You are signed in as {user}.")
        return redirect(next_path(request, begun["next"]))
    return redirect("accounts:waiting")


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _problem(
    request: HttpRequest, kind: str, failure: SignInFailed | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "accounts/sign_in_problem.html", {"kind": kind, "failure": failure}, status=status)
