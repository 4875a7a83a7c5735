"""Who would get nothing of a campaign that was not sent yet: as a list to mend, and as a file."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from accounts.access import writers_post
from accounts.trail import audit
from accounts.web.http import Request
from accounts.web.params import text_param
from contacts.exporting.downloads import download
from contacts.segments.syntax import SegmentError
from messaging.campaigns.audiences import left_out
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.models import EDITABLE, Campaign

MAX_REASON = 300


@require_safe
def people(request: Request, pk: int) -> HttpResponse:
    """`?why=`: those of one reason."""
    campaign = _reached(request, pk)
    why = text_param(request.GET.get("why"), most=MAX_REASON)
    try:
        found = left_out.first_of(campaign, why)
    except SegmentError as error:
        messages.error(request, error.text)
        return redirect("campaigns:list")
    context = {
        "campaign": campaign,
        "rows": found.shown,
        "counts": found.counts.most_common(),
        "total": found.counts.total(),
        "matching": found.counts[why] if why else found.counts.total(),
        "of": found.of,
        "why": why,
    }
    return render(request, "campaigns/left_out.html", context)


@writers_post
def export(request: Request, pk: int) -> HttpResponseBase:
    campaign = _reached(request, pk)
    try:
        _ = Reach.of(campaign).contacts
    except SegmentError as error:
        messages.error(request, error.text)
        return redirect("campaigns:list")
    audit.record(
        actor=request.user,
        customer=campaign.customer,
        verb="campaign.left_out_exported",
        subject=campaign,
    )
    return download(left_out.file_rows(campaign), name=f"Skipped in {campaign}")


def _reached(request: Request, pk: int) -> Campaign:
    """One that is still to be sent: of another its recipients tell."""
    rows = Campaign.objects.visible_to(request.user).filter(state__in=EDITABLE)
    return get_object_or_404(rows.select_related("customer", "group", "template"), pk=pk)
