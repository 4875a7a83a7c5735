"""Campaigns as a list, one campaign's result, and what can be decided about it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.access import viewable_form, writers_post
from accounts.db.paging import keyset
from accounts.web.htmx import page_or_dialog, page_or_fragment
from accounts.web.http import Request
from gateway import hook_urls, outbox
from gateway.models import Connection
from gateway.sign_in.connections import NotConnected
from messaging.campaigns import lifecycle
from messaging.campaigns.composing import counting
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.composing.when_form import ResumeForm
from messaging.campaigns.dispatch import agreed_segments, course, pausing, resending, taking_back
from messaging.campaigns.lifecycle import CampaignChanged, NeedsTime
from messaging.campaigns.models import (
    Campaign,
    CampaignState,
    Channel,
    RecipientState,
    ResendRequest,
    ResultSettings,
)
from messaging.campaigns.outcome import (
    history,
    month,
    people_rows,
    recipient_counts,
    responses,
    text_trial,
)
from messaging.campaigns.outcome.campaign_filter import CampaignFilter, authors
from messaging.campaigns.outcome.delivery_curve import kept_curve
from messaging.campaigns.outcome.delivery_stats import (
    stats_by_campaign,
    stats_from,
    stats_of,
    status_badge,
)
from messaging.campaigns.outcome.figures import figures
from messaging.campaigns.outcome.pace import pace_of
from messaging.campaigns.outcome.reached_people import PeopleFilter
from messaging.campaigns.outcome.reasons import FailureReason, in_words
from messaging.campaigns.outcome.receipt import receipt_of
from messaging.campaigns.views import typed_count
from messaging.campaigns.views.reached import reached_campaign, to_campaign

CAMPAIGNS, RECIPIENTS = 50, 100  # on one page
REASONS = 10
CANNOT_CALL_BACK = (
    "What has not left stays here and is not sent. What SmartDialog has already taken cannot be called back: "
    "those people get their message."
)
NOBODY = "Nobody in the group would get it now. Edit the campaign to choose others, or cancel it."


@require_safe
def listing(request: Request) -> HttpResponse:
    """Of the customer one works for, newest first; as many queries at any size."""
    asked = CampaignFilter.of(request.GET)
    own = Campaign.objects.visible_to(request.user).filter(customer=request.customer)
    found = asked.narrow(own)
    counts = found.by_shown_state()
    shown = asked.in_state(found).select_related("group", "template", "created_by", "recurrence")
    page = keyset(shown, before=request.GET.get("before"), size=CAMPAIGNS)
    stats = stats_by_campaign(page.rows)
    context = {
        "rows": [(each, stats[each.pk], status_badge(each, stats[each.pk])) for each in page.rows],
        "page": page,
        "asked": asked,
        "states": [(each, counts[each]) for each in CampaignState if each in counts],
        "repeats": found.filter(recurrence__next_at__isnull=False).count(),
        "total": sum(counts.values()),
        "has_any": bool(counts) or own.exists(),
        "channels": Channel.choices,
        "authors": authors(own),
    }
    return page_or_fragment(request, "campaigns/list.html", "campaigns/_list.html", context)


@require_safe
def calendar(request: Request) -> HttpResponse:
    """`?month=2026-12`; two queries for all of it."""
    first = month.parse_month(request.GET.get("month", ""))
    before, after = month.adjacent_months(first)
    weeks = month.weeks(request.customer, first)
    context = {"first": first, "before": before, "after": after, "weeks": weeks}
    return render(request, "campaigns/month.html", context)


@require_safe
def campaign(request: Request, pk: int) -> HttpResponse:
    found = reached_campaign(request, pk)
    if found.state == CampaignState.DRAFT and request.user.can_write:
        return redirect("campaigns:edit", pk)
    asked = PeopleFilter.from_query(request.GET)
    shown = people_rows.needed(asked.of(found))
    page = keyset(shown, before=request.GET.get("before"), size=RECIPIENTS)
    result = _result(found)
    context = result | {
        "page": page,
        "rows": people_rows.render_rows(found, page.rows, lack_reports=bool(result["stats"].unknown)),
        "asked": asked,
        "reason_asked": in_words(asked.reason),
        "state": asked.state,
    }
    return page_or_fragment(request, "campaigns/detail.html", "campaigns/_result.html", context)


@viewable_form
def cancellation(request: Request, pk: int) -> HttpResponse:
    found = reached_campaign(request, pk)
    if request.method != "POST":
        return _ask_to_cancel(request, found)
    try:
        lifecycle.cancel(found, by=request.user)
    except CampaignChanged:
        messages.info(request, "It is over already; there was nothing left to cancel.")
    else:
        messages.success(
            request, "Cancelled. What had not left stays here; what had left cannot be called back."
        )
    return redirect("campaigns:campaign", pk)


@writers_post
def pause(request: Request, pk: int) -> HttpResponse:
    if pausing.pause(reached_campaign(request, pk), by=request.user):
        messages.success(request, "Paused. Who has not got it yet waits until you let it go on.")
    return redirect("campaigns:campaign", pk)


@writers_post
def second_thoughts(request: Request, pk: int) -> HttpResponse:
    """Take it back, or with `longer` let it wait longer, before it begins."""
    found = reached_campaign(request, pk)
    is_longer = "longer" in request.POST
    decide = taking_back.wait_longer if is_longer else taking_back.take_back
    if not decide(found, by=request.user):
        messages.info(request, "It had begun already. You can still pause or cancel it.")
    return redirect("campaigns:campaign" if is_longer or not found.is_editable else "campaigns:edit", pk)


@viewable_form
def resumption(request: Request, pk: int) -> HttpResponse:
    """Ask whether a paused campaign goes on, now or at another time; with how many have not got it."""
    found = reached_campaign(request, pk)
    if not found.is_paused:
        return to_campaign(request, pk)
    form = ResumeForm(request.POST or None, initial={"zone": found.zone or request.user.time_zone})
    if request.method == "POST" and form.is_valid():
        pausing.resume(found, by=request.user, at=form.cleaned_data["send_at"])
        return to_campaign(request, pk)
    calls = outbox.progress_of(found.batch).waiting + found.calls_to_come
    context = {
        "campaign": found,
        "form": form,
        "people": stats_of(found).waiting,
        "calls": calls,
        "closed": course.closed_from_now(found, found.recipients.to_come(found.stage)),
        "seconds": outbox.seconds_for(calls),
    }
    title, status = f"Let {found} go on", 422 if form.errors else 200
    return page_or_dialog(request, "campaigns/_resumption.html", context, title=title, status=status)


@viewable_form
def release(request: Request, pk: int) -> HttpResponse:
    """Send a held campaign now, to whoever is in its group now."""
    found = reached_campaign(request, pk)
    if found.state != CampaignState.HELD:
        return redirect("campaigns:campaign", pk)
    if found.own_time:
        messages.error(request, NeedsTime.text)
        return redirect("campaigns:edit", pk)
    found.send_at = None
    now = CampaignSummary(found, connection=Connection.objects.of(request.user))
    if now.sampled and "count" in request.POST:
        counting.begin(found)
        return redirect("campaigns:count", pk)
    without = not now.leaves_many or request.POST.get("without") == str(now.left_out_count)
    asks = typed_count.is_asked(found.customer, now.people)
    is_typed = not asks or typed_count.is_typed(request, now.people)
    is_as_seen = request.POST.get("revision") == str(found.revision)
    is_agreed = not now.sampled and without and is_as_seen and request.POST.get("expected") == now.expected
    if not (now.people and is_agreed and is_typed):
        return _ask_to_release(request, found, now, asks_to_type=asks)
    try:
        lifecycle.release(
            found,
            people=now.people,
            calls=now.calls,
            parts=now.agreed_parts,
            left_out=now.left_out_count,
            by=request.user,
        )
    except (CampaignChanged, NotConnected) as error:
        messages.error(request, error.text)
    return redirect("campaigns:campaign", pk)


def _ask_to_release(
    request: Request, campaign: Campaign, now: CampaignSummary, *, asks_to_type: bool
) -> HttpResponse:
    context = {
        "campaign": campaign,
        "summary": now,
        "problem": "" if now.people else NOBODY,
        "asks_to_type": asks_to_type,
        "is_wrong": typed_count.is_wrong(request, now.people),
    }
    return page_or_dialog(request, "campaigns/_release.html", context, title=f"Send {campaign} now")


def _ask_to_cancel(request: Request, campaign: Campaign) -> HttpResponse:
    if not campaign.is_cancellable:
        return redirect("campaigns:campaign", campaign.pk)
    context = {
        "title": f"Cancel {campaign}?",
        "text": CANNOT_CALL_BACK if campaign.begun_at else "Nothing has left yet, and nothing will.",
        "action": reverse("campaigns:cancellation", args=[campaign.pk]),
        "verb": "Cancel the campaign",
        "keep": "Keep the campaign",
        "back": reverse("campaigns:campaign", args=[campaign.pk]),
    }
    return page_or_dialog(request, "includes/_confirm.html", context, title=context["title"])


def _result(campaign: Campaign) -> dict[str, Any]:
    counts, responded = recipient_counts.by_state_and_reason(campaign), responses.of(campaign)
    stats = stats_from(campaign, ((state, number) for state, _, number in counts))
    confirms = hook_urls.can_be_reached()
    return {
        "campaign": campaign,
        "stats": stats,
        "agreed": receipt_of(campaign, stats),
        "badge": status_badge(campaign, stats),
        "progress": outbox.progress_of(campaign.batch),
        "checked": campaign.is_under_way and outbox.is_outcome_unknown(campaign.batch),
        "pace": pace_of(campaign, stats),
        "figures": figures(stats, responded, confirms=confirms) if campaign.begun_at else [],
        "responses": responded,
        "trial": text_trial.of(campaign),
        "texts": [(text_trial.letter(number), each.text) for number, each in enumerate(campaign.texts)],
        "curve": kept_curve(campaign, counts),
        "cost": ResultSettings.of(campaign.customer).cost(campaign.parts) if campaign.parts else "",
        "reasons": _reasons(counts),
        "may_resend": resending.is_possible(campaign)
        and bool(stats.failed or stats.uncertain or stats.skipped),
        "steps": history.steps(campaign),
        "stuck": _stuck(campaign),
        "changed": agreed_segments.what_changed(campaign) if campaign.waits_to_begin else "",
        "again": _asked_again(campaign),
        "seconds_to_begin": taking_back.seconds_left(campaign),
        "confirms": confirms,
        "people_states": stats.by_state(),
    }


def _asked_again(campaign: Campaign) -> ResendRequest | None:
    """It came with the campaign."""
    again: ResendRequest | None = getattr(campaign, "resend_request", None)
    is_asked = again and again.begins_at is None and again.revision == campaign.revision
    return again if is_asked else None


def _stuck(campaign: Campaign) -> Connection | None:
    """The connection that a campaign waits for."""
    waits = campaign.is_under_way or campaign.state == CampaignState.SCHEDULED
    connection = campaign.connection if waits else None
    return connection if connection and not connection.is_active else None


def _reasons(
    counts: Iterable[tuple[str, str, int]],
) -> list[tuple[RecipientState, str, FailureReason, int]]:
    """Why people did not get it, the most common first: state, the reason as it is kept, and in words."""
    rows = [each for each in counts if each[1]][:REASONS]
    return [(RecipientState(state), reason, in_words(reason), number) for state, reason, number in rows]
