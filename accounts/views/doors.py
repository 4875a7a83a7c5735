"""Coming in and going out."""

from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.redirects import next_path


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With SmartDialog, or with a password for admins."""
    wanted = next_path(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(wanted)
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return redirect(wanted)
    return render(request, "accounts/sign_in.html", {"form": form, "next": wanted})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return render(request, "accounts/signed_out.html")


def waiting(request: HttpRequest) -> HttpResponse:
    """Signed in, and waiting for an admin."""
    if request.user.is_approved:
        return redirect("overview")
    return render(request, "accounts/waiting.html")


waiting.open_to_waiting = True  # type: ignore[attr-defined]
sign_out.open_to_waiting = True  # type: ignore[attr-defined]
