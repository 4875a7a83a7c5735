"""Each page with the button that sends says when it would begin and finish, and whether the hour is kept."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gateway import clock
from messaging.campaigns.audiences import sampling
from messaging.campaigns.composing import counting
from messaging.campaigns.models import AudienceCount, Campaign, CampaignState
from messaging.campaigns.tests.conftest import make_campaign, make_scheduled
from messaging.campaigns.tests.test_schedule import scheduled
from tests.people import client_of

pytestmark = pytest.mark.django_db


def words(page) -> str:
    return " ".join(page.content.decode().split())


def soon(minutes: float = 8):
    return clock.now() + timedelta(minutes=minutes)


@pytest.fixture
def counted(group, people, connected, mikko, monkeypatch) -> Campaign:
    """For in eight minutes, by the page that counts everybody first; it would be 400 calls."""
    monkeypatch.setattr(sampling, "EXACT", 1)
    campaign = make_campaign(group, mikko, send_at=soon(), zone="Europe/Helsinki")
    counting.begin(campaign)
    counting.count_due()
    AudienceCount.objects.update(calls=400)
    return campaign


def send(campaign: Campaign, by):
    count = AudienceCount.objects.get(campaign=campaign)
    agreed = {"action": "send", "expected": count.expected, "without": count.left_out_count}
    return client_of(by).post(reverse("campaigns:count", args=[campaign.pk]), agreed, follow=True)


def test_the_page_that_counts_says_when_and_what_is_in_the_way(counted, group, mikko):
    scheduled(group, mikko, minutes=8, calls=300, name="Kevät")

    page = words(client_of(mikko).get(reverse("campaigns:count", args=[counted.pk])))

    assert "<dt>Finishes sending</dt>" in page
    assert "It cannot all leave by that time" in page
    assert "<bdi>Kevät</bdi>, until" in page


def test_a_count_whose_hour_has_gone_by_sends_nothing(counted, mikko, later):
    later(9 * 60)

    page = words(client_of(mikko).get(reverse("campaigns:count", args=[counted.pk])))
    assert "Its time has gone by" in page
    assert 'value="send"' not in page

    assert "Its time has gone by" in words(send(counted, mikko))
    counted.refresh_from_db()
    assert counted.state == CampaignState.DRAFT


@pytest.fixture
def asked(group, people, connected, rules, mikko) -> Campaign:
    campaign = make_scheduled(group, mikko, send_at=soon(), zone="Europe/Helsinki")
    Campaign.objects.filter(pk=campaign.pk).update(calls=300)
    return Campaign.objects.get(pk=campaign.pk)


def approve(campaign: Campaign, by, **more):
    address = reverse("campaigns:approval", args=[campaign.pk])
    posted = {"action": "approve", "revision": campaign.revision} | more
    return client_of(by).post(address, posted)


def test_who_approves_sees_when_it_would_begin_and_finish(asked, liisa):
    page = words(client_of(liisa).get(reverse("campaigns:approval", args=[asked.pk])))

    assert "<dt>Begins</dt>" in page
    assert "<dt>Finishes sending</dt>" in page


def test_an_hour_that_cannot_be_kept_any_more_is_said_before_it_is_approved(asked, group, liisa, rules):
    rules.delete()
    first = scheduled(group, asked.created_by, minutes=8, calls=300, name="Kevät")
    assert first.state == CampaignState.SCHEDULED

    page = approve(asked, liisa)

    assert page.status_code == 422
    assert "It cannot all leave by its time any more" in words(page)
    assert "<bdi>Kevät</bdi>, until" in words(page)
    asked.refresh_from_db()
    assert asked.state == CampaignState.AWAITING

    approve(asked, liisa, not_kept="yes")
    asked.refresh_from_db()
    assert asked.state == CampaignState.SCHEDULED
