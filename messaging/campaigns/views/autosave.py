"""What is being written is kept without being asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import writers_post
from accounts.web.http import Request
from accounts.web.params import uuid_param
from messaging.campaigns.composing.forms import CampaignForm
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.views.compose_page import ComposePage

FRAGMENT = "campaigns/_saved.html"


@writers_post
def autosave(request: Request) -> HttpResponse:
    """Of the open page's form; a page for a new campaign becomes that of its draft."""
    reached = Campaign.objects.visible_to(request.user).select_related("customer")
    campaign = reached.filter(uuid=uuid_param(request.POST.get("uuid"))).first()
    customer = campaign.customer if campaign else request.customer
    if customer is None or (campaign is None and not _is_begun(request)):
        return HttpResponse()
    if campaign and campaign.state != CampaignState.DRAFT:
        return render(request, FRAGMENT, {"campaign": campaign})
    form = CampaignForm(request.POST, customer=customer)
    try:
        saved = ComposePage.posted(request, form, campaign).keep_so_far()
    except CampaignChanged:
        return render(request, FRAGMENT, {"campaign": campaign, "has_changed": True})
    response = render(request, FRAGMENT, {"campaign": saved, "is_saved": True, "form": form})
    response["HX-Replace-Url"] = reverse("campaigns:edit", args=[saved.pk])
    return response


def _is_begun(request: Request) -> bool:
    """Whether there is anything to keep of a new one: choosing alone makes no draft."""
    return any(request.POST.get(name, "").strip() for name in ("name", "content", "template"))
