"""Where SmartDialog calls us: stored in one insert before anything is read, then answered."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gateway.hooks.bodies import as_query, unpacked
from gateway.hooks.ingest import store
from gateway.models import HookKind

LARGEST = 256 * 1024  # bytes


@login_not_required
@csrf_exempt
@require_http_methods(["POST"])
def inbound(request: HttpRequest, secret: str) -> HttpResponse:
    """A new message. 413 when over 256 KB, 503 when it could not be stored: the platform tries again."""
    body = _body(request)
    return body if isinstance(body, HttpResponse) else _taken(secret, HookKind.INBOUND, body=body)


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest, secret: str) -> HttpResponse:
    """A delivery report: a GET, as the documents say, or a POST that says the rest in its body.

    HEAD changes nothing.
    """
    if request.method == "HEAD":
        return HttpResponse()
    body = _body(request) if request.method == "POST" else b""
    if isinstance(body, HttpResponse):
        return body
    query = _printable(request.META.get("QUERY_STRING", ""))
    if (said := as_query(body)) is not None:
        query, body = "&".join(filter(None, (query, said))), b""
    return _taken(secret, HookKind.DELIVERY, query=query, body=body)


def _body(request: HttpRequest) -> bytes | HttpResponse:
    """Unpacked; or why it is not taken."""
    promised = int(request.META.get("CONTENT_LENGTH") or 0)
    if promised > LARGEST:
        return HttpResponse(status=413)
    body = _stream(request).read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    if len(body) < promised:  # the caller went away in the middle of it
        return HttpResponse(status=400)
    return unpacked(body, request.headers.get("Content-Encoding", ""))


def _taken(secret: str, kind: HookKind, **event: Any) -> HttpResponse:
    try:
        if not store(secret, kind, **event):
            return HttpResponse(status=404)
    except Error:
        return HttpResponse(status=503)
    return HttpResponse("ok", content_type="text/plain")


def _stream(request: HttpRequest) -> Any:
    """Django reads nothing of a body without a Content-Length; one sent in chunks has an end of its own."""
    is_chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    return request.META["wsgi.input"] if is_chunked else request


def _printable(query: str) -> str:
    """A query string is ASCII; what is not is kept readable and storable."""
    return query.encode("ascii", "backslashreplace").decode().replace("\x00", "%00")[:20_000]
