"""Asks whether a campaign that is over is sent again, and to whom of those who did not get it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse

from accounts.access import viewable_form
from accounts.web.htmx import page_or_dialog
from accounts.web.http import Request
from accounts.wording.quantities import counted
from gateway.sign_in.connections import NotConnected
from messaging.campaigns.dispatch import course, resending
from messaging.campaigns.dispatch.resending import Missed, MissedPeople, StillUnderWay
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.reached import reached_campaign, to_campaign


class ResendForm(forms.Form):
    """`missed`: those who may be chosen, with how many."""

    whom = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label="To whom",
        error_messages={"required": "Choose to whom."},
    )

    def __init__(self, data: Any = None, *, missed: MissedPeople) -> None:
        found = {who: number for who, number in missed.counts.items() if number}
        super().__init__(data, initial={"whom": [who for who in found if who != Missed.UNCERTAIN]})
        choices = [
            (who, f"{counted(number, 'person', 'people')}: {who.label}") for who, number in found.items()
        ]
        self.fields["whom"].choices = choices  # type: ignore[attr-defined]


@viewable_form
def resending_page(request: Request, pk: int) -> HttpResponse:
    campaign = reached_campaign(request, pk)
    if not resending.is_possible(campaign):
        return to_campaign(request, pk)
    missed = resending.missed(campaign)
    form = ResendForm(request.POST or None, missed=missed)
    is_as_seen = request.POST.get("expected") == missed.expected
    asks, people = False, 0
    if request.method == "POST" and is_as_seen and form.is_valid():
        whom = [Missed(who) for who in form.cleaned_data["whom"]]
        people = sum(missed.counts[who] for who in whom)
        asks = typed_count.is_asked(campaign.customer, people) and not typed_count.is_typed(request, people)
        if not asks:
            _resend(request, campaign, whom, people)
            return to_campaign(request, pk)
    context = {
        "campaign": campaign,
        "form": form,
        "missed": missed,
        "closed": course.closed_from_now(campaign, resending.people_of(campaign, list(missed.counts))),
        "asks": asks,
        "people": people,
        "is_wrong": asks and typed_count.is_wrong(request, people),
        "has_changed": request.method == "POST" and not is_as_seen,
    }
    title, status = f"Send {campaign} again", 422 if form.errors or asks else 200
    return page_or_dialog(request, "campaigns/_resending.html", context, title=title, status=status)


def _resend(request: Request, campaign: Campaign, whom: list[Missed], people: int) -> None:
    try:
        number = resending.resend(campaign, whom, by=request.user, most=people)
    except (CampaignChanged, NotConnected, StillUnderWay) as error:
        messages.error(request, error.text)
    else:
        if not number:
            messages.info(request, "They are so many that a second person approves it first.")
            return
        messages.success(request, f"It is on its way to {counted(number, 'person', 'people')}.")
