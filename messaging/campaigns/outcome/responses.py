"""What people did in the days after they got a campaign: wrote back, or opted out by a message.

Messages belong to the wing above, which registers who wrote.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from accounts.models import Customer
from accounts.registry import Registry
from contacts.models import ConsentSource, Suppression
from messaging.campaigns.models import FIRST, REST, Campaign, Recipient, RecipientState

DAYS = 7  # in which what a person does is put down to the campaign
# Who may have it counts as somebody who has it: nobody is written to twice for a doubt.
REACHED = [RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.UNCERTAIN]

# The numbers that wrote something else than an opt-out, from a moment until another: one column.
Writers = Callable[[Customer, datetime, datetime], QuerySet]
WRITERS = Registry[Writers]("source of who wrote")
writers = WRITERS.register  # @writers("inbox")


@dataclass(frozen=True)
class Responses:
    answered: int = 0
    opted_out: int = 0
    clicked: int | None = None  # None: it has no link that is counted


def of(campaign: Campaign) -> Responses:
    """A few queries, whose cost grows with what people wrote, not with how many got it."""
    if campaign.begun_at is None:
        return Responses()
    clicks = campaign.links.clicked().count() if campaign.link_url else None
    return Responses(answered(campaign).count(), opted_out(campaign).count(), clicks)


def answered(campaign: Campaign) -> QuerySet[Recipient]:
    """Whom it reached and who wrote back."""
    found = campaign.recipients.none()
    for reached, since in _reached(campaign):
        for source in WRITERS:
            numbers = source(campaign.customer, since, since + timedelta(days=DAYS))
            found = found | reached.filter(phone__in=numbers)
    return found


def opted_out(campaign: Campaign) -> QuerySet[Recipient]:
    """Whom it reached and who then opted out by a message, whether they came back since or not."""
    found = campaign.recipients.none()
    by_message = Suppression.objects.filter(customer=campaign.customer_id, source=ConsentSource.MESSAGE)
    for reached, since in _reached(campaign):
        stopped = by_message.filter(since__gte=since, since__lt=since + timedelta(days=DAYS))
        found = found | reached.filter(phone__in=stopped.values("phone"))
    return found


def clicked(campaign: Campaign) -> QuerySet[Recipient]:
    """Who opened their own link."""
    return campaign.recipients.filter(link__clicked_at__isnull=False)


def _reached(campaign: Campaign) -> Iterator[tuple[QuerySet[Recipient], datetime]]:
    """Whom it reached, and from when on they had it: the rest later than the first."""
    reached = campaign.recipients.filter(state__in=REACHED)
    if campaign.begun_at is None or campaign.goes_at is None:
        return
    if campaign.rest_begun_at is None:
        yield reached, campaign.goes_at
    else:
        yield reached.filter(stage=FIRST), campaign.goes_at
        yield reached.filter(stage=REST), max(campaign.rest_begun_at, campaign.goes_at)
