"""Campaigns and whom they reach."""

from messaging.campaigns.models.campaign import (
    CANCELLABLE,
    EDITABLE,
    UNDER_WAY,
    Campaign,
    CampaignQuerySet,
    CampaignState,
    Channel,
    late_since,
)
from messaging.campaigns.models.link import Link
from messaging.campaigns.models.recipient import Recipient, RecipientState
from messaging.campaigns.models.result_settings import ResultSettings

__all__ = [
    "CANCELLABLE",
    "EDITABLE",
    "UNDER_WAY",
    "Campaign",
    "CampaignQuerySet",
    "CampaignState",
    "Channel",
    "Link",
    "Recipient",
    "RecipientState",
    "ResultSettings",
    "late_since",
]
