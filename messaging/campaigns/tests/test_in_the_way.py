"""What is in the way of a campaign's hour, whose hours it breaks itself, and what becomes of these."""

from datetime import timedelta

import pytest
from django.urls import reverse

from gateway import clock
from gateway.models import Operation
from gateway.outbox import seconds_for
from messaging.campaigns.dispatch import pausing, schedule, sending
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled
from messaging.campaigns.tests.test_last_look import claimed
from messaging.campaigns.tests.test_pausing import made
from messaging.campaigns.tests.test_schedule import scheduled
from tests.factories import make_contact
from tests.people import client_of

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def promised(group, connected, mikko, settings) -> Campaign:
    """Of three calls, to arrive in two hours."""
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(3):
        make_contact(group, first_name="Aino")
    campaign = scheduled(group, mikko, minutes=120, calls=3, name="Kevät")
    Campaign.objects.filter(pk=campaign.pk).update(people=3)
    return campaign


def in_the_way(campaign: Campaign, connection) -> list[str]:
    """Of so many calls that they cannot all be made early."""
    return [each.what for each in schedule.plan(campaign, connection, calls=200).before]


@pytest.fixture
def asked(group, mikko, connected, people) -> Campaign:
    """A draft for in six minutes, which cannot be kept, so that it says what is before it."""
    return make_campaign(group, mikko, send_at=clock.now() + timedelta(minutes=6))


def test_who_sends_now_is_told_whose_hour_that_breaks_and_by_how_much(promised, group, connected, mikko):
    now = make_campaign(group, mikko)
    calls = round(3 * HOUR / seconds_for(1))

    late = schedule.plan(now, connected, calls=calls).made_late

    assert [each.campaign for each in late] == [promised]
    assert abs(late[0].seconds - HOUR) < 60
    assert not schedule.plan(now, connected, calls=50).made_late


def test_so_is_one_that_reaches_each_person_at_a_time_of_their_own(group, connected, mikko):
    for phone in ("+358401234567", "+393331234567"):  # in Rome an hour later
        make_contact(group, phone=phone, first_name="A")
    at = (clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)
    own = make_scheduled(group, mikko, own_time=True, send_at=at, zone="Europe/Helsinki")
    now = make_campaign(group, mikko)

    def made_late(hours: float) -> dict[Campaign, float]:
        calls = round(hours * HOUR / seconds_for(1))
        late = schedule.plan(now, connected, calls=calls).made_late
        return {each.campaign: round(each.seconds / HOUR) for each in late}

    assert made_late(1) == {}
    assert made_late(2.9) == {own: 1}
    assert made_late(5) == {own: 3}


def test_the_page_says_so_before_it_is_sent(promised, group, connected, mikko):
    send_at = clock.now() + timedelta(seconds=20)
    Campaign.objects.filter(pk=promised.pk).update(send_at=send_at, begins_at=send_at, ends_at=send_at)
    for _ in range(150):
        make_contact(group, first_name="Aino")
    now = make_campaign(group, mikko)

    page = client_of(mikko).get(reverse("campaigns:edit", args=[now.pk])).content.decode()

    assert "Others would come late" in page
    assert "Kevät" in page


def test_one_that_others_have_kept_from_its_hour_is_held_as_late(promised, group, connected, mikko, later):
    other = make_scheduled(group, mikko)
    sending.send_now(other.pk)
    later(2 * HOUR + 5)
    sending.advance_campaigns()
    assert calls_of(promised)
    later(3 * HOUR)
    Campaign.objects.filter(pk=other.pk).update(moved_at=clock.now())
    for seconds in (1, 2, 3):
        later(3 * HOUR + seconds)
        made(connected)
    later(3 * HOUR + 4)

    assert claimed(connected) is None

    held = Campaign.objects.get(pk=promised.pk)
    assert held.is_paused
    assert "Others were sent before it" in held.pause_reason
    assert "about 60 minutes" in held.pause_reason

    assert pausing.resume(held, by=mikko)
    sending.advance_campaigns()
    assert claimed(connected) is not None


def test_one_that_is_slower_than_planned_goes_on(promised, connected, later):
    later(2 * HOUR + 5)
    sending.advance_campaigns()
    Operation.objects.filter(batch=promised.batch).update(due_at=clock.now())
    made(connected)
    later(2 * HOUR + 605)
    made(connected)
    later(2 * HOUR + 1205)

    assert claimed(connected) is not None


def test_a_campaign_that_is_paused_until_a_time_is_in_the_way(asked, group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    paused = make_scheduled(group, mikko, name="Paused")
    sending.send_now(paused.pk)
    Campaign.objects.filter(pk=paused.pk).update(calls=600, batches=2, state=CampaignState.PLANNING)
    pausing.pause(Campaign.objects.get(pk=paused.pk), by=mikko)
    at = clock.now() + timedelta(minutes=1)
    pausing.resume(Campaign.objects.get(pk=paused.pk), by=mikko, at=at)

    assert in_the_way(asked, connected) == ["Paused"]


def test_calls_that_wait_for_sending_hours_or_zones_are_in_the_way(asked, group, connected, mikko, settings):
    settings.SMARTDIALOG_BATCH_SIZE = 1
    for _ in range(60):
        make_contact(group, first_name="Aino")
    waits = make_scheduled(group, mikko)
    sending.send_now(waits.pk)
    at = clock.now() + timedelta(minutes=4)
    Operation.objects.filter(batch=waits.batch).update(due_at=at)

    assert in_the_way(asked, connected) == [schedule.FOR_LATER]


def test_what_a_second_person_may_still_approve_is_in_the_way(asked, group, connected, mikko, kahvila):
    CampaignRules.objects.create(customer=kahvila, approved_above=1)
    waits = scheduled(group, mikko, minutes=6, calls=400, name="Asked")
    waits.refresh_from_db()
    assert waits.state == CampaignState.AWAITING

    assert in_the_way(asked, connected) == ["Asked, if it is approved"]
