"""The first page: what needs a person, what is being sent, what comes next, who wrote."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Customer
from accounts.web.htmx import page_or_fragment, wants_fragment
from accounts.web.http import Request
from messaging.campaigns.models import Campaign
from messaging.campaigns.outcome.delivery_stats import (
    DeliveryStats,
    StatusBadge,
    stats_by_campaign,
    status_badge,
)
from messaging.inbox.models import Thread
from messaging.inbox.team.desk import Desk
from messaging.inbox.threads.thread_list import with_names
from messaging.overview.attention import attention_items
from messaging.overview.chart import message_chart
from messaging.overview.onboarding import first_steps

CAMPAIGNS, THREADS = 10, 6  # of each, at most


@dataclass(frozen=True)
class SendingProgress:
    """A campaign under way; `done` of `total` people have been dealt with, well or not."""

    campaign: Campaign
    stats: DeliveryStats

    @property
    def badge(self) -> StatusBadge:
        return status_badge(self.campaign, self.stats)

    @property
    def total(self) -> int:
        return self.stats.total

    @property
    def done(self) -> int:
        return self.stats.total - self.stats.waiting


@require_safe
def overview(request: Request) -> HttpResponse:
    context: dict[str, Any] = {"attention": attention_items(request.user, request.customer)}
    if request.customer is not None:
        context |= _of_customer(request.customer)
        if not wants_fragment(request):
            context["chart"] = message_chart(request.customer)
    return page_or_fragment(request, "overview/overview.html", "overview/_overview.html", context)


def _of_customer(customer: Customer) -> dict[str, Any]:
    campaigns = Campaign.objects.of_customer(customer).select_related("group", "template")
    sending = list(campaigns.under_way().order_by("-begun_at")[:CAMPAIGNS])
    stats = stats_by_campaign(sending)
    unread = Thread.objects.of_customer(customer).waiting().order_by("-last_message_at", "-pk")
    return {
        "steps": first_steps(customer),
        "sending": [SendingProgress(each, stats[each.pk]) for each in sending],
        "upcoming": campaigns.upcoming().filter(send_at__lt=_end_of_tomorrow())[:CAMPAIGNS],
        "threads": with_names(Desk(customer), unread[:THREADS]),
    }


def _end_of_tomorrow() -> datetime:
    """By the person's own clock."""
    day = timezone.localdate() + timedelta(days=2)
    return timezone.make_aware(datetime.combine(day, time.min))
