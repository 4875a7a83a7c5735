"""The month as a page: each campaign on its day, in the person's own zone."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging.campaigns.models import CampaignState
from messaging.campaigns.outcome import month
from messaging.campaigns.tests.conftest import make_campaign
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
