"""A campaign that goes on past the end of the sending hours: whom it finds outside is said, and not lost."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from gateway import clock
from messaging.campaigns.composing.summary import CampaignSummary
from messaging.campaigns.dispatch import course, pausing, resending, sending
from messaging.campaigns.dispatch.planner import Submission, Window
from messaging.campaigns.dispatch.resending import Missed
from messaging.campaigns.dispatch.schedule import Plan
from messaging.campaigns.models import Campaign, CampaignState
from messaging.campaigns.tests.conftest import calls_of, make_campaign, make_scheduled
from messaging.campaigns.tests.stages import advance, now_of
from messaging.campaigns.tests.test_last_look import MAIJA, claimed, numbers
from messaging.campaigns.tests.test_sending_hours import closed_now, hours, keep
from tests.factories import make_contact
from tests.later import later as later
from tests.people import client_of

HELSINKI = ZoneInfo("Europe/Helsinki")
FROM_8_TO_21 = {"zone": "Europe/Helsinki", "days": [["08:00", "21:00"]] * 7}


def at(hour: float, day: int = 24) -> datetime:
    """Of a day in November, a Tuesday, in Helsinki."""
    return datetime(2026, 11, day, tzinfo=HELSINKI) + timedelta(hours=hour)


def plan(begins: float, ends: float, rest: Window | None = None) -> Plan:
    return Plan(Submission(at(begins), at(ends), carries_time=False), rest)


@pytest.fixture
def fi(kahvila):
    return keep(kahvila, country="FI", **FROM_8_TO_21)


@pytest.mark.parametrize(
    ("moment", "need", "ends"),
    [
        (at(20), 0.5, at(20.5)),
        (at(20), 3, at(10, day=25)),
        (at(22), 2, at(10, day=25)),
        (at(20), 15, at(9, 26)),
    ],
)
def test_what_the_hours_leave_no_time_for_goes_on_as_they_begin_again(moment, need, ends):
    assert hours(days=[["08:00", "21:00"]] * 7).after(moment, timedelta(hours=need)) == ends


def test_hours_that_never_end_never_close_and_those_that_never_begin_end_nothing():
    assert hours(days=[["00:00", "00:00"]] * 7).next_closed(at(20)) is None
    assert hours(days=[["00:00", "00:00"]] * 7).after(at(20), timedelta(hours=9)) == at(29)
    assert hours(days=[None] * 7).after(at(20), timedelta(hours=9)) is None


def test_who_is_reached_after_closing_is_counted_by_their_share_of_the_time(group, mikko, fi):
    campaign = make_campaign(group, mikko, outside_hours="leave_out")

    [closed] = course.of_plan(campaign, plan(20, 23), {"FI": 900, "SE": 5}).closed

    assert (closed.place, closed.people, closed.left_out, closed.is_about) == ("Finland", 600, True, True)
    assert closed.opens_at == at(8, day=25)


def test_who_all_is_reached_within_the_hours_is_not_warned_of(group, mikko, fi):
    assert course.of_plan(make_campaign(group, mikko), plan(20, 20.9), {"FI": 900}).closed == []


def test_a_rest_that_comes_after_closing_is_said_beforehand(group, mikko, fi):
    fields = {"first_share": 10, "wait_minutes": 240, "outside_hours": "leave_out"}
    campaign = make_campaign(group, mikko, **fields)
    planned = plan(19, 19, Window(at(23), at(23.1)))

    [closed] = course.of_plan(campaign, planned, {"FI": 1000}, first=0.1).closed

    assert (closed.people, closed.is_rest, closed.left_out) == (900, True, True)


def test_what_waits_for_the_hours_is_done_only_after_they_begin(group, mikko, fi):
    campaign = make_campaign(group, mikko, first_share=10, wait_minutes=180)
    planned = plan(20, 22, Window(at(25), at(26)))

    found = course.of_plan(campaign, planned, {"FI": 1000}, first=0.1)

    assert found.done_at == at(9, day=25)
    assert found.rest_done_at == at(13, day=25)


def test_a_time_that_smartdialog_keeps_is_judged_by_itself(group, mikko, fi):
    campaign = make_campaign(group, mikko, send_at=at(20.9))
    early = Plan(Submission(at(18), at(20.8), carries_time=True))

    found = course.of_plan(campaign, early, {"FI": 9})

    assert (found.closed, found.done_at) == ([], at(20.8))


def test_composing_says_when_the_hours_let_it_end(group, people, connected, mikko, kahvila):
    kept = closed_now(kahvila, country="FI")
    summary = CampaignSummary(make_campaign(group, mikko), connection=connected)

    assert summary.done_at
    assert summary.done_at >= kept.next_open(clock.now())


def night_after(campaign: Campaign) -> None:
    closed_now(campaign.customer, country="FI")
    Campaign.objects.update(outside_hours="leave_out")


def test_who_was_skipped_for_the_hour_can_be_sent_to_later(group, people, connected, mikko, kahvila, later):
    closed_now(kahvila, country="FI")
    campaign = make_scheduled(group, mikko, outside_hours="leave_out")
    sending.send_now(campaign.pk)
    assert claimed(connected) is None
    sending.advance_campaigns()
    assert now_of(campaign).state == CampaignState.SENT
    assert resending.missed(campaign).counts[Missed.OUTSIDE] == 2

    later(3600 + 60)
    assert resending.resend(now_of(campaign), [Missed.OUTSIDE], by=mikko) == 2
    sending.advance_campaigns()

    assert MAIJA in numbers(claimed(connected))
    assert len(calls_of(campaign)) == 2


def test_the_rest_that_a_person_sends_at_night_is_told_to_be_skipped(staged, mikko):
    advance(staged)
    night_after(staged)

    page = client_of(mikko).get(reverse("campaigns:rest", args=[staged.pk])).content.decode()

    assert "Finland, 7 people: skipped, and you can send it to them later" in " ".join(page.split())


def test_a_resend_and_a_resume_at_night_are_told_who_is_skipped(sending_now, people, connected, mikko):
    client = client_of(mikko)
    pausing.pause(sending_now, by=mikko)
    night_after(sending_now)

    page = client.get(reverse("campaigns:resumption", args=[sending_now.pk])).content.decode()
    assert "Finland, 2 people: skipped" in " ".join(page.split())

    pausing.resume(now_of(sending_now), by=mikko)
    claimed(connected)
    sending.advance_campaigns()
    page = client.get(reverse("campaigns:resending", args=[sending_now.pk])).content.decode()
    assert "Finland, 2 people: skipped" in " ".join(page.split())


def test_a_held_campaign_that_is_sent_at_night_is_told_who_is_skipped(group, people, connected, mikko):
    campaign = make_campaign(group, mikko, state=CampaignState.HELD)
    night_after(campaign)

    page = client_of(mikko).get(reverse("campaigns:release", args=[campaign.pk])).content.decode()

    assert "Finland, 2 people: skipped" in " ".join(page.split())


def test_people_with_a_time_of_their_own_are_judged_by_it(group, people, connected, mikko, kahvila):
    make_contact(group, phone="+393331234567", first_name="Lucia")
    kept = keep(kahvila, zone="UTC", days=[["08:00", "21:00"]] * 7)
    noon = (clock.now() + timedelta(days=2)).astimezone(UTC).replace(hour=12, minute=0)
    campaign = make_scheduled(group, mikko, own_time=True, send_at=noon, zone="Europe/Helsinki")
    Campaign.objects.update(begins_at=clock.now())
    sending.advance_campaigns()
    assert campaign.recipients.filter(key__startswith="@", state="planned").count() == 3

    assert course.closed_from_now(now_of(campaign), campaign.recipients.to_come(1)) == []
    kept.days = [["20:00", "21:00"]] * 7
    kept.save()
    closed = course.closed_from_now(now_of(campaign), campaign.recipients.to_come(1))
    assert sum(each.people for each in closed) == 3
