from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden


def loopback_only(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer this machine only; the Host check (ALLOWED_HOSTS) keeps other sites' pages out of it."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if not ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback:
            return HttpResponseForbidden("The sandbox answers this machine only.")
        request.get_host()
        return answer(request)

    return guarded
