"""What every request gets: a signed-in and approved person, their customer, their time zone, privacy."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from accounts.access import View
from accounts.models import User
from accounts.sign_in import login_redirect, sessions
from accounts.web.http import AnyRequest


class SessionLifetimeMiddleware(MiddlewareMixin):
    """Ends sessions past their absolute or idle timeout, and notes that a person, not a page, uses one."""

    def process_request(self, request: AnyRequest) -> None:
        if not isinstance(request.user, User):
            return
        if sessions.is_expired(request.session):
            logout(request)
        elif _is_user_activity(request):
            sessions.touch(request.session)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        user = getattr(request, "user", None)
        if isinstance(user, User):
            sessions.remember_user(request, response, user)
        return response


class SignInMiddleware(LoginRequiredMiddleware):
    """Every view needs an approved person unless it says `login_not_required`."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        if not isinstance(request.user, User):
            return login_redirect.redirect_to_sign_in(request)
        if not request.user.is_approved and not getattr(view_func, "approval_not_required", False):
            return login_redirect.full_page_redirect(request, "accounts:waiting")
        if request.session.get(sessions.NEEDS_FACTOR) and not getattr(
            view_func, "factor_not_required", False
        ):
            return login_redirect.full_page_redirect(request, "accounts:second_factor")
        return None


class CustomerMiddleware(MiddlewareMixin):
    """`request.customers`: whom the person reaches; `request.customer`: the one they work for now."""

    def process_request(self, request: AnyRequest) -> None:
        request.customers, request.customer = [], None
        if isinstance(request.user, User):
            timezone.activate(ZoneInfo(request.user.time_zone))
            request.customers = request.user.know_customers()  # each view asks whom they reach
            chosen = request.session.get("customer")
            matching = [each for each in request.customers if each.pk == chosen] or request.customers
            request.customer = matching[0] if matching else None
        else:
            timezone.deactivate()


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """The content security policy, put together once: no page has scripts or styles of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._policy = "; ".join(
            f"{what} {where}" for what, where in settings.CONTENT_SECURITY_POLICY.items()
        )

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers["Content-Security-Policy"] = self._policy
        return response


class NoStoreMiddleware(MiddlewareMixin):
    """Pages about people are for one person and are kept nowhere; a page differs for htmx."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if not request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            response.headers.setdefault("Cache-Control", "private, no-store")
            patch_vary_headers(response, ["Cookie", "HX-Request"])
        return response


def _is_user_activity(request: AnyRequest) -> bool:
    """Open pages ask for parts of themselves, and for news, with nobody there."""
    return request.method == "POST" or not (request.htmx or login_redirect.is_event_stream(request))
