"""The first page: what needs a person, what is being sent, what comes next, who wrote."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from messaging.campaigns.models import Campaign
from messaging.inbox.models import Thread
from messaging.overview.attention import needing
from messaging.overview.chart import fourteen_days


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    context = {"attention": needing(request.user, request.customer)}
    if request.customer is not None:
        campaigns = Campaign.objects.of_customer(request.customer).select_related("group")
        soon = timezone.now() + timedelta(days=2)
        context |= {
            "sending": campaigns.under_way().order_by("-begun_at")[:5],
            "upcoming": campaigns.upcoming().filter(send_at__lte=soon)[:10],
            "threads": Thread.objects.of_customer(request.customer).unread().order_by("-last_message_at")[:6],
            "chart": fourteen_days(request.customer),
        }
    return render(request, "overview/overview.html", context)
