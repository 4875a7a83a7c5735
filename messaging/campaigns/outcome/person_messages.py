"""What campaigns said to one person, for whoever shows their history."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Case, Prefetch, Q, QuerySet, When, prefetch_related_objects
from django.db.models.functions import Coalesce, Greatest

from accounts.db.kept_queries import kept
from accounts.db.paging import SortOrder
from accounts.models import Customer
from messaging.campaigns.models import REST, Campaign, Recipient, RecipientState
from messaging.campaigns.wording import attachments

LATEST_FIRST = SortOrder("at", falling=True, is_time=True)
LEFT = [
    RecipientState.ACCEPTED,
    RecipientState.DELIVERED,
    RecipientState.FAILED,
    RecipientState.UNCERTAIN,
]


# Settled as it was taken, arrived or failed; what is uncertain, as somebody gave up asking.
HAVE_A_TIME = [RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.FAILED]


@dataclass(frozen=True)
class CampaignMessage:
    """What a campaign said to a number, and what became of it. `at`: when they got it, or it failed."""

    recipient: Recipient
    at: datetime

    @property
    def campaign(self) -> Campaign:
        return self.recipient.campaign

    @property
    def has_left(self) -> bool:
        return self.recipient.state in LEFT

    @cached_property
    def said(self) -> Campaign:
        """With the text that was theirs."""
        return self.campaign.saying(self.recipient.wording)

    @property
    def file_name(self) -> str:
        address = self.campaign.attachment_url
        return attachments.kept(address)["name"] if address else ""

    @property
    def clicked_at(self) -> datetime | None:
        """When they first opened the link of their own; None: they did not, or had none."""
        link = getattr(self.recipient, "link", None) if self.campaign.link_url else None
        return link.clicked_at if link else None

    @property
    def text(self) -> str:
        """Filled in for them; as it was written where their values are not kept any more."""
        wording, values = self.said.wording, tuple(self.recipient.values)
        if len(values) != len(wording.merge_fields):
            return wording.text
        return wording.render(values)


def for_them(customer: Customer, phones: Collection[str], number: int) -> list[CampaignMessage]:
    """As `latest_of`, where it is likely that there are none: most people have none."""
    return latest_of(customer, phones, number) if _some_for(customer, tuple(phones)) else []


@kept
def _some_for(customer: Customer, phones: tuple[str, ...]) -> QuerySet[Recipient]:
    return Recipient.objects.of_customer(customer).filter(phone__in=phones).order_by().only("pk")[:1]


def messages_to(
    customer: Customer,
    phones: Collection[str],
    number: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    onwards: bool = False,
) -> list[CampaignMessage]:
    """Those that have left for a number, from `since` on, and before `until`: so many, the newest first, or
    `onwards` the oldest first.
    """
    found = _addressed(customer, phones).filter(state__in=LEFT)
    if since:
        found = found.filter(at__gte=since)
    if until:
        found = found.filter(at__lt=until)
    return _loaded(LATEST_FIRST.rows(found, backwards=onwards)[:number])


def latest_of(
    customer: Customer, phones: Collection[str], number: int, *, before: datetime | None = None
) -> list[CampaignMessage]:
    """The latest campaigns that were for them, newest first, whether they got them or not."""
    found = _addressed(customer, phones)
    found = found.filter(at__lt=before) if before else found
    return _loaded(LATEST_FIRST.rows(found, backwards=False)[:number])


def _addressed(customer: Customer, phones: Collection[str]) -> QuerySet[Any]:
    """`at`: when their time had come, or sending to them began, or their own message was taken, arrived or
    failed, if that was later. Those who get it by their own clocks have no time in common.
    """
    begun = Recipient.objects.of_customer(customer).exclude(campaign__begun_at=None)
    common = Greatest("campaign__begun_at", Coalesce("campaign__send_at", "campaign__begun_at"))
    first = Case(When(campaign__own_time=True, then="campaign__begun_at"), default=common)
    is_rest = Q(stage=REST, campaign__rest_begun_at__isnull=False)
    time = Case(When(is_rest, then=Greatest("campaign__rest_begun_at", first)), default=first)
    has_own = Q(state__in=HAVE_A_TIME, settled_at__isnull=False)
    own = Case(When(has_own, then=Greatest("settled_at", time)), default=time)
    return begun.filter(phone__in=phones).annotate(at=own)


def _loaded(found: QuerySet[Any]) -> list[CampaignMessage]:
    """One query, and one for what the campaigns say, of most people there is none; one for counted links."""
    recipients = list(found)
    said = Campaign.objects.select_related("template")
    prefetch_related_objects(recipients, Prefetch("campaign", said))
    prefetch_related_objects([each for each in recipients if each.campaign.link_url], "link")
    return [CampaignMessage(each, each.at) for each in recipients]
