"""Campaigns and whom they reach."""

from messaging.campaigns.models.campaign import (
    CANCELLABLE,
    EDITABLE,
    UNDER_WAY,
    Campaign,
    CampaignState,
    Channel,
)
from messaging.campaigns.models.recipient import Recipient, RecipientState

__all__ = [
    "CANCELLABLE",
    "EDITABLE",
    "UNDER_WAY",
    "Campaign",
    "CampaignState",
    "Channel",
    "Recipient",
    "RecipientState",
]
