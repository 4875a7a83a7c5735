"""How a person signs in: their open sessions and their password."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import PasswordChangeForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.sign_in import limits, reauthentication, second_factor, sessions
from accounts.sign_in.limits import TooManyTries
from accounts.trail import audit
from accounts.web import security_contact
from accounts.web.http import Request
from accounts.wording.quantities import counted


@require_safe
def security(request: Request) -> HttpResponse:
    context = {
        "sessions": sessions.sessions_of(request.user, current=request.session.session_key),
        "has_password": request.user.has_password,
        "factor_is_on": second_factor.is_on(request.user),
        "recovery_codes": request.user.recovery_codes.count(),
    }
    return render(request, "accounts/security.html", context)


@require_POST
def end_sessions(request: Request) -> HttpResponse:
    """One, by its id, or all but this one."""
    user = request.user
    ended = sessions.end(user, only=request.POST.get("session", ""), but=request.session.session_key)
    if ended:
        told = {"sessions": ended}
        audit.record(actor=user, customer=None, verb="person.sessions_ended", subject=user, after=told)
        messages.success(request, f"{counted(ended, 'session')} ended. You are still signed in here.")
    else:
        messages.info(request, "That session is over already.")
    return redirect("accounts:security")


@sensitive_post_parameters("old_password", "new_password1", "new_password2")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: Request) -> HttpResponse:
    """A new password; every other session ends."""
    has_password = request.user.has_password
    form = PasswordChangeForm(request.user, request.POST or None)
    context = {"form": form, "has_password": has_password}
    if request.method == "POST" and has_password:
        try:
            count = reauthentication.take_try(request.user)
        except TooManyTries as error:
            context["form"] = PasswordChangeForm(request.user)
            return reauthentication.refused(request, "accounts/password.html", context, error)
        if form.is_valid():
            limits.forget(count)
            form.save()
            _end_others(request)
            messages.success(request, "Your password is changed. Every other session has ended.")
            return redirect("accounts:security")
    return render(request, "accounts/password.html", context)


@login_not_required
@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: whom to tell of a weakness."""
    text = security_contact.text()
    if not text:
        raise Http404
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _end_others(request: Request) -> None:
    user = request.user
    update_session_auth_hash(request, user)
    ended = sessions.end(user, but=request.session.session_key)
    told = {"sessions_ended": ended}
    audit.record(actor=user, customer=None, verb="person.password_changed", subject=user, after=told)
