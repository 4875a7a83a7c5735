"""Coming in and going out."""

from http import HTTPStatus
from typing import TypeVar

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import approval_not_required, factor_not_required
from accounts.forms import CodeForm, PasswordSignInForm
from accounts.models import User
from accounts.sign_in import code_sign_in, login_redirect, password_sign_in, sessions, unsent_forms
from accounts.sign_in.limits import TooManyTries
from accounts.sign_in.redirects import next_path
from accounts.trail import audit
from accounts.web.http import Request

FormT = TypeVar("FormT", bound=Form)

WRONG = "The username or the password is not right. Nothing has changed."
WRONG_CODE = "That code is not right, is too old, or was used already. Wait for the next one."
SWITCHED_OFF = "Signing in with a password is switched off here. Sign in with SmartDialog."


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With SmartDialog, or with a password for admins."""
    next_url = next_path(request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        return redirect(next_url) if request.user.is_authenticated else _page(request, next_url)
    form = PasswordSignInForm(request.POST)
    if not password_sign_in.is_offered():
        form.add_error(None, SWITCHED_OFF)
        return _page(request, next_url, form, status=HTTPStatus.FORBIDDEN)
    if not form.is_valid():
        return _page(request, next_url, form)
    try:
        user = password_sign_in.check(request, **form.cleaned_data)
    except TooManyTries as error:
        return _too_many(error, _page(request, next_url, _with(form, error.text), status=429))
    if user is None:
        return _page(request, next_url, _with(form, WRONG))
    return _go_on(request, user, next_url)


@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor, after a password that was right."""
    waiting = code_sign_in.waiting(request.session)
    if waiting is None:
        return redirect("accounts:sign_in")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if code_sign_in.check(request, waiting.user, form.cleaned_data["code"]):
                sessions.begin(request, waiting.user, how="password and code")
                return redirect(next_path(waiting.next))
        except TooManyTries as error:
            page = render(request, "accounts/code.html", {"form": _with(form, error.text)}, status=429)
            return _too_many(error, page)
        form.add_error("code", WRONG_CODE)
    return render(request, "accounts/code.html", {"form": form})


@require_POST
@approval_not_required
@factor_not_required
def sign_out(request: Request) -> HttpResponse:
    """Here, or, with `everywhere`, in every browser."""
    user, everywhere = request.user, bool(request.POST.get("everywhere"))
    if everywhere:
        audit.record(
            actor=user,
            customer=None,
            verb="person.signed_out",
            subject=user,
            after={"sessions": sessions.end(user)},
        )
    logout(request)
    response = render(request, "accounts/signed_out.html", {"everywhere": everywhere})
    sessions.forget_user(response)
    return response


@approval_not_required
def waiting(request: Request) -> HttpResponse:
    """Signed in, and waiting for an admin."""
    if request.user.is_approved:
        return redirect("overview")
    return render(request, "accounts/awaiting_approval.html")


@require_http_methods(["GET", "HEAD", "POST"])
def unsent_form(request: Request) -> HttpResponse:
    """What one typed into a form that could not be taken: to be sent again, or thrown away."""
    if request.method == "POST":
        unsent_forms.discard(request.session)
        return redirect("overview")
    form = unsent_forms.load(request.session, request.user.pk)
    return (
        render(request, "accounts/unsent_form.html", {"unsent_form": form}) if form else redirect("overview")
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A stale token, since somebody signed in meanwhile in another tab, or another site's doing.

    A browser says which: what was typed on a page of ours is kept, and what another site sent is not.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and login_redirect.save_unsent_form(request):
        return login_redirect.full_page_redirect(request, "accounts:typed")
    context = {"unsent_form": unsent_forms.fields_of(request.POST) if ours else []}
    return render(request, "403_csrf.html", context, status=403)


def _go_on(request: HttpRequest, user: User, next_url: str) -> HttpResponse:
    """To the code where there is one, else in."""
    if code_sign_in.is_needed(user):
        code_sign_in.begin(request.session, user, next_url)
        return redirect("accounts:code")
    sessions.begin(request, user, how="password")
    if code_sign_in.must_set_up(user):
        request.session[sessions.NEEDS_FACTOR] = True
    return redirect(next_url)


def _page(
    request: HttpRequest, next_url: str, form: PasswordSignInForm | None = None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form or PasswordSignInForm(),
        "next": next_url,
        "is_kept": unsent_forms.is_saved(request.session),
        "has_passwords": password_sign_in.is_offered(),
    }
    return render(request, "accounts/sign_in.html", context, status=status)


def _with(form: FormT, error: str) -> FormT:
    form.add_error(None, error)
    return form


def _too_many(error: TooManyTries, response: HttpResponse) -> HttpResponse:
    response.headers["Retry-After"] = str(error.seconds)
    return response
