"""Two-step sign-in: set up, recovery codes, switched off."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.access import factor_not_required
from accounts.forms import CodeForm, PresentPasswordForm
from accounts.sign_in import limits, reauthentication, second_factor, sessions
from accounts.sign_in.limits import TooManyTries
from accounts.views.auth import WRONG_CODE
from accounts.web.http import Request

WRONG_PASSWORD = "That is not your password. Nothing has changed."  # noqa: S105  words
SETUP, CODES, REMOVAL = (
    f"accounts/{name}.html" for name in ("second_factor", "recovery_codes", "second_factor_removal")
)


@factor_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: Request) -> HttpResponse:
    """Scan a secret with an app, and show that it was; then the recovery codes, once."""
    if second_factor.is_on(request.user):
        return redirect("accounts:security")
    form = CodeForm(request.POST or None)
    form.fields["code"].help_text = "The 6 digits that the app shows now."
    context = {"form": form, "has_password": request.user.has_password}
    context |= second_factor.offer(request.session, request.user)
    if request.method == "POST" and form.is_valid() and context["has_password"]:
        try:
            count = reauthentication.take_try(request.user)
        except TooManyTries as error:
            return reauthentication.refused(request, SETUP, context, error)
        if codes := second_factor.confirm(request.session, request.user, form.cleaned_data["code"]):
            limits.forget(count)
            request.session.pop(sessions.NEEDS_FACTOR, None)
            sessions.end(request.user, but=request.session.session_key)
            return render(request, CODES, {"codes": codes})
        form.add_error("code", WRONG_CODE)
    return render(request, SETUP, context)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def removal(request: Request) -> HttpResponse:
    """Switch it off, after the password was asked for again."""
    refusal = _refused_without_password(request, REMOVAL)
    if refusal is not None:
        return refusal
    second_factor.switch_off(request.user, by=request.user)
    messages.success(request, "Two-step sign-in is off.")
    return redirect("accounts:security")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def recovery_codes(request: Request) -> HttpResponse:
    """New ones in place of the former, after the password was asked for again."""
    refusal = _refused_without_password(request, CODES)
    if refusal is not None:
        return refusal
    if not second_factor.is_on(request.user):
        return redirect("accounts:security")
    return render(request, CODES, {"codes": second_factor.renew_recovery_codes(request.user)})


def _refused_without_password(request: Request, template: str) -> HttpResponse | None:
    """The page that asks for the password; None once it was right."""
    form = PresentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            count = reauthentication.take_try(request.user)
        except TooManyTries as error:
            return reauthentication.refused(request, template, {"form": form}, error)
        if request.user.check_password(form.cleaned_data["password"]):
            limits.forget(count)
            return None
        form.add_error("password", WRONG_PASSWORD)
    return render(request, template, {"form": form})
