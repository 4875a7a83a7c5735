"""A large audience is counted to the last person before it is sent to: how far that is, and the button."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from accounts.access import writers_form
from accounts.web.htmx import page_or_fragment
from accounts.web.http import Request
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import lifecycle
from messaging.campaigns.composing import counting
from messaging.campaigns.composing.summary import MANY, CampaignSummary
from messaging.campaigns.composing.unfinished import lacks
from messaging.campaigns.dispatch import agreed_segments
from messaging.campaigns.lifecycle import CampaignChanged, NeedsTime
from messaging.campaigns.models import AudienceCount, Campaign, CampaignRules, CampaignState
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.reached import reached_campaign

PAGE, FRAGMENT = "campaigns/count.html", "campaigns/_count.html"
HOUR_GONE = "Its time has gone by. Nothing was sent. Choose a new one."
COUNTED = [CampaignState.DRAFT, CampaignState.HELD]  # that are sent from here


@writers_form
def count(request: Request, pk: int) -> HttpResponse:
    campaign = reached_campaign(request, pk)
    if campaign.state not in COUNTED:
        return redirect("campaigns:campaign", pk)
    if request.method == "POST" and (words := _not_from_here(campaign)):
        messages.info(request, words)
        return redirect("campaigns:edit", pk)
    found = AudienceCount.objects.filter(campaign=campaign).first()
    if request.method == "POST" and request.POST.get("action") == "count":
        counting.begin(campaign)
        return redirect("campaigns:count", pk)
    if found is None:
        return redirect("campaigns:campaign", pk)
    if request.method == "POST" and _is_agreed(request, campaign, found):
        return _send(request, campaign, found)
    return _show(request, campaign, found)


def _not_from_here(campaign: Campaign) -> str:
    """Why it cannot be sent from its count: it was written on since it left the page that asks for all."""
    if campaign.state == CampaignState.HELD:
        return ""
    words = lacks(campaign)
    if not words and campaign.is_past_its_time:
        return HOUR_GONE
    return f"It is not finished. {words}" if words else ""


def _is_agreed(request: Request, campaign: Campaign, found: AudienceCount) -> bool:
    is_seen = request.POST.get("expected") == found.expected and _is_current(campaign, found)
    asks = typed_count.is_asked(campaign.customer, found.people)
    is_typed = not asks or typed_count.is_typed(request, found.people)
    without = not _leaves_many(found) or request.POST.get("without") == str(found.left_out_count)
    return bool(is_seen and found.people and is_typed and without)


def _is_current(campaign: Campaign, found: AudienceCount) -> bool:
    if not (found.finished_at and found.first is not None and found.revision == campaign.revision):
        return False
    return not agreed_segments.have_changed_after(campaign, found.finished_at)


def _may_be_late(request: Request) -> bool:
    """The person saw that it cannot all leave by its time."""
    return request.POST.get("not_kept") == "yes"


def _leaves_many(found: AudienceCount) -> bool:
    return found.left_out_count > (found.people + found.left_out_count) * MANY


def _send(request: Request, campaign: Campaign, found: AudienceCount) -> HttpResponse:
    seen: dict[str, Any] = {"people": found.people, "calls": found.calls, "parts": found.parts}
    seen["left_out"] = found.left_out_count
    try:
        if campaign.state == CampaignState.HELD:
            lifecycle.release(campaign, **seen, by=request.user)
        else:
            # Of times of people's own the page has an estimate.
            seen["keeps_time"] = not (campaign.own_time or _may_be_late(request))
            lifecycle.schedule(campaign, revision=found.revision, **seen, by=request.user)
    except (CampaignChanged, NeedsTime, NotConnected) as error:
        messages.error(request, error.text)
        return redirect("campaigns:count", campaign.pk)
    return redirect("campaigns:campaign", campaign.pk)


def _show(request: Request, campaign: Campaign, found: AudienceCount) -> HttpResponse:
    is_current = _is_current(campaign, found)
    rules = CampaignRules.of(campaign.customer)
    if campaign.state == CampaignState.HELD:
        campaign.send_at = None
    summary = CampaignSummary(campaign, connection=Connection.objects.of(request.user))
    summary.calls = found.calls
    context = {
        "campaign": campaign,
        "count": found,
        "is_current": is_current,
        "problem": "" if is_current else summary.reach_problem,
        "summary": summary,
        "is_past": campaign.is_past_its_time,
        "rest_follows": summary.rest_follows,
        "left_out": sorted(found.left_out.items(), key=lambda each: -each[1]),
        "leaves_many": _leaves_many(found),
        "send_time": summary.send_time,
        "asks_to_type": typed_count.is_asked(campaign.customer, found.people),
        "second_person": rules.about_second_person(found.people, request.user),
        "asks_second_person": rules.asks_second_person(found.people, request.user),
        "is_wrong": typed_count.is_wrong(request, found.people),
        "lacks_agreement": request.method == "POST",
    }
    return page_or_fragment(request, PAGE, FRAGMENT, context, status=422 if request.method == "POST" else 200)
