"""Asks whether the rest of a campaign, whose first have it, gets it now, with which text, or none."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse

from accounts.access import viewable_form
from accounts.web.htmx import page_or_dialog
from accounts.web.http import Request
from accounts.wording.quantities import counted
from gateway.sign_in.connections import NotConnected
from messaging.campaigns.composing import rest_words
from messaging.campaigns.dispatch import course, stages
from messaging.campaigns.dispatch.stages import RestDecided
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome import text_trial
from messaging.campaigns.outcome.text_trial import TextResult, Verdict
from messaging.campaigns.views.reached import reached_campaign, to_campaign


class RestForm(forms.Form):
    winner = forms.TypedChoiceField(
        coerce=int,
        widget=forms.RadioSelect,
        label="With which text",
        error_messages={"required": "Choose a text."},
    )

    def __init__(self, data: Any = None, *, found: list[TextResult], verdict: Verdict | None) -> None:
        super().__init__(data, initial={"winner": verdict.winner if verdict else 0})
        if len(found) == 1:
            del self.fields["winner"]
            return
        choices = [(each.number, f"{each.letter}: {each.says or 'nothing written'}") for each in found]
        self.fields["winner"].choices = choices  # type: ignore[attr-defined]


@viewable_form
def rest(request: Request, pk: int) -> HttpResponse:
    """Send it to the rest now."""
    campaign = reached_campaign(request, pk)
    if not campaign.is_waiting_for_rest:
        return _decided(request, pk)
    found = text_trial.results(campaign)
    verdict = text_trial.verdict(campaign, found) if campaign.tries_texts else None
    form = RestForm(request.POST if request.method == "POST" else None, found=found, verdict=verdict)
    if request.method == "POST" and form.is_valid():
        try:
            stages.begin_rest(campaign, winner=form.cleaned_data.get("winner", 0), by=request.user)
        except (RestDecided, NotConnected) as error:
            messages.error(request, error.text)
        return to_campaign(request, pk)
    context = {
        "campaign": campaign,
        "form": form,
        "verdict": verdict,
        "number": stages.waiting(campaign).count(),
        "own_time": rest_words.own_time(campaign),
        "closed": course.closed_from_now(campaign, stages.waiting(campaign), is_rest=True),
    }
    title, status = f"Send {campaign} to the rest", 422 if form.errors else 200
    return page_or_dialog(request, "campaigns/_rest.html", context, title=title, status=status)


@viewable_form
def omission(request: Request, pk: int) -> HttpResponse:
    """Leave the rest out."""
    campaign = reached_campaign(request, pk)
    if not campaign.is_waiting_for_rest:
        return _decided(request, pk)
    if request.method == "POST":
        _leave_out(request, campaign)
        return to_campaign(request, pk)
    who = counted(stages.waiting(campaign).count(), "person", "people")
    context = {
        "title": f"Stop {campaign} here?",
        "text": f"{who} have not got it yet and will be skipped. You can still send it to them later.",
        "action": reverse("campaigns:rest_omission", args=[pk]),
        "verb": "Stop here",
        "back": reverse("campaigns:campaign", args=[pk]),
    }
    return page_or_dialog(request, "includes/_confirm.html", context, title=context["title"])


def _leave_out(request: Request, campaign: Campaign) -> None:
    try:
        number = stages.stop_here(campaign, by=request.user)
    except RestDecided as error:
        messages.error(request, error.text)
    else:
        messages.success(request, f"Stopped. {counted(number, 'person is', 'people are')} skipped.")


def _decided(request: Request, pk: int) -> HttpResponse:
    if request.method == "POST":
        messages.error(request, RestDecided.text)
    return to_campaign(request, pk)
