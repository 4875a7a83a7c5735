"""What an admin has tried again of a campaign by its calls, and not on its page: the same rules hold."""

from accounts.db.state_moves import move
from accounts.models import User, keys_named
from gateway import clock
from gateway.outbox import CannotRetry, QueuedCall
from messaging.campaigns import lifecycle
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import OPEN_STATES, Campaign, CampaignRules, CampaignState, RecipientState

OVER = "Its campaign was cancelled, or is about to be sent again. Look where it stands."
ASKS = "It goes to so many people that a second person approves it. Send it again on its campaign’s page."


def retry_campaign(batch: str, *, by: User) -> int:
    """All calls of it that were refused, as on its page; how many: none where a second person is asked."""
    campaign = Campaign.objects.select_related("customer").get(pk__in=keys_named(Campaign, [batch]).values())
    try:
        return lifecycle.retry_failed(campaign, by=by)
    except CampaignChanged:
        return 0


def allow(call: QueuedCall, *, by: User) -> None:
    """It is under way again, so that it can be paused and cancelled. Raises CannotRetry."""
    campaign = Campaign.objects.select_related("customer").get(pk=call.payload["campaign"])
    alive = lifecycle.alive(campaign)
    if not lifecycle.lock_to_send_again(alive):
        raise CannotRetry(OVER)
    people = campaign.recipients.filter(batch=call.payload["number"], state__in=OPEN_STATES, remote_id="")
    if CampaignRules.of(campaign.customer).asks_second_person(people.count(), by):
        raise CannotRetry(ASKS)
    waits_again = {"state": RecipientState.PLANNED, "reason": "", "settled_at": None}
    people.filter(state=RecipientState.FAILED).update(**waits_again)
    alive.update(moved_at=clock.now(), ends_at=None)
    move(alive, CampaignState.SENT, to=CampaignState.SENDING, finished_at=None)
