"""A service that SmartDialog lists no more: said before a call fails, and a scheduled campaign is held."""

from django.urls import reverse

from gateway import clock
from gateway.models import Operation, Service
from messaging.campaigns.dispatch import sending
from messaging.campaigns.models import CampaignState
from messaging.campaigns.tests.conftest import make_campaign, make_scheduled
from tests.people import client_of


def vanish():
    Service.objects.one_way().update(gone_at=clock.now())


def page_of(campaign, user):
    return client_of(user).get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()


def test_a_scheduled_campaign_is_held_before_a_call_fails(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    vanish()
    assert "no longer lists this campaign’s service" in page_of(campaign, mikko)

    sending.advance_campaigns()

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.HELD
    assert "no longer lists the service" in campaign.held_reason
    assert not Operation.objects.filter(batch=campaign.batch).exists()


def test_a_campaign_that_is_sending_says_so_and_goes_on(sending_now, mikko):
    assert "no longer lists this campaign’s service" not in page_of(sending_now, mikko)
    vanish()

    assert "no longer lists this campaign’s service" in page_of(sending_now, mikko)
    assert Operation.objects.filter(batch=sending_now.batch).exists()


def test_a_draft_is_kept_and_asks_for_another_service(group, people, connected, mikko):
    campaign = make_campaign(group, mikko)
    vanish()

    page = client_of(mikko).get(reverse("campaigns:edit", args=[campaign.pk])).content.decode()

    assert str(campaign.service) not in page
    assert campaign.content[:10] in page
