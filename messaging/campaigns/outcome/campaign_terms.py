"""What segments can ask of campaigns: who got one, who was to get it and did not, and who answered."""

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q

from accounts.models import Customer
from contacts.segments.deeds import SUGGESTED, DeedKind, happens
from messaging.campaigns.models import Campaign, Recipient, RecipientState
from messaging.campaigns.models.campaign_queryset import CampaignQuerySet
from messaging.campaigns.outcome import responses

DID_NOT = [RecipientState.FAILED, RecipientState.SKIPPED]


class CampaignDeed(DeedKind):
    """With campaigns of that name, of which there may be several; one without a name cannot be asked for."""

    what = "campaign"

    def names(self, customer: Customer) -> Sequence[str]:
        named = Campaign.objects.of_customer(customer).exclude(name="").order_by("-pk")
        return list(dict.fromkeys(named.values_list("name", flat=True)[:SUGGESTED]))

    def condition(self, customer: Customer, name: str) -> Q | None:
        found = Campaign.objects.of_customer(customer).filter(name=name)
        return self.of_campaigns(found) if found.exists() else None

    def of_campaigns(self, campaigns: CampaignQuerySet) -> Q:
        raise NotImplementedError


@happens("received")
class Received(CampaignDeed):
    verb, label = "received", "Received the campaign"

    def of_campaigns(self, campaigns: CampaignQuerySet) -> Q:
        return of_states(campaigns, responses.REACHED)


@happens("missed")
class MissedDeed(CampaignDeed):
    verb, label = "missed", "Was to get the campaign and did not"

    def of_campaigns(self, campaigns: CampaignQuerySet) -> Q:
        return of_states(campaigns, DID_NOT)


@happens("answered")
class Answered(CampaignDeed):
    """As its result counts them."""

    verb, label = "answered", f"Answered the campaign within {responses.DAYS} days"

    def of_campaigns(self, campaigns: CampaignQuerySet) -> Q:
        numbers = (responses.answered(each).values("phone") for each in campaigns)
        return reduce(or_, (Q(phone__in=each) for each in numbers), Q(pk__in=()))


def of_states(campaigns: CampaignQuerySet, states: Sequence[str]) -> Q:
    keys = list(campaigns.values_list("pk", flat=True))
    found = Recipient.objects.filter(campaign__in=keys, phone=OuterRef("phone"), state__in=states)
    return Q(Exists(found))
