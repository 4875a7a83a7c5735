"""What has not left of a cancelled campaign, and never will."""

from django.db.models import QuerySet

from gateway import clock, outbox
from messaging.campaigns.models import Campaign, Recipient, RecipientState

CANCELLED_REASON = "Cancelled before it was sent."
STOPPED_REASON = "Stopped before the rest."


def stop_calls(campaign: Campaign) -> int:
    """Of what may have been taken, people are uncertain: it is not made again. How many were stopped."""
    stopped = outbox.cancel_waiting(batch=campaign.batch)
    outbox.give_up_in_doubt(batch=campaign.batch)
    for recipients in (campaign.recipients.uncalled(), _recipients_of_cancelled(campaign)):
        recipients.filter(state=RecipientState.PLANNED).update(
            state=RecipientState.SKIPPED, reason=CANCELLED_REASON, settled_at=clock.now()
        )
    return stopped


def _recipients_of_cancelled(campaign: Campaign) -> QuerySet[Recipient]:
    """Of the calls that were cancelled."""
    cancelled = outbox.request_ids_of_cancelled(batch=campaign.batch)
    numbers = [int(request_id.rpartition("-")[2]) for request_id in cancelled]
    return Recipient.objects.filter(campaign=campaign, batch__in=numbers)
