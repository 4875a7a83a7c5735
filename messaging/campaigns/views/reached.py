"""A campaign by its address, for whoever may see it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.web.htmx import redirect_htmx, wants_fragment
from accounts.web.http import Request
from messaging.campaigns.models import Campaign


def reached_campaign(request: Request, pk: int) -> Campaign:
    """With what all its pages say of it; what some do is asked for there. A stranger gets 404."""
    rows = Campaign.objects.visible_to(request.user)
    rows = rows.select_related("group", "service", "created_by", "resend_request")
    found = get_object_or_404(rows, pk=pk)
    found.customer = next(each for each in request.customers if each.pk == found.customer_id)
    return found


def to_campaign(request: Request, pk: int) -> HttpResponse:
    """To its page, also from a form in a dialog, into which htmx would put the page."""
    if wants_fragment(request):
        return redirect_htmx(reverse("campaigns:campaign", args=[pk]))
    return redirect("campaigns:campaign", pk)
