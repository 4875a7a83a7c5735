"""The month as a page: each campaign on its day, in the person's own zone."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from gateway import clock
from messaging.campaigns.dispatch import schedule
from messaging.campaigns.models import Campaign, CampaignState, Recurrence
from messaging.campaigns.outcome import month
from messaging.campaigns.tests.conftest import make_campaign
from tests.factories import make_connection
from tests.people import client_of

URL = "/campaigns/month/"


def days(page) -> dict[date, list[str]]:
    every = [day for week in page.context["weeks"] for day in week]
    return {day.date: [str(each) for each in day.campaigns] for day in every if day.campaigns}


def test_a_campaign_stands_on_its_day_in_the_persons_own_zone(group, mikko):
    late = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    make_campaign(group, mikko, name="Puoliyö", state=CampaignState.SCHEDULED, send_at=late)

    page = client_of(mikko).get(URL, {"month": "2026-12"})

    assert days(page) == {date(2026, 12, 2): ["Puoliyö"]}
    assert b"00:30" in page.content


def test_what_was_sent_at_once_stands_on_the_day_it_began_and_a_draft_on_none(group, mikko):
    begun = datetime(2026, 12, 5, 12, tzinfo=UTC)
    make_campaign(group, mikko, name="Heti", state=CampaignState.SENT, begun_at=begun)
    make_campaign(group, mikko, name="Luonnos", send_at=begun)

    assert days(client_of(mikko).get(URL, {"month": "2026-12"})) == {date(2026, 12, 5): ["Heti"]}


def test_a_month_shows_no_campaign_of_another_customer(group, mikko, otto):
    make_campaign(group, mikko, state=CampaignState.SENT, begun_at=datetime(2026, 12, 5, 12, tzinfo=UTC))

    assert days(client_of(otto).get(URL, {"month": "2026-12"})) == {}


def test_a_month_takes_as_many_queries_for_many_campaigns_as_for_one(group, mikko):
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(URL, {"month": "2026-12"})
        return len(caught)

    client = client_of(mikko)
    at = datetime(2026, 12, 5, 12, tzinfo=UTC)
    make_campaign(group, mikko, state=CampaignState.SENT, begun_at=at)
    few = queries()
    for _ in range(10):
        make_campaign(group, mikko, state=CampaignState.SENT, begun_at=at)

    assert queries() == few


@pytest.mark.parametrize(
    "junk", ["", "2026-13", "0001-01", "9999-12", "x" * 5000, "\0", "2026-12-01", "٢٠٢٦-١٢"]
)
def test_junk_for_a_month_is_a_month(group, mikko, junk):
    assert client_of(mikko).get(URL, {"month": junk}).status_code == 200


@pytest.mark.parametrize(
    ("first", "before", "after"), [((2026, 1), (2025, 12), (2026, 2)), ((2026, 12), (2026, 11), (2027, 1))]
)
def test_a_month_has_a_month_on_either_side(first, before, after):
    assert month.adjacent_months(date(*first, 1)) == (date(*before, 1), date(*after, 1))


def test_a_day_to_come_begins_a_campaign_on_it(group, mikko):
    page = client_of(mikko).get(URL).content.decode()
    day = timezone.localdate()
    assert f"?day={day:%Y-%m-%d}" in page
    assert f"?day={day - timedelta(days=1):%Y-%m-%d}" not in page

    compose = client_of(mikko).get("/campaigns/new/", {"day": f"{day:%Y-%m-%d}"})

    assert compose.context["form"]["date"].value() == day
    assert compose.context["form"]["when"].value() == "later"


@pytest.mark.parametrize("day", ["", "soon", "2026-13-01"])
def test_what_is_no_day_begins_a_campaign_for_now(group, mikko, day):
    compose = client_of(mikko).get("/campaigns/new/", {"day": day})

    assert compose.context["form"]["when"].value() == "now"


def test_a_viewer_is_offered_no_day(group, vera):
    assert b"?day=" not in client_of(vera).get(URL).content


def test_campaigns_within_an_hour_of_each_other_are_marked(group, mikko):
    noon = datetime(2026, 12, 5, 12, tzinfo=UTC)
    for name, minutes in {"Eka": 0, "Toka": 59, "Kolmas": 180}.items():
        at = noon + timedelta(minutes=minutes)
        make_campaign(group, mikko, name=name, state=CampaignState.SCHEDULED, send_at=at, people=1200)

    page = client_of(mikko).get(URL, {"month": "2026-12"}).content.decode()

    assert page.count("Within an hour of another") == 2
    assert page.count("1,200 people") == 3


def marked(mikko, month: str = "2026-12") -> set[str]:
    page = client_of(mikko).get(URL, {"month": month})
    every = [day for week in page.context["weeks"] for day in week]
    own = {str(each) for day in every for each in day.campaigns if each.pk in day.clashing}
    return own | {str(each.recurrence.campaign) for day in every for each in day.repeats if each.is_clashing}


SHORT = {"state": CampaignState.SCHEDULED, "people": 9, "calls": 1}
NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)
OTHERS = {
    "over midnight": ({"send_at": datetime(2026, 12, 5, 21, 45, tzinfo=UTC)}, 10.25),
    "a long send": ({"send_at": NOON, "calls": 18_000}, 2.5),
    "a rest": ({"send_at": NOON, "first_share": 10, "wait_minutes": 240}, 4.2),
    "the first zone": ({"send_at": NOON, "own_time": True, "begins_at": NOON - timedelta(hours=7)}, -7),
    "one that is asked about": ({"send_at": NOON, "state": CampaignState.AWAITING}, 0.5),
    "a rest that waits": (
        {
            "state": CampaignState.SENDING,
            "send_at": NOON - timedelta(hours=9),
            "first_share": 10,
            "first_done_at": NOON - timedelta(hours=9),
            "rest_due_at": NOON + timedelta(hours=1),
        },
        1.5,
    ),
}


@pytest.mark.parametrize("how", OTHERS)
def test_whatever_reaches_people_within_an_hour_of_another_is_marked(group, mikko, how):
    fields, hours = OTHERS[how]
    make_campaign(group, mikko, name="Eka", **(SHORT | fields))
    make_campaign(group, mikko, name="Toka", **SHORT, send_at=NOON + timedelta(hours=hours))
    make_campaign(group, mikko, name="Muu", **SHORT, send_at=NOON + timedelta(days=3))

    assert marked(mikko) == {"Eka", "Toka"}


def test_a_campaign_does_not_clash_with_its_own_rest_nor_with_what_is_over(group, mikko):
    make_campaign(group, mikko, **SHORT, send_at=NOON, first_share=10, wait_minutes=15)
    make_campaign(group, mikko, state=CampaignState.SENT, send_at=NOON, begun_at=NOON)

    assert marked(mikko) == set()


@pytest.fixture
def weekly(group, mikko) -> Recurrence:
    source = make_campaign(group, mikko, name="Viikko", state=CampaignState.SENT, begun_at=NOON, calls=1)
    return Recurrence.objects.create(
        customer=source.customer,
        campaign=source,
        rhythm="week",
        weekday=0,
        time=time(9),
        zone="Europe/Helsinki",
        next_at=datetime(2026, 12, 7, 7, tzinfo=UTC),
        by=mikko,
    )


def test_what_comes_again_stands_on_its_days_and_clashes_like_any_other(weekly, group, mikko):
    make_campaign(group, mikko, name="Eka", **SHORT, send_at=datetime(2026, 12, 14, 7, 30, tzinfo=UTC))

    page = client_of(mikko).get(URL, {"month": "2026-12"})

    repeats = [day.date.day for week in page.context["weeks"] for day in week if day.repeats]
    assert repeats == [7, 14, 21, 28]
    assert page.content.decode().count(f'href="/campaigns/{weekly.campaign_id}/repeats/"') == 4
    assert marked(mikko) == {"Eka", "Viikko"}


def test_a_plan_gives_way_to_what_comes_again(weekly, group, mikko, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 7, 6, 30, tzinfo=UTC))
    Campaign.objects.update(calls=300)
    planned = make_campaign(group, mikko, send_at=datetime(2026, 12, 7, 7, tzinfo=UTC))

    found = schedule.plan(planned, make_connection(mikko), calls=3000)

    assert "Viikko" in {window.what for window in found.before}
