"""A campaign in stages as the clock moves it on, and who got what of it."""

from collections import Counter

from gateway.models import Operation
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import answer, calls_of
from messaging.campaigns.tests.test_last_look import numbers

HOUR = 3600


def now_of(campaign: Campaign) -> Campaign:
    return Campaign.objects.get(pk=campaign.pk)


def advance(campaign: Campaign) -> Campaign:
    """As the clock does, and SmartDialog takes every call."""
    for _ in range(2):
        sending.advance_campaigns()
        for call in Operation.objects.filter(batch=campaign.batch, state="waiting"):
            answer(call)
    sending.advance_campaigns()
    return now_of(campaign)


def called(campaign: Campaign) -> Counter[str]:
    return Counter(phone for call in calls_of(campaign) for phone in numbers(call))


def texts_of(campaign: Campaign) -> dict[str, str]:
    """By number, what its call says to it."""
    return {
        phone: call.payload["message"].get("content") or call.payload["message"]["template"]
        for call in calls_of(campaign)
        for phone in numbers(call)
    }
