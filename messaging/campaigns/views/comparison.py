"""Campaigns compared, as a page and as a file."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import writers_post
from accounts.trail import audit
from accounts.web.http import Request
from accounts.web.params import int_param
from contacts.exporting.downloads import download
from messaging.campaigns.models import ResultSettings
from messaging.campaigns.outcome import comparison, comparison_chart, responses
from messaging.campaigns.outcome.audience_names import AudienceNames

LINES = 200  # on the page, the newest; the file has all


@require_safe
def compare(request: Request) -> HttpResponse:
    """`?by=month` or campaign, channel, sender, author, group; `?months=12`."""
    by, months = _asked(request)
    prices, lines = ResultSettings(), []
    if request.customer:
        prices = ResultSettings.of(request.customer)
        names = AudienceNames.of_customer(request.customer)
        lines = comparison.together(comparison.begun_lately(request.customer, months=months), by, names)
    context = {
        "lines": [(line, prices.cost(line.parts)) for line in lines[:LINES]],
        "hidden": max(len(lines) - LINES, 0),
        "bars": comparison_chart.bars(lines, in_time=by in ("month", "campaign")),
        "has_price": prices.price_per_part is not None,
        "has_clicks": any(line.responses.clicked is not None for line in lines),
        "by": by,
        "way": comparison.WAYS[by].words,
        "ways": [(name, way.words) for name, way in comparison.WAYS.items()],
        "months": months,
        "spans": comparison.MONTHS,
        "days": responses.DAYS,
    }
    return render(request, "campaigns/comparison.html", context)


@writers_post
def report(request: Request) -> HttpResponseBase:
    """A row for each campaign that began in these months."""
    if request.customer is None:
        return redirect("campaigns:comparison")
    _, months = _asked(request)
    found = comparison.begun_lately(request.customer, months=months)
    audit.record(
        actor=request.user,
        customer=request.customer,
        verb="campaigns.reported",
        subject=request.customer,
        after={"months": months, "campaigns": len(found)},
    )
    names = AudienceNames.of_customer(request.customer)
    prices, zone = ResultSettings.of(request.customer), timezone.get_current_timezone()
    return download(comparison.rows(found, names, prices, zone), name=f"Campaigns of {request.customer}")


def _asked(request: Request) -> tuple[str, int]:
    """What is asked for; what is not known is as if it were not there."""
    by, months = request.GET.get("by", ""), int_param(request.GET.get("months"))
    return by if by in comparison.WAYS else "month", months if months in comparison.MONTHS else 12
