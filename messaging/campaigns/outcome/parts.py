"""SMS parts of what SmartDialog has taken: as it counts them, and as we do."""

from django.db.models import F

from gateway.outbox import QueuedCall
from gateway.types import Sent
from messaging.campaigns.models import Campaign, Recipient
from messaging.campaigns.wording import sms


def add(call: QueuedCall, sent: Sent, taken: list[Recipient]) -> None:
    """Once for each call that was taken, in the transaction of its outcome.

    SmartDialog counts one message of a call; it goes to each of its recipients.
    """
    campaign = Campaign.objects.get(pk=call.payload["campaign"])
    if not campaign.is_sms:
        return
    wording = campaign.saying(taken[0].wording if taken else 0).wording  # the same for all of a call
    ours = sum(sms.measure(wording.render(tuple(each.values))).parts for each in taken)
    theirs = (sent.parts or 0) * len(taken)
    Campaign.objects.filter(pk=campaign.pk).update(
        parts=F("parts") + ours, parts_reported=F("parts_reported") + theirs
    )
