"""What campaigns said to one person, for whoever shows their history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Customer
from messaging.campaigns.models import Campaign, Recipient, RecipientState

LEFT = [
    RecipientState.ACCEPTED,
    RecipientState.DELIVERED,
    RecipientState.FAILED,
    RecipientState.UNCERTAIN,
]


@dataclass(frozen=True)
class CampaignMessage:
    """What a campaign said to a number, and what became of it. `at`: when people got it."""

    recipient: Recipient
    at: datetime

    @property
    def campaign(self) -> Campaign:
        return self.recipient.campaign

    @property
    def has_left(self) -> bool:
        return self.recipient.state in LEFT

    @property
    def text(self) -> str:
        """Filled in for them; as it was written where their values are not kept any more."""
        wording, values = self.campaign.saying(self.recipient.wording).wording, tuple(self.recipient.values)
        if len(values) != len(wording.merge_fields):
            return wording.text
        return wording.render(values)


def for_them(customer: Customer, phones: Collection[str]) -> list[CampaignMessage]:
    """Of every campaign that was for them, oldest first, whether they got it or not."""
    return _loaded(_addressed(customer, phones).order_by("at", "pk"))


def messages_to(
    customer: Customer,
    phones: Collection[str],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CampaignMessage]:
    """Those that have left for a number, oldest first: from `since` on, and before `until`."""
    found = _addressed(customer, phones).filter(state__in=LEFT)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return _loaded(found.order_by("at", "pk"))


def latest_of(
    customer: Customer, phones: Collection[str], number: int, *, before: datetime | None = None
) -> list[CampaignMessage]:
    """The latest campaigns that were for them, newest first, whether they got them or not."""
    found = _addressed(customer, phones)
    found = found.filter(at__lt=before) if before else found
    return _loaded(found.order_by("-at", "-pk")[:number])


def _addressed(customer: Customer, phones: Collection[str]) -> QuerySet[Any]:
    """`at`: when its time had come, or sending began if that was later."""
    begun = Recipient.objects.of_customer(customer).exclude(campaign__begun_at=None)
    time = Greatest("campaign__begun_at", Coalesce("campaign__send_at", "campaign__begun_at"))
    return begun.filter(phone__in=phones).annotate(at=time)


def _loaded(found: QuerySet[Any]) -> list[CampaignMessage]:
    """One query, and one for what the campaigns say: of most people there is none."""
    recipients = list(found)
    said = Campaign.objects.select_related("template")
    prefetch_related_objects(recipients, Prefetch("campaign", said))
    return [CampaignMessage(each, each.at) for each in recipients]
