"""Campaigns that are not begun, or not begun as planned: cancelled, overdue, of somebody who may not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gateway import clock
from gateway.models import ConnectionState
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import sending
from messaging.campaigns.lifecycle import CampaignChanged
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled
from tests.factories import make_connection, make_contact
from tests.people import client_of


def test_cancelled_before_it_began_nothing_is_ever_listed(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    lifecycle.cancel(campaign, by=mikko)

    sending.advance_campaigns()
    sending.send_now(campaign.pk)

    assert (calls_of(campaign), campaign.recipients.count()) == ([], 0)


@pytest.mark.parametrize(
    ("late", "state"),
    [
        (5, CampaignState.SENDING),
        (14, CampaignState.SENDING),
        (16, CampaignState.HELD),
        (60 * 26, CampaignState.HELD),
    ],
)
def test_what_is_overdue_by_a_quarter_of_an_hour_is_held_and_asked_about(
    group, people, connected, mikko, late, state
):
    campaign = scheduled_for(group, mikko, timezone.now() - timedelta(minutes=late))

    sending.advance_campaigns()

    campaign.refresh_from_db()
    assert campaign.state == state
    assert bool(calls_of(campaign)) == (state == CampaignState.SENDING)


def test_a_lost_connection_keeps_a_campaign_waiting_and_then_holds_it(group, people, connected, mikko):
    campaign = scheduled_for(group, mikko, timezone.now() - timedelta(minutes=5))
    type(connected).objects.update(state=ConnectionState.RECONNECT)

    sending.advance_campaigns()
    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.SCHEDULED, [])

    Campaign.objects.update(send_at=timezone.now() - timedelta(minutes=31))
    type(connected).objects.update(state=ConnectionState.ACTIVE)
    sending.advance_campaigns()
    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.HELD, [])


def test_a_late_start_waits_for_the_time_rather_than_name_one_gone_by(group, people, connected, mikko):
    soon = timezone.now() + timedelta(seconds=30)
    campaign = scheduled_for(group, mikko, soon, begins_at=clock.now(), carries_time=True)

    sending.advance_campaigns()

    campaign.refresh_from_db()
    assert (campaign.state, campaign.carries_time, campaign.begins_at) == (
        CampaignState.SCHEDULED,
        False,
        soon,
    )


@pytest.mark.parametrize("change", ["role", "approval", "customer"])
def test_a_campaign_of_somebody_who_may_no_longer_send_is_held(group, people, connected, mikko, change):
    campaign = make_scheduled(group, mikko)
    if change == "role":
        type(mikko).objects.update(role="viewer")
    elif change == "approval":
        type(mikko).objects.update(is_active=False)
    else:
        mikko.customers.clear()

    sending.send_now(campaign.pk)

    campaign.refresh_from_db()
    assert (campaign.state, calls_of(campaign)) == (CampaignState.HELD, [])
    assert campaign.held_reason


def test_a_held_campaign_is_sent_by_who_releases_it(group, people, connected, mikko, aino):
    held = make_campaign(group, mikko, state=CampaignState.HELD, send_at=timezone.now() - timedelta(days=1))

    lifecycle.release(held, people=2, calls=1, by=mikko)
    sending.send_now(held.pk)

    held.refresh_from_db()
    assert (held.state, len(calls_of(held))) == (CampaignState.SENDING, 1)


@pytest.mark.parametrize("state", sorted(set(CampaignState) - {CampaignState.HELD}))
def test_only_a_held_campaign_is_released(group, connected, mikko, state):
    campaign = make_campaign(group, mikko, state=state)

    with pytest.raises(CampaignChanged):
        lifecycle.release(campaign, people=2, calls=1, by=mikko)


def scheduled_for(group, by, send_at, **fields) -> Campaign:
    campaign = make_scheduled(group, by)
    Campaign.objects.filter(pk=campaign.pk).update(**({"send_at": send_at, "begins_at": send_at} | fields))
    campaign.refresh_from_db()
    return campaign


@pytest.mark.parametrize(
    ("joined", "state"), [(0, CampaignState.SENDING), (2, CampaignState.SENDING), (3, CampaignState.HELD)]
)
def test_an_audience_that_has_outgrown_what_was_agreed_is_asked_about(group, connected, mikko, joined, state):
    for _ in range(20):
        make_contact(group, first_name="Aino")
    campaign = make_campaign(group, mikko)
    lifecycle.schedule(campaign, revision=campaign.revision, people=20, calls=1, by=mikko)
    for _ in range(joined):
        make_contact(group, first_name="Uusi")

    sending.send_now(campaign.pk)

    campaign.refresh_from_db()
    assert campaign.state == state
    if state == CampaignState.HELD:
        assert "for 20 people, and 23 would get it now: 3 more, 15 %." in campaign.held_reason
        assert (calls_of(campaign), campaign.recipients.count()) == ([], 0)


def test_what_was_held_for_its_growth_reaches_all_once_it_is_let_go(group, connected, mikko, aino):
    make_connection(aino)
    for _ in range(3):
        make_contact(group, first_name="Aino")
    campaign = make_campaign(group, mikko)
    lifecycle.schedule(campaign, revision=campaign.revision, people=1, calls=1, by=mikko)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()

    lifecycle.release(campaign, people=3, calls=1, by=aino)
    sending.send_now(campaign.pk)

    [call] = calls_of(campaign)
    assert len(call.payload["message"]["recipients"]) == 3


def test_a_held_campaign_that_leaves_many_out_asks_before_it_is_sent(group, people, connected, mikko):
    """Three of five would not get it."""
    held = make_campaign(group, mikko, state=CampaignState.HELD)
    address, browser = reverse("campaigns:release", args=[held.pk]), client_of(mikko)
    seen = browser.get(address)
    assert "Send it without them" in seen.content.decode()
    agreed = {"expected": seen.context["summary"].expected, "revision": 1}

    browser.post(address, agreed)
    held.refresh_from_db()
    assert held.state == CampaignState.HELD

    browser.post(address, agreed | {"without": "3"})
    held.refresh_from_db()
    assert held.state == CampaignState.SCHEDULED
