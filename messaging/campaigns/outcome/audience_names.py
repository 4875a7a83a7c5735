"""Whom a campaign was for, by the names of all its groups, segments and lists."""

from collections.abc import Mapping
from dataclasses import dataclass

from accounts.models import Customer
from contacts.models import Segment
from gateway.models import Service
from messaging.campaigns.models import Campaign

NOBODY = "No group"
LIST = "A list of numbers"


@dataclass(frozen=True)
class AudienceNames:
    """Of a customer: what their groups and segments are called, by key."""

    groups: Mapping[int, str]
    segments: Mapping[int, str]

    @classmethod
    def of_customer(cls, customer: Customer) -> "AudienceNames":
        """Two queries."""
        groups = Service.objects.filter(customer=customer).groups()
        segments = Segment.objects.filter(customer=customer)
        return cls({each.pk: str(each) for each in groups}, {each.pk: str(each) for each in segments})

    def of(self, campaign: Campaign) -> str:
        """ "Jäsenet and Kanta-asiakkaat", "Segment Turku", "A list of numbers"."""
        groups, segments, has_list = key_of(campaign)
        found = sorted(self.groups.get(key, "A group that is gone") for key in groups)
        found += sorted(f"Segment {self.segments.get(key, 'that is gone')}" for key in segments)
        found += [LIST] * has_list
        return " and ".join(found) or NOBODY


def key_of(campaign: Campaign) -> tuple[frozenset[int], frozenset[int], bool]:
    """The same for campaigns to the same groups, segments, or lists, however they were chosen."""
    groups = {*campaign.more_groups, *([campaign.group_id] if campaign.group_id else [])}
    return frozenset(groups), frozenset(campaign.segments), campaign.people_list_id is not None
