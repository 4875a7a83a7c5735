"""Campaigns in bulk: by where they stand, and what is to become of them next."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Count, F, Q, Value, When

from accounts.models import User
from accounts.tenancy import TenantQuerySet
from gateway import clock
from messaging.campaigns.models.campaign_state import CampaignState

NOT_AGREED = [CampaignState.DRAFT, CampaignState.HELD]  # by a person who says when, to whom and at what price
EDITABLE = [*NOT_AGREED, CampaignState.AWAITING, CampaignState.SCHEDULED]
UNDER_WAY = [CampaignState.PLANNING, CampaignState.SENDING]
AGREED = [CampaignState.SCHEDULED, *UNDER_WAY, CampaignState.SENT]
CANCELLABLE = [CampaignState.AWAITING, CampaignState.SCHEDULED, CampaignState.HELD, *UNDER_WAY]


def late_since() -> datetime:
    """What was to happen before this is late."""
    return clock.now() - timedelta(minutes=settings.CAMPAIGN_LATE_MINUTES)


_SHOWN = Case(
    When(state=CampaignState.PLANNING, batches__gt=0, then=Value(CampaignState.SENDING)),
    default=F("state"),
    output_field=models.CharField(),
)


class CampaignQuerySet(TenantQuerySet):
    def due(self) -> Self:
        """The oldest hour first."""
        found = self.filter(state=CampaignState.SCHEDULED, begins_at__lte=clock.now())
        return found.order_by("begins_at", "pk")

    def needing_a_person(self) -> Self:
        stopped = Q(state__in=UNDER_WAY, resumes_at=None) & ~Q(pause_reason="")
        return self.filter(Q(state=CampaignState.HELD) | stopped | Q(pk__in=self.to_decide_on_rest()))

    def before_rest(self) -> Self:
        """Whose first people have it, while the rest waits."""
        return self.under_way().filter(first_done_at__isnull=False, rest_begun_at=None)

    def to_decide_on_rest(self) -> Self:
        """Whose rest goes on when a person says so."""
        return self.before_rest().filter(rest_due_at=None, paused_at=None)

    def awaiting(self, user: User) -> Self:
        """Whom a second person is asked about, and it may be this one."""
        return self.filter(state=CampaignState.AWAITING).exclude(created_by=user)

    def asked_for(self, after: datetime) -> Self:
        """Which a second person may still approve for their time."""
        return self.filter(state=CampaignState.AWAITING, send_at__gt=after).select_related("customer")

    def to_resume(self) -> Self:
        """Whose time to go on has come."""
        return self.under_way().filter(paused_at__isnull=False, resumes_at__lte=clock.now())

    def under_way(self) -> Self:
        """By their turns."""
        return self.filter(state__in=UNDER_WAY).order_by("turn_at", "pk")

    def planning(self) -> Self:
        """Whose recipients are listed and put into calls."""
        return self.filter(state=CampaignState.PLANNING, paused_at=None)

    def shown_as(self, state: str) -> Self:
        """Whose `shown_state` it is."""
        return self.annotate(shown=_SHOWN).filter(shown=state)

    def by_shown_state(self) -> dict[str, int]:
        """How many there are of each that has any; one query."""
        counted_by = self.order_by().values(shown=_SHOWN).annotate(number=Count("pk"))
        return dict(counted_by.values_list("shown", "number"))

    def upcoming(self) -> Self:
        return self.filter(state=CampaignState.SCHEDULED).order_by("send_at", "pk")
