"""Whether segments still ask for what they did as a person agreed to whom a campaign goes."""

from datetime import datetime

from django.db.models import Q, QuerySet

from contacts.models import Segment
from messaging.campaigns.models import Campaign


def what_changed(campaign: Campaign) -> str:
    """In words; "" where all are as they were, or were until everybody was listed by them. One query."""
    return _changed(campaign, Q(updated_at__lte=campaign.listed_at) if campaign.listed_at else Q())


def have_changed_since(campaign: Campaign) -> bool:
    """Also after everybody was listed: what was agreed to of this one does not hold for the next."""
    return bool(_changed(campaign, Q()))


def hold(campaign: Campaign) -> list[str]:
    """What they ask for; nobody changes it before the commit of who agrees to it. One query."""
    own = _own(campaign).select_for_update(of=("self",), no_key=True)
    return sorted(own.values_list("text", flat=True)) if campaign.segments else []


def have_changed_after(campaign: Campaign, at: datetime) -> bool:
    """One query; none without segments."""
    return bool(campaign.segments) and _own(campaign).filter(updated_at__gt=at).exists()


def _changed(campaign: Campaign, when: Q) -> str:
    if not campaign.segments or campaign.scheduled_at is None:
        return ""
    changed = _own(campaign).filter(when, updated_at__gt=campaign.scheduled_at).order_by("pk").first()
    return f"The segment {changed} has changed since a person agreed to whom it goes." if changed else ""


def _own(campaign: Campaign) -> QuerySet[Segment]:
    return Segment.objects.of_customer(campaign.customer).filter(pk__in=campaign.segments)
