"""Sign in with SmartDialog: away to its sign-in service, and back."""

import logging
from threading import BoundedSemaphore

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.sign_in import limits, sessions
from accounts.sign_in.client_address import client_address, client_site
from accounts.sign_in.limits import Limit, TooManyTries
from accounts.sign_in.password_sign_in import record_failure
from accounts.sign_in.redirects import next_path
from accounts.trail import audit
from gateway.models import Connection
from gateway.sign_in import oauth, signing_in
from gateway.sign_in.identity import identity_of
from gateway.sign_in.oauth import SignInFailed
from gateway.sign_in.sign_in_faults import (
    CANCELLED,
    CLOCK,
    FORGOT_PASSWORD,
    LASTING,
    NOBODY_NAMED,
    NOT_OURS,
    WORDS,
    mending_line,
)
from gateway.sign_in.signing_in import Deactivated, PendingSignIn, UnknownState
from gateway.smartdialog import directory
from gateway.smartdialog.errors import GatewayError, UnexpectedResponse

TOLD = Limit("refused sign-ins from an address in the audit trail", 10, 15 * 60)
STARTS = Limit("sign-ins begun from an address", 100, 10 * 60)

# Of the threads that serve pages: each may wait for the sign-in service as long as that takes.
EXCHANGES_AT_ONCE, PATIENCE = 6, 2.0  # seconds until one is free
_exchanges = BoundedSemaphore(EXCHANGES_AT_ONCE)

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
    wanted = next_path(request.POST.get("next"))
    return redirect(signing_in.begin(request.session, next_path=wanted, join=join))


@login_not_required
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    try:
        begun = signing_in.take_pending(request.session, request.GET.get("state", ""))
    except UnknownState:
        return _problem(request, "stale", status=400)
    if not request.GET.get("code"):
        error = request.GET.get("error", "")
        failure = oauth.failed(error, request.GET.get("error_description", "")[:4000])
        kind = _kind(failure, error)
        _record(request, kind)
        return _problem(request, kind, failure, begun)
    if not _exchanges.acquire(timeout=PATIENCE):
        return _problem(request, "unreachable", None, begun, status=503)
    try:
        return _exchange(request, begun)
    finally:
        _exchanges.release()


def _exchange(request: HttpRequest, begun: PendingSignIn) -> HttpResponse:
    try:
        tokens = oauth.exchange_code(request.GET["code"], verifier=begun["verifier"])
        identity = identity_of(tokens, nonce=begun["nonce"])
        user = signing_in.get_or_create_user(identity, tokens, signed_in=_joining(request, begun))
    except SignInFailed as failure:
        log.warning("sign-in failed: %s %s %s", failure.code, failure, failure.reference)
        _record(request, _kind(failure))
        return _problem(request, _kind(failure), failure, begun, status=400)
    except GatewayError as error:
        log.warning("sign-in failed: %s", error)
        kind = "unreadable" if isinstance(error, UnexpectedResponse) else "unreachable"
        return _problem(request, kind, None, begun, status=503)
    except Deactivated as error:
        record_failure(request, error.user, was_last=False, what="deactivated")
        return _problem(request, "deactivated", status=403)
    sessions.begin(request, user)
    connection = Connection.objects.get(user=user)
    directory.enqueue_customers_read(connection)
    if not tokens.refresh_token:
        messages.warning(request, _short_stay(connection, is_admin=user.is_admin))
    if user.is_approved:
        messages.success(request, f"You are signed in as {user}.")
        return redirect(next_path(begun["next"]))
    return redirect("accounts:waiting")


def _record(request: HttpRequest, kind: str) -> None:
    """Whose sign-in it was to be, nobody said. Anybody can come here: of an address a few are kept."""
    try:
        limits.take([TOLD.of(client_site(request))])
    except TooManyTries:
        return
    told = {"address": client_address(request), "with": "SmartDialog", "wrong": kind}
    audit.record(actor=None, customer=None, verb="sign_in.failed", subject="sign-in", after=told)


def _short_stay(connection: Connection, *, is_admin: bool) -> str:
    """What it means that there is no refresh token."""
    until = date_format(timezone.localtime(connection.expires_at), "H:i")
    words = (
        f"SmartDialog lets you stay signed in until {until} only. What waits then is kept until you sign in "
        "again."
    )
    return f"{words} {_LASTING}" if is_admin else words


_LASTING = (
    "To stay signed in for longer, SMARTDIALOG_SCOPES needs offline_access, and Arena has to allow it for "
    "this dashboard."
)


def _kind(failure: SignInFailed, error: str = "") -> str:
    """Which page it is: by whose doing it is, and whether to try again can help."""
    if failure.code == FORGOT_PASSWORD:
        return "forgot"
    if failure.code in {CANCELLED, "access_denied"} and error == "access_denied":
        return "cancelled"
    if failure.code in {NOBODY_NAMED, CLOCK}:
        return failure.code
    if failure.setting:
        return "setting"
    if failure.code == NOT_OURS:
        return failure.code
    return "lasting" if error in LASTING else "refused"


def _signed_in(request: HttpRequest) -> User | None:
    """Not somebody whose second factor is still to be set up: they decide nothing about their account yet."""
    if request.session.get(sessions.NEEDS_FACTOR):
        return None
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
    setting = failure.setting if failure else ""
    context = {
        "kind": kind,
        "failure": failure,
        "next": next_path(begun["next"] if begun else None),
        "words": WORDS.get(setting, ""),
        "line": (failure.line if failure else "") or (mending_line(setting) if setting else ""),
        "text": text,
        "callback_url": oauth.callback_url() if setting == "PUBLIC_URL" else "",
    }
    return render(request, "accounts/sign_in_problem.html", context, status=status)
