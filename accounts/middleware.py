"""What every request gets: a signed-in and approved person, their customer, their time zone, privacy."""

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, resolve_url
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import urlencode

from accounts.htmx import redirect_htmx


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs an approved person unless it says `login_not_required`."""

    def process_view(self, request, view_func, view_args, view_kwargs) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request)
        if not request.user.is_approved and not getattr(view_func, "open_to_waiting", False):
            return redirect("accounts:waiting")
        return None

    def _to_sign_in(self, request: HttpRequest) -> HttpResponseBase:
        sign_in = resolve_url("accounts:sign_in")
        if getattr(request, "htmx", None):
            came_from = urlsplit(request.htmx.current_url or "").path or "/"
            return redirect_htmx(f"{sign_in}?{urlencode({'next': came_from})}")
        if "text/event-stream" in request.headers.get("Accept", ""):
            return HttpResponse(status=401)
        came_from = request.get_full_path() if request.method == "GET" else request.path
        return redirect(f"{sign_in}?{urlencode({'next': came_from})}")


class CustomerMiddleware(MiddlewareMixin):
    """`request.customers`: whom the person reaches; `request.customer`: the one they work for now."""

    def process_request(self, request: HttpRequest) -> None:
        request.customers, request.customer = [], None
        if request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
            request.customers = list(request.user.customers.all())
            chosen = request.session.get("customer")
            matching = [each for each in request.customers if each.pk == chosen] or request.customers
            request.customer = matching[0] if matching else None
        else:
            timezone.deactivate()


class PrivacyMiddleware(MiddlewareMixin):
    """Pages about people are for one person and are kept nowhere; a page differs for htmx."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
            response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response
