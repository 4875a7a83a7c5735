"""Whether a campaign comes again, and when: what is written is shown as its next five times, then kept."""

from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.access import viewable_form
from accounts.web.http import Request
from contacts.segments.syntax import SegmentError
from messaging.campaigns.audiences import birthdays
from messaging.campaigns.composing.recurrence_form import PREVIEWED, RecurrenceForm, initial_of
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.composing.unfinished import lacks
from messaging.campaigns.dispatch import recurring
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState, Recurrence
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.reached import reached_campaign

PAGE = "campaigns/repeats.html"
NOT_AGREED = "Schedule it first: nobody has agreed yet to what it says now, and to whom."


@viewable_form
def repeats(request: Request, pk: int) -> HttpResponse:
    campaign = reached_campaign(request, pk)
    if request.POST.get("action") == "end":
        return _end(request, campaign)
    kept = Recurrence.objects.filter(campaign=campaign).select_related("latest", "by", "campaign").first()
    try:
        words = _unfinished(campaign)
        if words and not (kept and request.method != "POST"):
            return _refuse(request, campaign, words)
        return _page(request, campaign, kept, may_change=not words)
    except SegmentError as error:
        return _refuse(request, campaign, error.text)
    except CampaignChanged as error:
        return _refuse(request, campaign, error.text)


def _page(request: Request, campaign: Campaign, kept: Recurrence | None, *, may_change: bool) -> HttpResponse:
    form = RecurrenceForm(request.POST or None, campaign=campaign, initial=initial_of(campaign))
    shown = form.recurrence if form.is_bound and form.is_valid() else kept
    if shown:
        shown.latest = recurring.latest_of(campaign)
    people = _people(campaign)
    asks = typed_count.is_asked(campaign.customer, people)
    is_pressed = bool(shown and request.POST.get("action") == "keep" and not form.errors)
    if shown and is_pressed and (not asks or typed_count.is_typed(request, people)):
        return _keep(request, shown)
    context = {
        "people": people,
        "asks_to_type": asks,
        "is_wrong": typed_count.is_wrong(request, people),
        "campaign": campaign,
        "form": form,
        "kept": kept,
        "shown": shown,
        "may_change": may_change,
        "coming": Coming(shown) if shown else None,
    }
    return render(request, PAGE, context, status=422 if form.errors or is_pressed else 200)


def _people(campaign: Campaign) -> int:
    """Where an admin wants it typed: who may get it each time; of a day of each person's own all."""
    if CampaignRules.of(campaign.customer).typed_above is None:
        return 0
    if campaign.is_agreed:
        return campaign.people or 0
    return CampaignSummary(campaign, connection=None).people


@dataclass
class Coming:
    recurrence: Recurrence

    @cached_property
    def next_ones(self) -> list[object]:
        """Times, with how many people have their day then."""
        after = recurring.starts_after(self.recurrence)
        return list(birthdays.count(self.recurrence, islice(self.recurrence.occurrences(after), PREVIEWED)))

    @cached_property
    def unreadable(self) -> int:
        return birthdays.unreadable(self.recurrence)


def _keep(request: Request, shown: Recurrence) -> HttpResponse:
    campaign = shown.campaign
    if campaign.is_agreed:
        recurring.repeat(shown, by=request.user)
    elif request.POST.get("revision") != str(campaign.revision):
        raise CampaignChanged
    else:
        summary = CampaignSummary(campaign, connection=None)
        people, calls, parts = summary.people, summary.calls, summary.agreed_parts
        recurring.let_come(shown, people=people, calls=calls, parts=parts, by=request.user)
    messages.success(request, f"It comes again. {shown.words}.")
    return redirect("campaigns:repeats", campaign.pk)


def _unfinished(campaign: Campaign) -> str:
    """Why nobody can let it come: of a draft, what it lacks."""
    if campaign.is_agreed:
        return ""
    if campaign.state != CampaignState.DRAFT or not campaign.to:
        return NOT_AGREED
    words = lacks(campaign)
    return f"It is not finished. {words}" if words else ""


def _end(request: Request, campaign: Campaign) -> HttpResponse:
    if recurring.end(campaign, by=request.user):
        messages.success(request, "It comes no more. Those that are scheduled already stay.")
    return redirect("campaigns:repeats", campaign.pk)


def _refuse(request: Request, campaign: Campaign, words: str) -> HttpResponse:
    messages.info(request, words)
    return redirect("campaigns:campaign", campaign.pk)
