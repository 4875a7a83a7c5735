"""Sign in with SmartDialog: away to its sign-in service, and back."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts import limits, sessions
from accounts.client_address import client_site
from accounts.limits import Limit, TooManyTries
from accounts.models import User
from accounts.redirects import next_path
from gateway import directory, oauth, signing_in
from gateway.errors import GatewayError
from gateway.models import Connection
from gateway.oauth import SignInFailed
from gateway.signing_in import Deactivated, PendingSignIn, UnknownState

STARTS = Limit("sign-ins begun from an address", 100, 10 * 60)

log = logging.getLogger(__name__)


@login_not_required
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """Away to SmartDialog. `join`: the account that its person wants to use with SmartDialog from now on."""
    try:
        limits.take([STARTS.of(client_site(request))])
    except TooManyTries as error:
        answer = _problem(request, "too_many", status=429, text=error.text)
        answer.headers["Retry-After"] = str(error.seconds)
        return answer
    user = _signed_in(request)
    join = user.pk if user and request.POST.get("join") == str(user.pk) else None
    if user is None:
        sessions.end_soon(request.session)
    wanted = next_path(request, request.POST.get("next"))
    return redirect(signing_in.begin(request.session, next_path=wanted, join=join))


@login_not_required
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    try:
        begun = signing_in.take_pending(request.session, request.GET.get("state", ""))
    except UnknownState:
        return _problem(request, "stale", status=400)
    if "code" not in request.GET:
        error = request.GET.get("error", "")
        failure = oauth.failed(error, request.GET.get("error_description", ""))
        return _problem(request, "cancelled" if error == "access_denied" else "refused", failure, begun)
    return _exchange(request, begun)


def _exchange(request: HttpRequest, begun: PendingSignIn) -> HttpResponse:
    try:
        tokens = oauth.exchange_code(request.GET["code"], verifier=begun["verifier"])
        identity = signing_in.identity_of(tokens, nonce=begun["nonce"])
        user = signing_in.get_or_create_user(identity, tokens, signed_in=_joining(request, begun))
    except SignInFailed as failure:
        log.warning("sign-in failed: %s %s %s", failure.code, failure, failure.reference)
        kind = "nobody" if failure.code == "no-identity" else "refused"
        return _problem(request, kind, failure, begun, status=400)
    except GatewayError as error:
        log.warning("sign-in failed: %s", error)
        return _problem(request, "unreachable", None, begun, status=503)
    except Deactivated:
        return _problem(request, "deactivated", status=403)
    sessions.begin(request, user)
    directory.enqueue_customers_read(Connection.objects.get(user=user))
    if user.is_approved:
        messages.success(request, f"You are signed in as {user}.")
        return redirect(next_path(request, begun["next"]))
    return redirect("accounts:waiting")


def _signed_in(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _joining(request: HttpRequest, begun: PendingSignIn) -> User | None:
    """Who said that this identity is theirs, and is still signed in here."""
    user = _signed_in(request)
    return user if user and begun.get("join") == user.pk else None


def _problem(
    request: HttpRequest,
    kind: str,
    failure: SignInFailed | None = None,
    begun: PendingSignIn | None = None,
    *,
    status: int = 200,
    text: str = "",
) -> HttpResponse:
    """Why it did not work, and the way to try again, which leads to the same page in the end."""
    wanted = next_path(request, begun["next"] if begun else None)
    context = {"kind": kind, "failure": failure, "next": wanted, "text": text}
    return render(request, "accounts/sign_in_problem.html", context, status=status)
