"""A campaign that comes again: its times, what is made of it and when, and how it ends."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from accounts.models import AuditEvent
from accounts.people import offboarding, user_admin
from gateway import clock
from messaging.campaigns import lifecycle
from messaging.campaigns.dispatch import recurring
from messaging.campaigns.models import Campaign, Recurrence
from messaging.campaigns.models.recurrence import LAST, Rhythm
from messaging.campaigns.tasks import advance_campaigns
from messaging.campaigns.tests.conftest import make_campaign, make_scheduled
from tests.factories import make_connection
from tests.later import later as later
from tests.people import client_of

HELSINKI = ZoneInfo("Europe/Helsinki")
NOON = datetime(2026, 12, 1, 12, tzinfo=HELSINKI)  # a Tuesday
SAID = {"rhythm": "week", "weekday": "0", "time": "09:00", "zone": "Europe/Helsinki"}


def recurrence(**fields: Any) -> Recurrence:
    said = {"rhythm": Rhythm.WEEK, "weekday": 0, "time": time(9), "zone": "Europe/Helsinki"}
    return Recurrence(**(said | fields))


@pytest.mark.parametrize(
    ("said", "expected", "words"),
    [
        ({}, ["2026-12-07", "2026-12-14", "2026-12-21", "2026-12-28"], "Each Monday at 09:00 Helsinki"),
        (
            {"rhythm": Rhythm.MONTH_WEEKDAY, "week": 1},
            ["2026-12-07", "2027-01-04", "2027-02-01", "2027-03-01"],
            "Each first Monday of the month at 09:00 Helsinki",
        ),
        (
            {"rhythm": Rhythm.MONTH_WEEKDAY, "week": LAST, "weekday": 4},
            ["2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26"],
            "Each last Friday of the month at 09:00 Helsinki",
        ),
        (
            {"rhythm": Rhythm.MONTH_DAY, "day": 31},
            ["2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31"],
            "Each month on day 31 at 09:00 Helsinki",
        ),
        (
            {"weekday": 1, "ends_on": date(2026, 12, 15)},
            ["2026-12-08", "2026-12-15"],
            "Each Tuesday at 09:00 Helsinki",
        ),
    ],
)
def test_it_comes_on_its_days(said, expected, words):
    found = recurrence(**said)

    assert [f"{each:%Y-%m-%d}" for each in islice(found.occurrences(NOON), 4)] == expected
    assert found.words == words


def test_it_comes_at_the_same_time_of_day_through_a_change_of_clocks():
    found = recurrence(weekday=6, time=time(3, 30))  # 03:30 is not there on 2027-03-28
    moments = islice(found.occurrences(datetime(2027, 3, 20, tzinfo=UTC)), 3)

    assert [f"{each.astimezone(UTC):%d %H:%M}" for each in moments] == ["21 01:30", "28 01:30", "04 00:30"]


@pytest.fixture
def weekly(group, people, connected, mikko) -> Recurrence:
    """From three days from now on, each week; agreed for two people."""
    campaign = make_scheduled(group, mikko, send_at=clock.now() - timedelta(days=4))
    local = campaign.send_at.astimezone(HELSINKI)
    made = recurrence(
        customer=campaign.customer,
        campaign=campaign,
        weekday=local.weekday(),
        time=local.time().replace(second=0, microsecond=0),
    )
    recurring.repeat(made, by=mikko)
    return made


def copies(weekly: Recurrence) -> list[Campaign]:
    return list(Campaign.objects.exclude(pk=weekly.campaign_id).order_by("pk"))


def test_the_next_one_is_scheduled_two_days_ahead_once_with_what_was_agreed(weekly, mikko, later):
    first = weekly.next_at
    recurring.make_due()
    assert copies(weekly) == []

    later(86_400 + 60)
    recurring.make_due()
    recurring.make_due()

    [made] = copies(weekly)
    assert (made.state, made.send_at, made.people, made.created_by) == ("scheduled", first, 2, mikko)
    assert made.content == weekly.campaign.content
    weekly.refresh_from_db()
    assert weekly.next_at == first + timedelta(days=7)
    assert weekly.latest == made


def test_two_workers_make_one(weekly, later):
    later(86_400 + 60)
    [seen] = Recurrence.objects.due(clock.now() + recurring.LEAD)
    recurring.make_due()

    recurring._make_next(seen)

    assert len(copies(weekly)) == 1


def test_each_whose_hour_fell_into_an_outage_is_held_and_asked_about(weekly, later):
    Campaign.objects.update(state="sent")
    missed = [weekly.next_at, weekly.next_at + timedelta(days=7)]
    later(13 * 86_400)
    for _ in range(3):
        advance_campaigns()

    held, to_come = copies(weekly)[:2], copies(weekly)[2:]
    assert [(each.state, each.send_at) for each in held] == [("held", at) for at in missed]
    assert {each.held_reason[:16] for each in held} == {"Its time went by"}
    assert not any(each.recipients.exists() for each in held)
    assert set(held) == set(Campaign.objects.needing_a_person())
    assert all(each.send_at > clock.now() for each in to_come)
    weekly.refresh_from_db()
    assert weekly.next_at > clock.now()


@pytest.mark.parametrize("how", ["not connected", "deactivated"])
def test_it_is_held_where_its_author_can_send_no_more(weekly, mikko, connected, later, how):
    if how == "deactivated":
        mikko.is_active = False
        mikko.save()
    else:
        connected.delete()
    later(86_400 + 60)

    recurring.make_due()

    [made] = copies(weekly)
    assert made.state == "held"
    assert "yourself" in made.held_reason


def test_none_follows_the_last_day(weekly, later):
    Recurrence.objects.update(ends_on=clock.now().date() + timedelta(days=5))
    later(86_400 + 60)
    recurring.make_due()
    later(3 * 86_400)
    recurring.make_due()

    assert len(copies(weekly)) == 1
    assert Recurrence.objects.get().next_at is None


@pytest.mark.parametrize("hour", [0, 1])
def test_pressed_again_it_makes_no_second_one_for_the_day_that_has_one(weekly, mikko, later, hour):
    first = weekly.next_at
    later(86_400 + 60)
    recurring.make_due()
    [made] = copies(weekly)

    at = (datetime.combine(date.today(), weekly.time) + timedelta(hours=hour)).time()
    again = recurrence(customer=weekly.customer, campaign=weekly.campaign, weekday=weekly.weekday, time=at)
    recurring.repeat(again, by=mikko)
    recurring.make_due()

    assert copies(weekly) == [made]
    again.refresh_from_db()
    assert again.next_at > first + timedelta(days=6)
    assert again.latest == made


def test_ended_and_said_again_it_finds_the_one_that_it_made(weekly, mikko, later):
    later(86_400 + 60)
    recurring.make_due()
    [made] = copies(weekly)
    recurring.end(weekly.campaign, by=mikko)
    weekly.pk = None
    recurring.repeat(weekly, by=mikko)

    recurring.make_due()

    assert copies(weekly) == [made]
    assert Recurrence.objects.get().latest == made


@pytest.mark.parametrize("hours", [-1, 1])
def test_ended_and_said_again_at_another_hour_it_makes_no_second_one_for_the_day(weekly, mikko, later, hours):
    later(86_400 + 60)
    recurring.make_due()
    [made] = copies(weekly)
    recurring.end(weekly.campaign, by=mikko)

    at = (datetime.combine(date.today(), weekly.time) + timedelta(hours=hours)).time()
    again = recurrence(customer=weekly.customer, campaign=weekly.campaign, weekday=weekly.weekday, time=at)
    recurring.repeat(again, by=mikko)
    recurring.make_due()

    assert copies(weekly) == [made]
    assert again.latest == made


def test_one_that_breaks_keeps_no_other_waiting(weekly, group, mikko, later, monkeypatch, caplog):
    later(86_400 + 60)
    other = make_scheduled(group, mikko)

    def broken(campaign):
        raise ZeroDivisionError

    monkeypatch.setattr(lifecycle, "copy_of", broken)
    advance_campaigns()

    other.refresh_from_db()
    assert (other.batches, copies(weekly)) == (1, [other])
    assert "ZeroDivisionError" in caplog.text
    assert Recurrence.objects.due(clock.now() + recurring.LEAD).get() == weekly


@pytest.mark.parametrize("state", ["draft", "held"])
def test_of_what_nobody_agreed_to_the_next_one_is_held(weekly, later, state):
    Campaign.objects.filter(pk=weekly.campaign_id).update(state=state, content="Half a te")
    later(86_400 + 60)

    recurring.make_due()

    [made] = copies(weekly)
    assert (made.state, made.held_reason) == ("held", recurring.CHANGED)


def test_cancelling_what_comes_again_ends_it(weekly, mikko, later):
    lifecycle.cancel(weekly.campaign, by=mikko)
    later(86_400 + 60)
    recurring.make_due()

    assert copies(weekly) == []
    assert not Recurrence.objects.exists()
    assert AuditEvent.objects.filter(verb="campaign.repeats_ended", actor=mikko).exists()


def test_a_draft_again_cannot_be_kept_and_can_be_ended(weekly, mikko):
    Campaign.objects.filter(pk=weekly.campaign_id).update(state="draft")
    client = client_of(mikko)

    again = client.post(page_of(weekly.campaign), SAID | {"time": "11:11", "action": "keep"})
    assert again.status_code == 422
    assert Recurrence.objects.get().time == weekly.time

    client.post(page_of(weekly.campaign), {"action": "end"})
    assert not Recurrence.objects.exists()


def page_of(campaign: Campaign) -> str:
    return reverse("campaigns:repeats", args=[campaign.pk])


def test_a_person_looks_at_the_next_five_and_then_keeps_or_ends_it(group, people, connected, mikko):
    campaign = make_scheduled(group, mikko)
    client = client_of(mikko)

    shown = client.post(page_of(campaign), SAID | {"action": "show"})
    assert len(shown.context["coming"].next_ones) == 5
    assert not Recurrence.objects.exists()

    client.post(page_of(campaign), SAID | {"action": "keep"})
    assert Recurrence.objects.get().by == mikko
    assert "Each Monday at 09:00 Helsinki" in client.get(page_of(campaign)).content.decode()

    client.post(page_of(campaign), {"action": "end"})
    assert not Recurrence.objects.exists()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"weekday": ""}, "Choose one."),
        ({"rhythm": "month_day"}, "Choose one."),
        ({"ends_on": "2020-01-01"}, "It would never be sent again"),
        ({"time": ""}, "This field is required"),
    ],
)
def test_what_cannot_come_again_is_refused_with_words(group, people, connected, mikko, said, words):
    campaign = make_scheduled(group, mikko)

    answer = client_of(mikko).post(page_of(campaign), SAID | said | {"action": "keep"})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Recurrence.objects.exists()


@pytest.mark.parametrize("state", ["held", "cancelled"])
def test_what_nobody_agreed_to_cannot_come_again(group, mikko, state):
    assert client_of(mikko).get(page_of(make_campaign(group, mikko, state=state))).status_code == 302


def test_a_draft_comes_on_a_day_of_each_persons_own_alone(group, mikko):
    page = client_of(mikko).get(page_of(make_campaign(group, mikko)))

    assert [name for name, _ in page.context["form"].fields["rhythm"].choices] == ["birthday"]


def test_a_viewer_sees_it_and_changes_nothing(group, people, connected, mikko, vera):
    campaign = make_scheduled(group, mikko)

    assert client_of(vera).get(page_of(campaign)).status_code == 200
    assert client_of(vera).post(page_of(campaign), SAID | {"action": "keep"}).status_code == 403
    assert not Recurrence.objects.exists()


def test_a_copy_says_all_that_was_written_and_no_time(group, mikko):
    campaign = make_campaign(group, mikko, content="Hei", sender="Aalto", send_at=clock.now())

    copied = lifecycle.copy_of(campaign)

    assert (copied.content, copied.sender, copied.group, copied.send_at) == ("Hei", "Aalto", group, None)
    assert copied.pk is None


def test_of_somebody_who_left_it_is_on_their_page_until_another_lets_it_come(weekly, mikko, aino, later):
    make_connection(aino)
    Campaign.objects.update(state="sent")
    user_admin.set_active(mikko, active=False, by=aino)
    assert "1 campaign that comes again" in {each.words for each in offboarding.held_of(mikko)}

    offboarding.hand_over(mikko, to=aino, by=aino)
    later(86_400 + 60)
    recurring.make_due()

    [made] = copies(weekly)
    assert (made.state, made.created_by) == ("scheduled", aino)
    assert not offboarding.held_of(mikko)


def test_of_somebody_who_left_it_is_ended_with_all_that_they_began(weekly, mikko, aino):
    Campaign.objects.update(state="sent")
    user_admin.set_active(mikko, active=False, by=aino)

    offboarding.cancel(mikko, by=aino)

    assert not Recurrence.objects.exists()
    assert AuditEvent.objects.filter(verb="campaign.repeats_ended", actor=aino).exists()
