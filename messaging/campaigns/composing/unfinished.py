"""What a saved campaign lacks before it may be sent, from whichever page."""

from messaging.campaigns.composing.forms import CampaignForm, initial_of
from messaging.campaigns.models import Campaign
from messaging.campaigns.wording import misspelling

LITERAL = "People would read a placeholder as it is written. Correct it, or take it out of the message."


def lacks(campaign: Campaign) -> str:
    """In words; "" where it is finished. Whether its time has gone by is not looked at."""
    form = CampaignForm(initial=initial_of(campaign), customer=campaign.customer)
    wanted = list(form.missing().values())
    contents = [text.content for text in campaign.texts] if campaign.is_sms else []
    if any(each.is_literal for content in contents for each in misspelling.find(content, ())):
        wanted.append(LITERAL)
    return " ".join(wanted)
