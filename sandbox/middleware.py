from collections.abc import Callable
from ipaddress import ip_address

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

OWN_PAGES = ("none", "same-origin")


def loopback_only(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answer this machine only; two checks keep other sites' pages out of it."""

    def guarded(request: HttpRequest) -> HttpResponse:
        if not ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0").is_loopback:  # noqa: S104  not bound to
            return HttpResponseForbidden("The sandbox answers this machine only.")
        if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "none") not in OWN_PAGES:
            return HttpResponseForbidden("Another site's page may not act here.")
        request.get_host()
        return answer(request)

    return guarded
