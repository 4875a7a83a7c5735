"""Campaigns and whom they reach."""

from messaging.campaigns.models.audience_count import AudienceCount
from messaging.campaigns.models.campaign import FIRST, REST, Campaign, Channel
from messaging.campaigns.models.campaign_queryset import (
    CANCELLABLE,
    EDITABLE,
    NOT_AGREED,
    UNDER_WAY,
    CampaignQuerySet,
    late_since,
)
from messaging.campaigns.models.campaign_state import CampaignState
from messaging.campaigns.models.limits import OutsideHours, TooSoon
from messaging.campaigns.models.link import Link
from messaging.campaigns.models.own_phone import OwnPhone
from messaging.campaigns.models.people_list import ListedPerson, PeopleList
from messaging.campaigns.models.recipient import (
    OPEN_STATES,
    Recipient,
    RecipientQuerySet,
    RecipientState,
)
from messaging.campaigns.models.recipient_count import RecipientCount
from messaging.campaigns.models.recurrence import Recurrence
from messaging.campaigns.models.resend_request import ResendRequest
from messaging.campaigns.models.result_settings import ResultSettings
from messaging.campaigns.models.rules import ApprovedSender, CampaignRules
from messaging.campaigns.models.sending_hours import SendingHours
from messaging.campaigns.models.snippet import Snippet
from messaging.campaigns.models.stages import WinnerBy
from messaging.campaigns.models.weekly_hours import WeeklyHours
