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
from messaging.campaigns.models.limits import OutsideHours, TooSoon
from messaging.campaigns.models.link import Link
from messaging.campaigns.models.own_phone import OwnPhone
from messaging.campaigns.models.recipient import OPEN_STATES, Recipient, RecipientState
from messaging.campaigns.models.recurrence import Recurrence
from messaging.campaigns.models.result_settings import ResultSettings
from messaging.campaigns.models.rules import ApprovedSender, CampaignRules
from messaging.campaigns.models.sending_hours import SendingHours
from messaging.campaigns.models.snippet import Snippet
from messaging.campaigns.models.weekly_hours import WeeklyHours

__all__ = [
    "CANCELLABLE",
    "EDITABLE",
    "OPEN_STATES",
    "UNDER_WAY",
    "ApprovedSender",
    "Campaign",
    "CampaignQuerySet",
    "CampaignRules",
    "CampaignState",
    "Channel",
    "Link",
    "OutsideHours",
    "OwnPhone",
    "Recipient",
    "RecipientState",
    "Recurrence",
    "ResultSettings",
    "SendingHours",
    "Snippet",
    "TooSoon",
    "WeeklyHours",
    "late_since",
]
