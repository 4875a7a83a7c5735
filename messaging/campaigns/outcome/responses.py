"""What people did in the days after they got a campaign: wrote back, or opted out by a message.

Messages belong to the wing above, which registers who wrote.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from accounts.models import Customer
from accounts.registry import Registry
from contacts.models import ConsentSource, Suppression
from messaging.campaigns.models import FIRST, REST, Campaign, Recipient, RecipientState

DAYS = 7  # in which what a person does is put down to the campaign
# Who may have it counts as somebody who has it: nobody is written to twice for a doubt.
REACHED = [RecipientState.ACCEPTED, RecipientState.DELIVERED, RecipientState.UNCERTAIN]

Moment = datetime | OuterRef
# `phone` of whoever wrote something else than an opt-out, from a moment until another.
Writers = Callable[[Customer, Moment, Moment], QuerySet]
WRITERS = Registry[Writers]("source of who wrote")
writers = WRITERS.register  # @writers("inbox")


@dataclass(frozen=True)
class Responses:
    answered: int = 0
    opted_out: int = 0
    clicked: int | None = None  # None: it has no link that is counted


def of(campaign: Campaign) -> Responses:
    """Two queries at the most, whose cost grows with what people wrote, not with how many got it."""
    if campaign.begun_at is None or campaign.goes_at is None:
        return Responses()
    clicks = campaign.links.clicked().count() if campaign.link_url else None
    wrote_back, stopped = _counts(answered(campaign), opted_out(campaign))
    return Responses(wrote_back, stopped, clicks)


def _counts(*people: QuerySet[Recipient]) -> list[int]:
    """Of each, in one statement."""
    each = [some.order_by().values("pk").query.sql_with_params() for some in people]
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS those)" for sql, _ in each)  # noqa: S608  the ORM's
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _, values in each for value in values])
        return list(cursor.fetchone())


def of_many(customer: Customer, campaigns: Iterable[Campaign]) -> dict[int, Responses]:
    """Of campaigns of a customer, by key, without their clicks; two queries for all."""
    keys = [each.pk for each in campaigns if each.begun_at]
    first = Coalesce("campaign__send_at", "campaign__begun_at")
    is_rest = Q(stage=REST, campaign__rest_begun_at__isnull=False)
    since = Case(When(is_rest, then=Greatest("campaign__rest_begun_at", first)), default=first)
    until = ExpressionWrapper(F("since") + timedelta(days=DAYS), output_field=DateTimeField())
    reached = Recipient.objects.filter(campaign__in=keys, state__in=REACHED).alias(since=since)
    reached = reached.alias(until=until)
    theirs = [source(customer, OuterRef("since"), OuterRef("until")) for source in WRITERS]
    wrote = [Q(Exists(each.filter(phone=OuterRef("phone")))) for each in theirs]
    answered = _by_campaign(reached.filter(reduce(or_, wrote, Q(pk__in=()))))
    stopped = _stops(customer, OuterRef("since"), OuterRef("until")).filter(phone=OuterRef("phone"))
    opted_out = _by_campaign(reached.filter(Exists(stopped)))
    return {key: Responses(answered.get(key, 0), opted_out.get(key, 0)) for key in keys}


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
    for reached, since in _reached(campaign):
        stopped = _stops(campaign.customer, since, since + timedelta(days=DAYS))
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


def _stops(customer: Customer, since: Moment, until: Moment) -> QuerySet[Suppression]:
    by_message = Suppression.objects.filter(customer=customer, source=ConsentSource.MESSAGE)
    return by_message.filter(since__gte=since, since__lt=until)


def _by_campaign(recipients: QuerySet[Recipient]) -> dict[int, int]:
    counted = recipients.order_by().values_list("campaign").annotate(number=Count("pk"))
    return dict(counted)
