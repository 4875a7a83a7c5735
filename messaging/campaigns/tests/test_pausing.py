"""A campaign under way is paused and goes on: by a person, or since its messages would come too late."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gateway import clock
from gateway.models import Operation, OperationState
from gateway.rate_limit import ledger
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import pausing, sending
from messaging.campaigns.dispatch.calls import wire_time
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import answer, calls_of, make_scheduled, refuse
from messaging.campaigns.tests.test_last_look import MAYBE_TAKEN, NOT_TAKEN, claimed, tried
from tests.factories import make_contact
from tests.people import client_of

QUARTER = 15 * 60  # seconds


@pytest.fixture
def in_calls_of_one(group, people, connected, mikko, settings) -> Campaign:
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = make_scheduled(group, mikko)
    sending.send_now(campaign.pk)
    campaign.refresh_from_db()
    return campaign


def made(connected) -> Operation:
    """The next call, and SmartDialog takes it."""
    call = claimed(connected)
    ledger.record_answer(call.calls.get(), status=200)
    answer(call)
    return call


def test_paused_no_call_leaves_and_going_on_each_leaves_once(in_calls_of_one, connected, mikko):
    first = made(connected)
    assert pausing.pause(in_calls_of_one, by=mikko)
    assert not pausing.pause(in_calls_of_one, by=mikko)

    sending.advance_campaigns()
    assert claimed(connected) is None
    assert Campaign.objects.get().is_paused

    assert pausing.resume(in_calls_of_one, by=mikko)
    assert not pausing.resume(in_calls_of_one, by=mikko)
    sending.advance_campaigns()
    second = made(connected)
    sending.advance_campaigns()
    assert first.pk != second.pk
    assert claimed(connected) is None
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.paused_at) == (CampaignState.SENT, None)
    assert campaign.recipients.filter(state="accepted").count() == 2


def test_paused_while_it_is_prepared_the_rest_is_prepared_when_it_goes_on(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    sending.begin(campaign)
    pausing.pause(campaign, by=mikko)

    sending.advance_campaigns()
    assert (campaign.recipients.count(), calls_of(campaign)) == (0, [])

    pausing.resume(campaign, by=mikko)
    sending.advance_campaigns()
    assert [call.state for call in calls_of(campaign)] == [OperationState.WAITING]


def test_it_goes_on_at_the_time_that_a_person_chose(in_calls_of_one, connected, mikko, later):
    pausing.pause(in_calls_of_one, by=mikko)
    pausing.resume(in_calls_of_one, by=mikko, at=clock.now() + timedelta(hours=9))

    sending.advance_campaigns()
    assert claimed(connected) is None
    later(9 * 3600 + 1)
    sending.advance_campaigns()
    assert claimed(connected) is not None


def test_a_time_to_go_on_that_went_by_long_ago_is_left_to_a_person(in_calls_of_one, connected, mikko, later):
    """As after a night in which nothing ran."""
    pausing.pause(in_calls_of_one, by=mikko)
    pausing.resume(in_calls_of_one, by=mikko, at=clock.now() + timedelta(hours=1))
    later(3600 + QUARTER + 60)

    sending.advance_campaigns()

    campaign = Campaign.objects.get()
    assert claimed(connected) is None
    assert (campaign.is_paused, campaign.resumes_at) == (True, None)
    assert "went by about 16 minutes ago" in campaign.pause_reason
    assert campaign in Campaign.objects.needing_a_person()

    assert pausing.resume(campaign, by=mikko)
    sending.advance_campaigns()
    assert claimed(connected) is not None


def test_cancelled_while_paused_nothing_leaves_any_more(in_calls_of_one, connected, mikko):
    pausing.pause(in_calls_of_one, by=mikko)

    lifecycle.cancel(Campaign.objects.get(), by=mikko)

    assert {call.state for call in calls_of(in_calls_of_one)} == {"cancelled"}
    assert not pausing.resume(in_calls_of_one, by=mikko)
    assert in_calls_of_one.recipients.filter(state="skipped").count() == 5


@pytest.mark.parametrize(("seconds", "stops"), [(60, False), (QUARTER - 30, False), (QUARTER + 30, True)])
def test_after_standing_still_for_long_a_person_decides(in_calls_of_one, connected, later, seconds, stops):
    made(connected)

    later(seconds)

    assert (claimed(connected) is None) is stops
    campaign = Campaign.objects.get()
    assert campaign.is_paused is stops
    assert ("It stood still for about 16 minutes" in campaign.pause_reason) is stops
    assert Campaign.objects.needing_a_person().exists() is stops


@pytest.mark.parametrize("how", [MAYBE_TAKEN, *NOT_TAKEN.values()])
def test_what_was_tried_before_it_stood_still_waits_for_a_person_too(in_calls_of_one, connected, later, how):
    tried(claimed(connected), **how)
    later(QUARTER + 60)

    assert claimed(connected) is None

    assert Campaign.objects.get().is_paused
    assert {call.state for call in calls_of(in_calls_of_one)} == {"held"}


def test_tries_that_come_to_nothing_are_no_movement(in_calls_of_one, connected, later):
    """An outage in which now and then a call of it, or of another, is tried."""
    for minutes in (5, 14, 16):
        tried(claimed(connected), **NOT_TAKEN["unavailable"])
        later(minutes * 60)

    assert claimed(connected) is None
    assert Campaign.objects.get().is_paused


def test_what_began_a_minute_ago_lets_nothing_older_pass(in_calls_of_one, group, connected, mikko, later):
    later(3 * 3600)
    second = make_scheduled(group, mikko)
    sending.send_now(second.pk)

    assert claimed(connected) is None

    assert claimed(connected).payload["campaign"] == second.pk


def test_what_a_person_tries_again_hours_later_leaves(in_calls_of_one, connected, mikko, later):
    refuse(claimed(connected))
    made(connected)
    later(3 * 3600)

    assert lifecycle.retry_failed(Campaign.objects.get(), by=mikko) == 1

    assert claimed(connected) is not None


def test_paused_as_its_last_call_is_in_flight_it_ends_and_is_not_paused_any_more(
    sending_now, connected, mikko
):
    call = claimed(connected)
    pausing.pause(sending_now, by=mikko)
    refuse(call)
    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.paused_at) == (CampaignState.SENT, None)

    lifecycle.retry_failed(campaign, by=mikko)

    assert claimed(connected) is not None


def test_one_that_had_to_queue_behind_another_is_not_late(in_calls_of_one, group, connected, mikko, later):
    second = make_scheduled(group, mikko)
    sending.send_now(second.pk)
    later(QUARTER - 60)
    made(connected)
    made(connected)

    later(QUARTER + 60)

    assert claimed(connected).payload["campaign"] == second.pk
    assert not second.is_paused


def test_calls_that_name_a_time_to_come_are_not_late(in_calls_of_one, connected, later):
    in_two_hours = clock.now() + timedelta(hours=2)
    Campaign.objects.update(send_at=in_two_hours, carries_time=True)
    for call in calls_of(in_calls_of_one):
        call.payload["message"]["send_at"] = wire_time(in_two_hours)
        call.save()
    later(3600)

    assert claimed(connected) is not None


def test_gone_on_after_it_stood_still_it_does_not_stop_again(in_calls_of_one, connected, mikko, later):
    made(connected)
    later(QUARTER * 4)
    claimed(connected)

    pausing.resume(Campaign.objects.get(), by=mikko)
    sending.advance_campaigns()

    assert claimed(connected) is not None


def test_who_is_in_no_call_yet_is_counted_in_the_calls_to_come(group, people, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    campaign = make_scheduled(group, mikko)
    sending.begin(campaign)
    sending._snapshot_recipients(campaign.pk)
    pausing.pause(campaign, by=mikko)

    asked = client_of(mikko).get(reverse("campaigns:resumption", args=[campaign.pk]))

    assert (asked.context["people"], asked.context["calls"]) == (2, 2)


def test_a_page_pauses_and_asks_before_it_goes_on(in_calls_of_one, mikko, vera, otto, connected):
    page = reverse("campaigns:campaign", args=[in_calls_of_one.pk])
    pause, go_on = (
        reverse(f"campaigns:{name}", args=[in_calls_of_one.pk]) for name in ("pausing", "resumption")
    )
    for person, status in ((vera, 403), (otto, 404)):
        assert [client_of(person).post(path).status_code for path in (pause, go_on)] == [status, status]

    browser = client_of(mikko)
    assert "Paused." in browser.post(pause, follow=True).content.decode()
    asked = " ".join(browser.get(go_on).content.decode().split())
    assert "2 people have not got it yet: 2 calls" in asked
    assert browser.post(go_on, {"when": "later"}).status_code == 422
    assert "It goes on at" not in browser.get(page).content.decode()
    chosen = {"when": "later", "date": "2031-06-02", "time": "09:00", "zone": "Europe/Helsinki"}
    assert "It goes on at" in browser.post(go_on, chosen, follow=True).content.decode()
    browser.post(go_on, {"when": "now"})
    assert not Campaign.objects.get().is_paused


def test_a_call_that_is_being_claimed_as_the_campaign_is_paused_leaves_or_waits(
    in_calls_of_one, group, connected, mikko
):
    """Whichever comes first: nothing is left that neither has."""
    make_contact(group, phone="+358400000009", first_name="Ulla")
    first = claimed(connected)
    pausing.pause(in_calls_of_one, by=mikko)
    first.refresh_from_db()

    assert first.state == OperationState.INFLIGHT
    assert sorted(call.state for call in calls_of(in_calls_of_one)) == ["held", "inflight"]
