from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.access import writers_post
from accounts.sign_in.redirects import next_path
from accounts.web.http import Request
from gateway.models import Connection
from gateway.sign_in import connections


@require_GET
def meter(request: Request) -> HttpResponse:
    """The meter alone, which every page asks for again while it is open."""
    return render(request, "includes/_meter_refresh.html")


@writers_post
def pausing(request: Request) -> HttpResponse:
    """Pause or resume one's own connection."""
    connection: Connection = connections.for_user(request.user)
    (connections.pause if request.POST.get("pause") else connections.resume)(connection, by=request.user)
    return redirect(next_path(request.POST.get("next")))
