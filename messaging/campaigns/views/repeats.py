"""Whether a campaign comes again, and when: what is written is shown as its next five times, then kept."""

from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import writers_only_post
from accounts.http import Request
from messaging.campaigns.composing.recurrence_form import PREVIEWED, RecurrenceForm, initial_of
from messaging.campaigns.dispatch import recurring
from messaging.campaigns.models import Campaign, Recurrence
from messaging.campaigns.views.reached import reached_campaign

PAGE = "campaigns/repeats.html"


@require_http_methods(["GET", "HEAD", "POST"])
@writers_only_post
def repeats(request: Request, pk: int) -> HttpResponse:
    campaign = reached_campaign(request, pk)
    if request.POST.get("action") == "end":
        return _end(request, campaign)
    kept = Recurrence.objects.filter(campaign=campaign).select_related("latest", "by").first()
    if not (campaign.is_agreed or (kept and request.method != "POST")):
        return _refuse(request, campaign)
    form = RecurrenceForm(request.POST or None, campaign=campaign, initial=initial_of(campaign))
    shown = form.recurrence if form.is_bound and form.is_valid() else kept
    if shown:
        shown.latest = recurring.latest_of(campaign)
    if shown and request.POST.get("action") == "keep" and not form.errors:
        recurring.repeat(shown, by=request.user)
        messages.success(request, f"It comes again. {shown.words}.")
        return redirect("campaigns:repeats", pk)
    next_ones = list(islice(shown.occurrences(recurring.starts_after(shown)), PREVIEWED)) if shown else []
    context = {"campaign": campaign, "form": form, "kept": kept, "shown": shown, "next_ones": next_ones}
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _end(request: Request, campaign: Campaign) -> HttpResponse:
    if recurring.end(campaign, by=request.user):
        messages.success(request, "It comes no more. Those that are scheduled already stay.")
    return redirect("campaigns:repeats", campaign.pk)


def _refuse(request: Request, campaign: Campaign) -> HttpResponse:
    messages.info(request, "Schedule it first: nobody has agreed yet to what it says now, and to whom.")
    return redirect("campaigns:campaign", campaign.pk)
