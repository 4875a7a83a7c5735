"""Calls of a campaign whose people have times of their own: each begins so early that it keeps its time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count

from gateway import clock, outbox
from gateway.smartdialog import quirks
from messaging.campaigns.audiences.new_recipients import mark_of, moment_of
from messaging.campaigns.dispatch import planner
from messaging.campaigns.dispatch.planner import Submission
from messaging.campaigns.dispatch.recipient_changes import Placed
from messaging.campaigns.models import Campaign, RecipientState

AT = "at"  # in the payload of a call: when its people are to have it


def of_call(campaign: Campaign, payload: dict[str, Any]) -> datetime | None:
    """When people of the call are to have it; None for as soon as may be."""
    return datetime.fromisoformat(payload[AT]) if AT in payload else campaign.send_at


def plans(campaign: Campaign, batches: Sequence[Sequence[Placed]]) -> dict[datetime, Submission]:
    """When the calls of each time begin, for these batches and all that still wait to be put into calls."""
    moments = {moment for batch in batches if (moment := moment_of(batch[0].key))}
    now, lead = clock.now(), quirks.of(campaign.customer_id).lead
    return {
        moment: planner.submission(
            moment, seconds=outbox.seconds_for(_calls_at(campaign, moment)), now=now, lead=lead
        )
        for moment in moments
    }


def _calls_at(campaign: Campaign, moment: datetime) -> int:
    """At most."""
    waiting = campaign.recipients.filter(batch=None, state=RecipientState.PLANNED)
    found = waiting.filter(key__startswith=mark_of(moment)).aggregate(
        people=Count("pk"), keys=Count("key", distinct=True)
    )
    return int(found["keys"]) + int(found["people"]) // campaign.batch_size
