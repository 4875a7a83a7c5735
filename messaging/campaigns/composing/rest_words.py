"""When the rest of a campaign follows that goes to some first, in words."""

from accounts.wording.quantities import duration
from messaging.campaigns.models import Campaign
from messaging.campaigns.rules.own_times import OwnTimes


def follows(campaign: Campaign) -> str:
    """As of before it begins."""
    own = own_time(campaign) and f", {own_time(campaign)}"
    if campaign.is_for_a_person or campaign.wait is None:
        return f"when you choose the text{own}" if campaign.tries_texts else f"when you say so{own}"
    after = f"{duration(campaign.wait.total_seconds())} later{own}"
    return f"{after}, with the text that wins" if campaign.tries_texts else after


def own_time(campaign: Campaign) -> str:
    """When each of them gets it once it goes on, where they have times of their own; or ""."""
    times = OwnTimes.of(campaign)
    return f"when it is {times.wall:%H:%M} again where they are" if times else ""
