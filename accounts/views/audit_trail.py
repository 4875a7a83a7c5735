"""Admins: what was done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import admins_only
from accounts.db.paging import keyset
from accounts.models import AuditEvent, User
from accounts.trail import audit
from accounts.web.http import Request
from accounts.web.params import int_param

PAGE = 100


@require_GET
@admins_only
def audit_trail(request: Request) -> HttpResponse:
    events = AuditEvent.objects.visible_to(request.user).select_related("customer")
    if actor := int_param(request.GET.get("actor")):
        events = events.filter(actor_id=actor)
    page = keyset(events, before=request.GET.get("before"), size=PAGE)
    context = {
        "events": [(event, audit.describe_changes(event)) for event in page.rows],
        "page": page,
        "people": User.objects.reached_by(request.user).order_by("name"),
        "actor": actor,
    }
    return render(request, "settings/audit.html", context)
