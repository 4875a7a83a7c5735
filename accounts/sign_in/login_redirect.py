"""What somebody gets who has to sign in first: a page, a word to htmx, or a bare status."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils.http import urlencode
from django_htmx.middleware import HtmxDetails

from accounts.sign_in import sessions, unsent_forms
from accounts.web.htmx import redirect_htmx


def redirect_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page, which leads back to where they were, or to what they had typed."""
    if not HtmxDetails(request) and _is_api_or_fetch(request):
        return HttpResponse("Sign in first.", status=401, content_type="text/plain")
    back = resolve_url("accounts:typed") if save_unsent_form(request) else _return_path(request)
    return full_page_redirect(request, f"{resolve_url('accounts:sign_in')}?{urlencode({'next': back})}")


def full_page_redirect(request: HttpRequest, address: str) -> HttpResponseBase:
    """To another page as a whole, for htmx, too."""
    return redirect_htmx(resolve_url(address)) if HtmxDetails(request) else redirect(address)


def save_unsent_form(request: HttpRequest) -> bool:
    """Keep a form that cannot be taken now for who is, or was, signed in here; whether it is kept."""
    person = request.user.pk or sessions.last_user_id(request)
    return request.method == "POST" and person is not None and unsent_forms.save(request, person)


def is_event_stream(request: HttpRequest) -> bool:
    return "text/event-stream" in request.headers.get("Accept", "")


def _is_api_or_fetch(request: HttpRequest) -> bool:
    accept = request.headers.get("Accept", "*/*")
    fetched = request.headers.get("Sec-Fetch-Dest") == "empty"
    return fetched or not ("text/html" in accept or "*/*" in accept)


def _return_path(request: HttpRequest) -> str:
    """The page, of this site, that the person looked at."""
    htmx = HtmxDetails(request)
    if htmx:
        return htmx.current_url_abs_path or "/"
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    page = urlsplit(request.headers.get("Referer", ""))
    here = (request.scheme, request.get_host())
    return page._replace(scheme="", netloc="").geturl() if (page.scheme, page.netloc) == here else "/"
