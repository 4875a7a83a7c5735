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
from messaging.campaigns.models.recipient import Recipient, RecipientState
from messaging.campaigns.models.result_settings import ResultSettings
from messaging.campaigns.models.sending_hours import SendingHours

__all__ = [
    "CANCELLABLE",
    "EDITABLE",
    "UNDER_WAY",
    "Campaign",
    "CampaignQuerySet",
    "CampaignState",
    "Channel",
    "Recipient",
    "RecipientState",
    "ResultSettings",
    "SendingHours",
    "late_since",
]
