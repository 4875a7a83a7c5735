"""In whichever zones people are: what clashes with a time of their own, is late for it, or outside hours."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import clock, outbox
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences.spread import ZoneOfPeople, of_numbers
from messaging.campaigns.dispatch import pausing, schedule
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.outcome.clashes import clashing
from messaging.campaigns.rules import sending_hours
from messaging.campaigns.rules.own_times import OwnTimes
from messaging.campaigns.tests.conftest import make_campaign
from messaging.campaigns.tests.test_sending_hours import keep
from tests.factories import make_contact

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)
# From Kiribati to Hawaii, with zones of half an hour.
NUMBERS = [
    "+68612345678",
    "+6421123456",
    "+819012345678",
    "+919812345678",
    "+358401234567",
    "+393331234567",
    "+447712345678",
    "+5511912345678",
    "+12125550123",
    "+6851234567",
    "+6767712345",
    "+68940123456",
]
STATES = [CampaignState.SCHEDULED, CampaignState.AWAITING]


@pytest.fixture
def now(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOON - timedelta(days=3))


def planned(connected, zone: str, numbers: list[str], state=CampaignState.SCHEDULED):
    """A campaign for noon there, and the zones of those who get it."""
    campaign = Campaign(pk=1, customer_id=1, own_time=True, send_at=NOON, zone=zone, calls=len(numbers))
    zones = of_numbers(OwnTimes.of(campaign), ((number, 1) for number in numbers))
    plan = schedule.plan(campaign, connected, calls=len(numbers), zones=zones)
    campaign.state, campaign.begins_at, campaign.ends_at = state, plan.submission.begins_at, plan.ends_at
    campaign.carries_time = plan.submission.carries_time
    return campaign, zones


some_numbers = st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=6, unique=True)
a_zone = st.sampled_from(["Europe/Helsinki", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati"])


@given(zone=a_zone, numbers=some_numbers, state=st.sampled_from(STATES), minutes=st.integers(-59, 59))
@MANY
@pytest.mark.django_db
def test_whoever_gets_another_within_an_hour_of_their_own_time_is_seen(
    connected, now, zone, numbers, state, minutes
):
    campaign, zones = planned(connected, zone, numbers, state)

    for each in zones:
        at = each.at + timedelta(minutes=minutes)
        other = Campaign(pk=2, customer_id=1, send_at=at, state=CampaignState.SCHEDULED, calls=1)
        assert clashing([campaign, other], []) == {1, 2}, each


@given(zone=a_zone, numbers=some_numbers)
@MANY
@pytest.mark.django_db
def test_what_is_far_from_everybodys_time_does_not_clash(connected, now, zone, numbers):
    campaign, zones = planned(connected, zone, numbers)
    times = [NOON, *(each.at for each in zones)]

    for at in (min(times) - timedelta(minutes=75), max(times) + timedelta(minutes=75)):
        other = Campaign(pk=2, customer_id=1, send_at=at, state=CampaignState.SCHEDULED, calls=1)
        assert clashing([campaign, other], []) == set(), at


@given(zone=a_zone, numbers=some_numbers, which=st.integers(0, 5))
@MANY
@pytest.mark.django_db
def test_under_way_it_clashes_at_the_times_that_are_still_to_come(connected, zone, numbers, which):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOON - timedelta(days=3))
        campaign, zones = planned(connected, zone, numbers)
        campaign.state = CampaignState.SENDING
        now = zones[which % len(zones)].at + timedelta(minutes=5)
        patch.setattr(clock, "now", lambda: now)

        for each in (zone for zone in zones if zone.at > now):
            other = Campaign(pk=2, customer_id=1, send_at=each.at, state=CampaignState.SCHEDULED, calls=1)
            assert clashing([campaign, other], []) == {1, 2}, each


@given(zone=a_zone, numbers=some_numbers, minutes=st.integers(-1600, 1600))
@MANY
@pytest.mark.django_db
def test_of_each_zone_what_is_late_for_its_own_time_stops_whatever_others_do(
    connected, zone, numbers, minutes
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: NOON - timedelta(days=3))
        patch.setattr(outbox, "has_moved_since", lambda *_, batch="", **__: not batch)  # others alone
        campaign, zones = planned(connected, zone, numbers)
        campaign.connection, campaign.moved_at = connected, campaign.begins_at - timedelta(days=1)
        now = NOON + timedelta(minutes=minutes)
        patch.setattr(clock, "now", lambda: now)

        for each in zones:
            assert pausing.is_too_late(campaign, each.at) is (now - each.at > timedelta(minutes=15)), each


def test_a_campaign_that_waits_for_approval_knows_from_when_to_when_it_reaches_people(
    group, service, connected, mikko, rules
):
    for number in ("+819012345678", "+358401234567", "+12125550123"):
        make_contact(group, phone=number, first_name="A")
    campaign = make_campaign(group, mikko, own_time=True, zone="Europe/Helsinki")
    campaign.send_at = (clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    campaign.save()

    lifecycle.schedule(campaign, revision=campaign.revision, people=3, calls=3, by=mikko)

    assert campaign.state == CampaignState.AWAITING
    assert campaign.begins_at < campaign.send_at - timedelta(hours=5)
    assert campaign.ends_at > campaign.send_at + timedelta(hours=6)


def test_of_countries_in_one_zone_each_has_its_own_hours(group, mikko, kahvila):
    """Guernsey has the time of the United Kingdom."""
    campaign = make_campaign(group, mikko)
    keep(kahvila, country="GG", days=[["20:00", "21:00"]] * 7, zone="Europe/London")
    at = NOON.replace(hour=12)
    zone = ZoneOfPeople(
        "Europe/London", at, 10, has_passed=False, is_odd="", countries={"GB": 7, "GG": 3}, with_several=[]
    )

    [closed] = sending_hours.closed_in(campaign, [zone])

    assert (closed.place, closed.people) == ("London", 3)
