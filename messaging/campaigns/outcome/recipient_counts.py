"""How many recipients are in each state, and why: the same cost at a million as at one, and always exact.

Triggers write down what each statement changes, in its transaction (`count_triggers.py`): no verb can forget.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Count, Exists, OuterRef

from accounts.db.array_param import Listed
from gateway import clock
from messaging.campaigns.models import Campaign, RecipientCount
from messaging.campaigns.outcome.count_triggers import MEND_ONE

log = logging.getLogger(__name__)

MENDED_FOR = timedelta(days=7)
MOST_ROWS = 50  # of a campaign that wait to be added up


def by_state(campaigns: Iterable[int]) -> list[tuple[int, str, int]]:
    """A campaign, a state, and how many are in it; one query for all."""
    found = RecipientCount.objects.filter(campaign__in=list(campaigns)).totals("campaign", "state")
    return list(found)


def by_state_and_reason(campaign: Campaign) -> list[tuple[str, str, int]]:
    """How many are in a state for a reason, or for none; the most common first."""
    return list(RecipientCount.objects.filter(campaign=campaign).totals("state", "reason"))


def add_up() -> None:
    """Of campaigns with many rows one for each state and reason."""
    loose = RecipientCount.objects.filter(is_sum=False).order_by().values("campaign")
    for [key] in loose.annotate(rows=Count("pk")).filter(rows__gt=MOST_ROWS).values_list("campaign"):
        add_up_one(key)


@transaction.atomic
def add_up_one(campaign: int) -> None:
    """Who adds up the same waits here, and then finds the rows gone."""
    rows = RecipientCount.objects.filter(campaign=campaign).select_for_update().order_by("pk")
    found = list(rows.values_list("pk", "state", "reason", "number"))
    sums: Counter[tuple[str, str]] = Counter()
    for _, state, reason, number in found:
        sums[state, reason] += number
    RecipientCount.objects.filter(pk__in=Listed([key for key, *_ in found]))._raw_delete(DEFAULT_DB_ALIAS)
    RecipientCount.objects.bulk_create(
        RecipientCount(campaign_id=campaign, state=state, reason=reason, number=number, is_sum=True)
        for (state, reason), number in sums.items()
        if number
    )


def mend_recent() -> None:
    """Of what may still change; none of what is gone. Counts that are off are our fault, and logged."""
    RecipientCount.objects.filter(~Exists(Campaign.objects.filter(pk=OuterRef("campaign")))).delete()
    recent = Campaign.objects.filter(begun_at__gte=clock.now() - MENDED_FOR)
    for key in recent.order_by("pk").values_list("pk", flat=True):
        mend(key)


@transaction.atomic
def mend(campaign: int) -> int:
    """Count anew, and leave no row of what nobody is any more. Of how many states and reasons it was off."""
    with connection.cursor() as cursor:
        cursor.execute(MEND_ONE, [False, campaign, campaign])
        off = cursor.rowcount
    if off:
        log.error("%s counts of the recipients of campaign %s were off, and are mended", off, campaign)
    add_up_one(campaign)
    return off
