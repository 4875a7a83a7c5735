"""What segments can ask of the inbox: who answered a campaign."""

from datetime import timedelta
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from contacts.segments.deeds import happens
from messaging.campaigns.campaign_terms import GOT_IT, CampaignDeed, of_states
from messaging.campaigns.models import Campaign
from messaging.campaigns.models.campaign import CampaignQuerySet
from messaging.inbox.models import Message

ANSWER_WITHIN = timedelta(days=7)  # what comes later is about something else


@happens("answered")
class Answered(CampaignDeed):
    """Got it, and wrote to the customer within ANSWER_WITHIN of its beginning to leave."""

    verb, label = "answered", "Answered the campaign within 7 days"

    def of_campaigns(self, campaigns: CampaignQuerySet) -> Q:
        begun = list(campaigns.exclude(begun_at=None))
        return reduce(or_, (_wrote_after(each) for each in begun), Q(pk__in=()))


def _wrote_after(campaign: Campaign) -> Q:
    since = campaign.send_at or campaign.begun_at
    assert since
    wrote = Message.objects.received().filter(
        thread__customer=campaign.customer_id,
        thread__address=OuterRef("phone"),
        at__gte=since,
        at__lt=since + ANSWER_WITHIN,
    )
    own = Campaign.objects.filter(pk=campaign.pk)
    return of_states(own, GOT_IT) & Q(Exists(wrote))
