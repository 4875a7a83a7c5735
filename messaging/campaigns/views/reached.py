"""A campaign by its address, for whoever may see it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from accounts.htmx import redirect_htmx, wants_fragment
from accounts.http import Request
from messaging.campaigns.models import Campaign


def reached_campaign(request: Request, pk: int) -> Campaign:
    """With all that its pages say of it. A stranger gets 404."""
    rows = Campaign.objects.visible_to(request.user)
    rows = rows.select_related("customer", "group", "people_list", "service", "template", "created_by")
    rows = rows.select_related("connection__user")
    return get_object_or_404(rows, pk=pk)


def to_campaign(request: Request, pk: int) -> HttpResponse:
    """To its page, also from a form in a dialog, into which htmx would put the page."""
    if wants_fragment(request):
        return redirect_htmx(reverse("campaigns:campaign", args=[pk]))
    return redirect("campaigns:campaign", pk)
