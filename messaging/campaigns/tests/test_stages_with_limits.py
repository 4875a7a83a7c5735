"""A campaign that goes to some first, where not everybody can have it at that moment."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from gateway import clock
from gateway.models import Operation
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import resending, schedule, sending, stages
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.models import FIRST, REST, Campaign, CampaignState
from messaging.campaigns.rules.own_times import OwnTimes, moment_in
from messaging.campaigns.tests.conftest import answer, calls_of, make_campaign, make_scheduled, post, press
from messaging.campaigns.tests.conftest import text as further
from messaging.campaigns.tests.stages import HOUR, advance, called, now_of
from messaging.campaigns.tests.test_last_look import claimed, numbers
from messaging.campaigns.tests.test_rest import reach_before
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

HELSINKI = ZoneInfo("Europe/Helsinki")
RESTING = {"rest_days": 7, "too_soon": "wait"}
OWN = {"when": "later", "date": date.today() + timedelta(days=3), "time": "09:00", "own_time": "on"}


def test_who_has_to_rest_is_not_among_the_first_and_holds_up_nobody(group, ten, connected, mikko, later):
    for phone in ten[:7]:
        reach_before(group, mikko, phone, days=1)
    campaign = make_scheduled(group, mikko, **RESTING, first_share=50, wait_minutes=60)

    waiting = advance(campaign)

    first = campaign.recipients.filter(stage=FIRST)
    assert set(first.values_list("phone", flat=True)) == set(ten[7:]) == set(called(campaign))
    assert waiting.is_waiting_for_rest
    later(HOUR + 10)
    sending.advance_campaigns()
    sending.advance_campaigns()
    later(7 * 24 * HOUR)
    advance(campaign)
    assert all(number == 1 for number in called(campaign).values())
    assert set(called(campaign)) == set(ten)


@pytest.mark.parametrize("more_texts", [[], [further("Moi!")]])
def test_whom_other_marketing_reaches_before_their_call_joins_the_rest(
    group, ten, connected, mikko, later, more_texts
):
    campaign = make_scheduled(
        group, mikko, **RESTING, first_share=50, wait_minutes=60, more_texts=more_texts, first_if_unclear=True
    )
    sending.send_now(campaign.pk)
    reached = campaign.recipients.filter(stage=FIRST).values_list("phone", flat=True)[0]
    reach_before(group, mikko, reached, days=0)

    while call := claimed(connected):
        assert reached not in numbers(call)
        type(call).objects.filter(pk=call.pk).update(state="done")
    campaign.recipients.filter(stage=FIRST).update(state="accepted")

    assert advance(campaign).is_waiting_for_rest
    put_off = campaign.recipients.get(phone=reached)
    assert (put_off.stage, put_off.state) == (REST, "planned")
    later(HOUR + 10)
    sending.advance_campaigns()
    assert [call.due_at > clock.after(86_400) for call in calls_of(campaign) if reached in numbers(call)][-1]


@pytest.fixture
def abroad(group, service) -> list[str]:
    """Ten in Finland, and ten in Italy, where it is an hour earlier."""
    phones = [f"+35840000{n:04}" for n in range(10)] + [f"+3933312{n:05}" for n in range(10)]
    return [make_contact(group, phone=each, first_name="Aino").phone for each in phones]


def tomorrow_at_nine() -> datetime:
    day = clock.now().astimezone(HELSINKI) + timedelta(days=2)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


# By that number of the campaign people of both countries are drawn.
OWN_TIME = {"own_time": True, "zone": "Europe/Helsinki", "first_share": 20, "uuid": UUID(int=1)}


def at(later, moment: datetime) -> None:
    later((moment - timezone.now()).total_seconds())


def reached_at(campaign: Campaign) -> dict[str, datetime]:
    """When the calls of each may leave."""
    return {phone: call.due_at for call in calls_of(campaign) for phone in numbers(call)}


def all_left(campaign: Campaign) -> Campaign:
    """SmartDialog takes each call that may leave by now."""
    sending.advance_campaigns()
    for call in Operation.objects.filter(batch=campaign.batch, state="waiting", due_at__lte=clock.now()):
        answer(call)
    sending.advance_campaigns()
    return now_of(campaign)


def the_first_have_it(campaign: Campaign, nine: datetime, later) -> None:
    for hours in (0, 1):
        at(later, nine + timedelta(hours=hours, seconds=10))
        all_left(campaign)


@pytest.mark.parametrize("more_texts", [[], [further("Moi!")]])
def test_the_rest_gets_it_at_the_same_time_of_a_later_day_where_they_are(
    group, abroad, connected, mikko, later, more_texts
):
    nine = tomorrow_at_nine()
    texts = {"more_texts": more_texts, "first_if_unclear": True}
    campaign = make_scheduled(group, mikko, send_at=nine, wait_minutes=60, **OWN_TIME, **texts)
    at(later, nine + timedelta(seconds=10))
    assert not all_left(campaign).is_waiting_for_rest  # the Italians among the first wait for nine there
    at(later, nine + timedelta(hours=1, seconds=10))

    waiting = all_left(campaign)

    first = dict(campaign.recipients.filter(stage=FIRST).values_list("phone", "state"))
    assert set(first.values()) == {"accepted"}
    assert (len(first), waiting.is_waiting_for_rest) == (4, True)
    at(later, nine + timedelta(hours=2, seconds=40))
    sending.advance_campaigns()
    found = reached_at(campaign)
    assert set(found) == set(abroad)
    day = timedelta(days=1)
    times = {phone: due_at - nine for phone, due_at in found.items() if phone not in first}
    assert set(times.values()) == {day, day + timedelta(hours=1)}
    assert {phone[:3] for phone, after in times.items() if after == day} == {"+35"}
    at(later, nine + day + timedelta(hours=1, seconds=10))
    all_left(campaign)
    assert all_left(campaign).state == CampaignState.SENT
    assert called(campaign) == Counter(abroad)


def test_a_rest_that_is_let_go_before_its_time_of_the_day_gets_it_that_day(
    group, abroad, connected, mikko, later
):
    nine = tomorrow_at_nine()
    campaign = make_scheduled(group, mikko, send_at=nine, **OWN_TIME)
    the_first_have_it(campaign, nine, later)
    at(later, nine + timedelta(hours=23, minutes=30))
    page = client_of(mikko).get(reverse("campaigns:rest", args=[campaign.pk])).content.decode()
    assert "when it is 09:00 again where they are" in page

    stages.begin_rest(now_of(campaign), winner=0, by=mikko)
    sending.advance_campaigns()

    later_ones = [due_at for due_at in reached_at(campaign).values() if due_at > clock.now()]
    assert {due_at - nine for due_at in later_ones} == {timedelta(hours=24), timedelta(hours=25)}
    assert len(later_ones) == 16
    sending.advance_campaigns()
    assert {due_at for due_at in reached_at(campaign).values() if due_at > clock.now()} == set(later_ones)


def test_who_missed_it_as_it_was_cancelled_in_the_wait_gets_it_at_once(
    group, abroad, connected, mikko, later
):
    """As the page says of whoever is sent it again."""
    nine = tomorrow_at_nine()
    campaign = make_scheduled(group, mikko, send_at=nine, **OWN_TIME)
    the_first_have_it(campaign, nine, later)
    lifecycle.cancel(now_of(campaign), by=mikko)

    resending.resend(now_of(campaign), [Missed.REST], by=mikko)
    sending.advance_campaigns()

    assert {due_at <= clock.now() for due_at in reached_at(campaign).values()} == {True}
    assert called(campaign) == Counter(abroad)


def test_with_times_of_their_own_who_has_to_rest_is_not_among_the_first(
    group, abroad, connected, mikko, later
):
    for phone in abroad[:5]:
        reach_before(group, mikko, phone, days=0)
    nine = tomorrow_at_nine()
    campaign = make_scheduled(group, mikko, send_at=nine, **OWN_TIME | {"first_share": 50}, **RESTING)
    at(later, nine)

    sending.advance_campaigns()

    first = set(campaign.recipients.filter(stage=FIRST).values_list("phone", flat=True))
    assert (len(first), first & set(abroad[:5])) == (10, set())


TOKYO = "+819012345678"


def test_whose_time_had_passed_is_among_the_rest_and_gets_it_at_that_time_of_a_later_day(
    group, abroad, connected, mikko, later
):
    make_contact(group, phone=TOKYO, first_name="Aino")
    nine = tomorrow_at_nine()
    at(later, nine - timedelta(hours=1))
    campaign = make_scheduled(group, mikko, send_at=nine, wait_minutes=60, **OWN_TIME)
    assert campaign.people == 21
    the_first_have_it(campaign, nine, later)
    assert now_of(campaign).is_waiting_for_rest
    assert campaign.recipients.get(phone=TOKYO).stage == REST

    at(later, nine + timedelta(hours=2, minutes=5))
    sending.advance_campaigns()

    there = reached_at(campaign)[TOKYO].astimezone(ZoneInfo("Asia/Tokyo"))
    assert (there.hour, there.minute) == (9, 0)
    assert timedelta() < there - clock.now() < timedelta(days=1)
    assert called(campaign) == Counter([*abroad, TOKYO])


def test_whose_time_had_passed_takes_no_place_among_the_first(group, connected, mikko, later):
    """However many they are: a lot that falls on them would be a message too few."""
    for n in range(8):
        make_contact(group, phone=f"+8190123456{n:02}", first_name="Aino")
    phones = [make_contact(group, phone=f"+35840000{n:04}", first_name="Aino").phone for n in range(2)]
    nine = tomorrow_at_nine()
    at(later, nine - timedelta(hours=1))
    campaign = make_scheduled(group, mikko, send_at=nine, **OWN_TIME | {"first_share": 50})
    at(later, nine + timedelta(seconds=10))

    all_left(campaign)

    first = campaign.recipients.filter(stage=FIRST)
    assert set(first.values_list("phone", flat=True)) == set(phones) == set(called(campaign))


def test_the_page_says_that_whose_time_has_passed_is_among_the_rest(group, abroad, connected, mikko):
    make_contact(group, phone=TOKYO, first_name="Aino")
    soon = clock.now() + timedelta(hours=2)
    draft = make_campaign(group, mikko, send_at=soon, wait_minutes=60, **OWN_TIME)

    page = client_of(mikko).get(reverse("campaigns:edit", args=[draft.pk]))

    assert "has passed: among the rest" in page.content.decode()
    found = page.context["summary"]
    assert (found.people, found.first, found.left_out_count) == (21, 5, 0)
    zones = {each.zone.zone for each in found.plan.rest_zones}
    assert (zones, {each.zone.zone for each in found.plan.zones}) == (
        {"Asia/Tokyo", "Europe/Helsinki", "Europe/Rome"},
        {"Europe/Helsinki", "Europe/Rome"},
    )


def test_the_plan_of_both_says_when_the_rest_follows_and_keeps_its_hour_free(
    group, abroad, connected, mikko, settings
):
    settings.SMARTDIALOG_BATCH_SIZE, settings.SMARTDIALOG_CALLS_PER_MINUTE = 1, 2
    nine = tomorrow_at_nine()
    campaign = make_scheduled(group, mikko, send_at=nine, wait_minutes=60, **OWN_TIME)

    found = schedule.plan(now_of(campaign), connected, calls=20)
    beside = schedule.plan(make_campaign(group, mikko, send_at=nine + timedelta(days=1)), connected, calls=20)

    assert [each.zone.at - nine for each in found.zones] == [timedelta(), timedelta(hours=1)]
    day = timedelta(days=1)
    assert [each.zone.at - nine for each in found.rest_zones] == [day, day + timedelta(hours=1)]
    assert found.submission.carries_time
    assert (
        f"The rest of {campaign}" in {each.what for each in beside.before} or beside.submission.carries_time
    )


def test_both_are_chosen_on_the_page_and_it_says_when_the_rest_follows(filled, mikko):
    staged = {**filled, **OWN, "first_share": "50", "wait_minutes": "60"}

    page = post(mikko, staged)
    press(mikko, staged)

    said = page.context["summary"].rest_follows
    assert said.endswith(" later, when it is 09:00 again where they are")
    assert said in " ".join(page.content.decode().split())
    found = Campaign.objects.get()
    assert (found.state, found.own_time, found.first_share) == (CampaignState.SCHEDULED, True, 50)


@given(
    wall=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),
    zone=st.sampled_from(["Europe/Helsinki", "America/New_York", "Asia/Tokyo", "Australia/Sydney"]),
    hours=st.integers(-100, 2000),
)
def test_the_next_time_of_the_day_is_the_first_that_is_not_before(wall, zone, hours):
    """Also on days on which clocks change."""
    times = OwnTimes(wall, "UTC", datetime(2026, 1, 1, tzinfo=UTC))
    after = moment_in(wall, zone) + timedelta(hours=hours)

    found = times.next_in(zone, after)

    assert found >= after
    days = round((found - moment_in(wall, zone)) / timedelta(days=1))
    assert found == moment_in(wall + timedelta(days=days), zone)
    assert days == 0 or moment_in(wall + timedelta(days=days - 1), zone) < after
