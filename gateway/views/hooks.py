"""Where SmartDialog calls us: stored in one insert before anything is read, then answered."""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gateway.hooks import subscriptions
from gateway.models import HookEvent, HookKind
from gateway.nudge import nudge
from gateway.tasks import process_event

LARGEST = 256 * 1024  # bytes


@login_not_required
@csrf_exempt
@require_http_methods(["POST"])
def inbound(request: HttpRequest, secret: str) -> HttpResponse:
    """A new message. 413 when over 256 KB, 503 when it could not be stored: the platform tries again."""
    if int(request.headers.get("Content-Length") or 0) > LARGEST:
        return HttpResponse(status=413)
    body = request.read(LARGEST + 1)
    if len(body) > LARGEST:
        return HttpResponse(status=413)
    return _store(secret, HookKind.INBOUND, body=body)


@login_not_required
@require_http_methods(["GET", "HEAD"])
def delivery(request: HttpRequest, secret: str) -> HttpResponse:
    """A delivery report, which the platform makes as a GET. HEAD changes nothing."""
    if request.method == "HEAD":
        return HttpResponse()
    return _store(secret, HookKind.DELIVERY, query=request.META.get("QUERY_STRING", ""))


def _store(secret: str, kind: HookKind, *, body: bytes = b"", query: str = "") -> HttpResponse:
    try:
        with transaction.atomic():
            subscription = subscriptions.find(secret, kind)
            if subscription is None:
                raise Http404
            event = HookEvent.objects.create(subscription=subscription, body=body, query=_printable(query))
            nudge(process_event, event.pk)
    except DatabaseError:
        return HttpResponse(status=503)
    return HttpResponse("ok", content_type="text/plain")


def _printable(query: str) -> str:
    """A query string is ASCII; what is not is kept readable and storable."""
    return query.encode("ascii", "backslashreplace").decode().replace("\x00", "%00")[:20_000]
