"""Each person gets it at the same time of the day where they are."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gateway import clock
from gateway.models import Call, Lane
from gateway.rate_limit import ledger
from messaging.campaigns import lifecycle
from messaging.campaigns.audiences.new_recipients import batch_key, moment_of
from messaging.campaigns.audiences.reach import Reach
from messaging.campaigns.audiences.spread import spread
from messaging.campaigns.dispatch import own_moments, planner, schedule, sending
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.rules.own_times import PASSED, OwnTimes, zones_of_countries
from messaging.campaigns.tasks import advance_campaigns
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled, post, press
from messaging.campaigns.tests.conftest import schedule as agree
from messaging.campaigns.tests.test_last_look import claimed, numbers
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

HELSINKI = ZoneInfo("Europe/Helsinki")
FINN, ITALIAN, TORONTO, TEXAN = "+358401234567", "+393331234567", "+14165550123", "+12145550123"


@pytest.fixture
def abroad(group, service):
    return [make_contact(group, phone=phone, first_name="A") for phone in (FINN, ITALIAN)]


def in_two_hours() -> datetime:
    """A whole minute, of a day in Helsinki that is the same in Rome."""
    return (clock.now() + timedelta(hours=2)).replace(second=0, microsecond=0)


def own(**fields) -> dict:
    return {"own_time": True, "send_at": in_two_hours(), "zone": "Europe/Helsinki"} | fields


@pytest.mark.parametrize(
    ("phone", "zone"),
    [
        (FINN, "Europe/Helsinki"),
        ("+358181234567", "Europe/Helsinki"),  # Åland has the same time
        (ITALIAN, "Europe/Rome"),
        (TORONTO, "America/Toronto"),
        (TEXAN, "America/New_York"),  # of most people there
        ("+79161234567", "Europe/Moscow"),
        ("+77011234567", "Asia/Almaty"),
        ("+61412345678", "Australia/Sydney"),
        ("+88212345678", "Africa/Nairobi"),  # of no country: that of the campaign
    ],
)
def test_the_zone_is_that_of_the_country_of_the_number(phone, zone):
    times = OwnTimes(datetime(2026, 12, 1, 9), "Africa/Nairobi", datetime(2026, 1, 1, tzinfo=UTC))

    assert times.zone_of(phone) == zone


def test_every_country_has_zones_that_exist():
    assert all(ZoneInfo(zone) for zones in zones_of_countries().values() for zone in zones)
    assert len(zones_of_countries()) > 240


@pytest.mark.parametrize(
    ("wall", "at", "words"),
    [
        (datetime(2027, 3, 28, 3, 30), "01:30", "there is no 03:30, so at 04:30"),
        (datetime(2026, 10, 25, 3, 30), "00:30", "the first of two"),
        (datetime(2026, 10, 26, 3, 30), "01:30", ""),
    ],
)
def test_what_a_change_of_clocks_does_is_said(wall, at, words):
    times = OwnTimes(wall, "UTC", datetime(2026, 1, 1, tzinfo=UTC))

    assert f"{times.moments([FINN])[FINN]:%H:%M}" == at
    assert words in times.is_odd_in("Europe/Helsinki")
    assert bool(words) == bool(times.is_odd_in("Europe/Helsinki"))


def test_people_of_different_times_share_no_call_and_each_call_leaves_at_its_own(
    group, abroad, connected, mikko, later
):
    campaign = make_scheduled(group, mikko, **own())
    later(2 * 3600)
    advance_campaigns()

    finns, italians = calls_of(campaign)
    assert (numbers(finns), numbers(italians)) == ([FINN], [ITALIAN])
    assert finns.payload["at"] == campaign.send_at.isoformat()
    assert italians.due_at == campaign.send_at + timedelta(hours=1)
    assert numbers(claimed(connected)) == [FINN]
    assert claimed(connected) is None
    page = client_of(mikko).get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    assert "The next of it leaves at" in page
    later(3 * 3600)
    assert numbers(claimed(connected)) == [ITALIAN]


def test_the_last_zone_is_not_late_though_the_first_was_hours_ago(group, abroad, connected, mikko, later):
    make_contact(group, phone=TEXAN, first_name="A")
    campaign = make_scheduled(group, mikko, **own())
    later(2 * 3600)
    advance_campaigns()
    assert numbers(claimed(connected)) == [FINN]
    later(3 * 3600)
    assert numbers(claimed(connected)) == [ITALIAN]

    later(9 * 3600)
    assert not campaign.is_paused
    assert numbers(claimed(connected)) == [TEXAN]


def test_a_zone_whose_time_went_by_in_an_outage_is_held_for_a_person(
    group, abroad, connected, mikko, later, settings
):
    campaign = make_scheduled(group, mikko, **own())
    later(2 * 3600)
    advance_campaigns()
    claimed(connected)

    later(3 * 3600 + 60 * settings.CAMPAIGN_LATE_MINUTES + 120)

    assert claimed(connected) is None
    campaign.refresh_from_db()
    assert campaign.is_paused
    assert "stood still" in campaign.pause_reason


@pytest.fixture
def behind_another(group, abroad, connected, mikko, later) -> Campaign:
    """The Finns have theirs; the Italians' call waits behind another's, 40 minutes after their hour."""
    campaign = make_scheduled(group, mikko, **own())
    later(2 * 3600)
    advance_campaigns()
    claimed(connected)
    later(3 * 3600 + 38 * 60)
    others = ledger.reserve(connected, name="campaign.sms", lane=Lane.CAMPAIGN)
    assert isinstance(others, Call)
    ledger.record_answer(others, status=200)
    later(3 * 3600 + 40 * 60)
    return campaign


@pytest.mark.parametrize(("minutes", "stops"), [(0, True), (24, True), (45, False)])
def test_a_zone_that_was_planned_to_be_late_is_not_stopped_for_that(
    behind_another, connected, minutes, stops
):
    """Whoever agreed to it was told."""
    Campaign.objects.filter(pk=behind_another.pk).update(planned_delay=minutes * 60)

    assert (numbers(claimed(connected)) != [ITALIAN]) is stops
    behind_another.refresh_from_db()
    assert behind_another.is_paused is stops


def test_a_zone_that_a_person_let_go_on_after_its_hour_may_queue(behind_another, connected):
    decided = {"moved_at": clock.now() - timedelta(minutes=20), "ends_at": None}
    Campaign.objects.filter(pk=behind_another.pk).update(**decided)

    assert numbers(claimed(connected)) == [ITALIAN]


def test_how_late_the_last_of_a_zone_are_planned_to_be_is_kept(group, abroad, connected, mikko, settings):
    settings.SMARTDIALOG_CALLS_PER_MINUTE, settings.SMARTDIALOG_BATCH_SIZE = 1, 1
    soon = {"send_at": (clock.now() + timedelta(minutes=2)).replace(second=0, microsecond=0)}
    for number in range(9):
        make_contact(group, phone=f"+35840765432{number}", first_name="A")

    late = make_scheduled(group, mikko, **own(**soon))
    kept = make_scheduled(group, mikko, **own(send_at=in_two_hours() + timedelta(days=1)))

    late.refresh_from_db()
    kept.refresh_from_db()
    assert 8 * 60 < late.planned_delay < 11 * 60
    assert kept.planned_delay <= planner.SHORT_SUBMISSION.total_seconds()


def test_where_the_hour_has_passed_people_are_left_out_and_told_so(group, abroad, connected, mikko, later):
    make_contact(group, phone="+819012345678", first_name="A")
    campaign = make_campaign(group, mikko, **own())
    zones = spread(Reach.of(campaign), OwnTimes.of(campaign))
    assert [(each.zone, each.people, each.has_passed) for each in zones] == [
        ("Asia/Tokyo", 1, True),
        ("Europe/Helsinki", 1, False),
        ("Europe/Rome", 1, False),
    ]

    agree(campaign, mikko)
    assert campaign.people == 2
    later(2 * 3600)
    advance_campaigns()

    assert campaign.recipients.get(reason=PASSED).phone == "+819012345678"


def test_it_begins_with_the_first_zone_and_not_with_the_chosen_one(group, abroad, connected, mikko, later):
    make_contact(group, phone="+819012345678", first_name="A")
    tomorrow = in_two_hours() + timedelta(days=1)
    campaign = make_scheduled(group, mikko, **own(send_at=tomorrow))

    assert campaign.begins_at < tomorrow - timedelta(hours=6)
    plan = schedule.plan(campaign, connected, calls=3)
    assert [each.zone.zone for each in plan.zones] == ["Asia/Tokyo", "Europe/Helsinki", "Europe/Rome"]
    assert all(each.is_kept for each in plan.zones)


def test_many_calls_of_a_zone_begin_early_and_name_their_time(
    group, abroad, connected, mikko, later, monkeypatch
):
    monkeypatch.setattr(own_moments, "_calls_at", lambda campaign, moment: 300)
    campaign = make_scheduled(group, mikko, **own())
    Campaign.objects.filter(pk=campaign.pk).update(carries_time=True, begins_at=clock.now())
    campaign.refresh_from_db()
    sending.send_now(campaign.pk)

    finns, italians = calls_of(campaign)
    assert datetime.fromisoformat(finns.payload["message"]["send_at"]) == campaign.send_at
    assert datetime.fromisoformat(italians.payload["message"]["send_at"]) == campaign.send_at + timedelta(
        hours=1
    )
    assert campaign.send_at - timedelta(minutes=9) < finns.due_at < campaign.send_at - timedelta(minutes=7)


def test_refused_calls_that_named_a_time_go_on_without_it(group, abroad, connected, mikko, monkeypatch):
    monkeypatch.setattr(own_moments, "_calls_at", lambda campaign, moment: 300)
    campaign = make_scheduled(group, mikko, **own())
    Campaign.objects.filter(pk=campaign.pk).update(carries_time=False, begins_at=clock.now())

    sending.send_now(campaign.pk)

    assert {call.payload["message"]["send_at"] for call in calls_of(campaign)} == {""}


@pytest.mark.django_db
@given(st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))
def test_a_key_says_its_minute_and_never_an_earlier_one(moment):
    key = batch_key(Campaign(channel="whatsapp"), ("Maija", "x"), 0, "FI", moment)

    assert len(key) <= 32
    assert timedelta(0) <= moment_of(key) - moment < timedelta(minutes=1)
    assert moment_of(batch_key(Campaign(channel="whatsapp"), ("Maija",), 0, "FI")) is None


def test_a_person_chooses_it_and_sees_where_it_comes_to_when(group, abroad, filled, mikko, connected):
    local = (clock.now() + timedelta(days=2)).astimezone(HELSINKI)
    chosen = {"when": "later", "date": f"{local:%Y-%m-%d}", "time": "09:00", "own_time": "on"}

    page = post(mikko, filled, **chosen)
    assert [each.city for each in page.context["summary"].zones] == ["Helsinki", "Rome"]
    assert page.context["summary"].calls == 2
    assert "09:00 where they are" in page.content.decode()
    assert press(mikko, filled, **chosen).status_code == 302

    made = Campaign.objects.get()
    assert made.own_time
    shown = client_of(mikko).get(reverse("campaigns:edit", args=[made.pk])).content.decode()
    assert 'name="own_time"' in shown


def test_without_a_time_there_is_no_own_one(group, abroad, filled, mikko):
    post(mikko, filled, action="save", own_time="on")

    assert not Campaign.objects.get().own_time


def test_held_it_goes_out_at_a_new_time_and_not_to_all_at_once(group, people, connected, mikko):
    campaign = make_campaign(group, mikko, **own(), state=CampaignState.HELD)
    release = reverse("campaigns:release", args=[campaign.pk])

    shown = client_of(mikko).get(reverse("campaigns:campaign", args=[campaign.pk])).content.decode()
    assert release not in shown
    assert client_of(mikko).post(release).url == reverse("campaigns:edit", args=[campaign.pk])
    with pytest.raises(lifecycle.NeedsTime):
        lifecycle.release(campaign, people=1, calls=1, by=mikko)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.HELD
