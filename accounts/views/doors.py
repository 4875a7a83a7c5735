"""Coming in and going out."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import asking, sessions, typed
from accounts.access import open_to_waiting
from accounts.http import Request
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
        sessions.begin(request, form.get_user())
        return redirect(wanted)
    context = {"form": form, "next": wanted, "is_kept": typed.is_kept(request.session)}
    return render(request, "accounts/sign_in.html", context)


@require_POST
@open_to_waiting
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    response = render(request, "accounts/signed_out.html")
    sessions.forget_person(response)
    return response


@open_to_waiting
def waiting(request: Request) -> HttpResponse:
    """Signed in, and waiting for an admin."""
    if request.user.is_approved:
        return redirect("overview")
    return render(request, "accounts/waiting.html")


@require_http_methods(["GET", "HEAD", "POST"])
def typed_before(request: Request) -> HttpResponse:
    """What one typed into a form that could not be taken: to be sent again, or thrown away."""
    if request.method == "POST":
        typed.forget(request.session)
        return redirect("overview")
    kept = typed.of(request.session, request.user.pk)
    return render(request, "accounts/typed.html", {"typed": kept}) if kept else redirect("overview")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """A stale token, since somebody signed in meanwhile in another tab, or another site's doing.

    A browser says which: what was typed on a page of ours is kept, and what another site sent is not.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    if ours and asking.keep_typed(request):
        return asking.sent_to(request, "accounts:typed")
    context = {"typed": typed.fields_of(request.POST) if ours else []}
    return render(request, "403_csrf.html", context, status=403)
