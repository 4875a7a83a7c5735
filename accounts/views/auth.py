"""Coming in and going out."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import login_redirect, sessions, unsent_forms
from accounts.access import approval_not_required
from accounts.http import Request
from accounts.redirects import next_path


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """With SmartDialog, or with a password for admins."""
    next_url = next_path(request, request.POST.get("next") or request.GET.get("next"))
    if request.user.is_authenticated and request.method != "POST":
        return redirect(next_url)
    form = AuthenticationForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        sessions.begin(request, form.get_user())
        return redirect(next_url)
    context = {"form": form, "next": next_url, "is_kept": unsent_forms.is_saved(request.session)}
    return render(request, "accounts/sign_in.html", context)


@require_POST
@approval_not_required
def sign_out(request: Request) -> HttpResponse:
    logout(request)
    response = render(request, "accounts/signed_out.html")
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
