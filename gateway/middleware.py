"""What stands around every view: the short way for SmartDialog's calls, and the way to connect to it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.deprecation import MiddlewareMixin

from accounts.access import SAFE_METHODS
from accounts.sign_in import login_redirect
from gateway.sign_in.connections import NotConnected
from gateway.views.settings import healthz

HEALTH = "/healthz"
HOOKS_PREFIX = "/hooks/"


class HookMiddleware:
    """Answers SmartDialog's calls before sessions, people and forms are looked at: it has none of them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(HOOKS_PREFIX):
            return self.get_response(request)
        path = request.path_info
        try:  # some take the last slash off an address
            view, arguments, named = resolve(path if path.endswith("/") else f"{path}/")
        except Resolver404:
            return HttpResponse(status=404)
        return view(request, *arguments, **named)


class HealthMiddleware(MiddlewareMixin):
    """Answers a balancer, which asks each host by its own address and without https."""

    def process_request(self, request: HttpRequest) -> HttpResponseBase | None:
        is_asked = request.path_info == HEALTH and request.method in SAFE_METHODS
        return healthz(request) if is_asked else None


class NotConnectedMiddleware(MiddlewareMixin):
    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Where the view had no better words: to the page that connects."""
        if not isinstance(exception, NotConnected):
            return None
        messages.error(request, exception.text)
        return login_redirect.full_page_redirect(request, "accounts:connect")
