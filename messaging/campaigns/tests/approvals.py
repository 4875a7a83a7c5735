"""What a second person sees and decides."""

from django.urls import reverse

from accounts.models import User
from messaging.campaigns.models import Campaign, ResendRequest
from tests.people import client_of


def address(campaign: Campaign) -> str:
    return reverse("campaigns:approval", args=[campaign.pk])


def decide(campaign: Campaign, person: User, action: str = "approve", **more):
    return client_of(person).post(
        address(campaign), {"action": action, "revision": campaign.revision, **more}
    )


def again(campaign: Campaign) -> ResendRequest:
    return ResendRequest.objects.get(campaign=campaign)
