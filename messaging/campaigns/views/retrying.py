"""Asks whether refused calls of a campaign are made again: to how many people, and when that would be."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse

from accounts.access import viewable_form
from accounts.web.htmx import page_or_dialog
from accounts.web.http import Request
from accounts.wording.quantities import counted
from gateway import outbox
from gateway.models import Lane
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import course
from messaging.campaigns.models import Campaign, RecipientQuerySet, ResendRequest, late_since
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.reached import reached_campaign, to_campaign

ASKED_AGAIN = "They are so many that a second person approves it first."


@viewable_form
def retries(request: Request, pk: int) -> HttpResponse:
    """Of as many people as were seen and, where they are many, once their number is typed."""
    found = reached_campaign(request, pk)
    refused = lifecycle.refused_people(found)
    people = refused.count()
    asks = typed_count.is_asked(found.customer, people)
    is_as_seen = request.POST.get("people") == str(people)  # others may have been refused since
    if request.method == "POST" and is_as_seen and not (asks and not typed_count.is_typed(request, people)):
        _retry(request, found)
        return to_campaign(request, pk)
    calls = outbox.progress_of(found.batch).failed
    context = {
        "campaign": found,
        "people": people,
        "calls": calls,
        "asks": asks,
        "is_wrong": is_as_seen and typed_count.is_wrong(request, people),
        "has_changed": request.method == "POST" and not is_as_seen,
        **_when(found, refused, calls),
    }
    title, status = f"Retry what failed of {found}", 422 if request.method == "POST" else 200
    return page_or_dialog(request, "campaigns/_retrying.html", context, title=title, status=status)


def _when(campaign: Campaign, refused: RecipientQuerySet, calls: int) -> dict[str, object]:
    connection = campaign.connection
    return {
        "done_at": outbox.eta(connection, calls=calls, lane=Lane.CAMPAIGN) if connection else None,
        "was_due": _hour_gone(campaign),
        "closed": course.closed_from_now(campaign, refused),
    }


def _hour_gone(campaign: Campaign) -> datetime | None:
    """When people were to have it, where that is long past; where each has a time of their own, none is."""
    at = None if campaign.own_time else campaign.goes_at
    return at if at and at < late_since() else None


def _retry(request: Request, campaign: Campaign) -> None:
    number = lifecycle.retry_failed(campaign, by=request.user)
    if ResendRequest.objects.standing().filter(campaign=campaign).exists():
        messages.info(request, ASKED_AGAIN)
    elif number:
        messages.success(request, f"{counted(number, 'failed call')} will be tried again.")
    else:
        messages.info(request, "No failed call is left to try again.")
