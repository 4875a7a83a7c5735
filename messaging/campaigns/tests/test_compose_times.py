"""When a campaign leaves, as it is written: dates, hours that are none or two, zones."""

import re
from zoneinfo import ZoneInfo

import pytest

from messaging.campaigns.composing.local_time import format_send_time
from messaging.campaigns.models import Campaign
from messaging.campaigns.tests.conftest import NEW, edit_url, post, press
from tests.people import client_of


@pytest.mark.parametrize(
    ("date", "time", "words"),
    [
        ("2027-03-28", "03:30", "There is no 03:30 on this day"),
        ("2027-10-31", "03:30", "happens twice on this day"),
        ("2020-01-01", "12:00", "has gone by"),
    ],
)
def test_a_time_that_is_none_two_or_gone_is_asked_about(filled, mikko, date, time, words):
    answered = post(mikko, filled, when="later", date=date, time=time, action="send", expected="2:1:2:now")

    assert (answered.status_code, words in answered.content.decode()) == (422, True)
    assert not Campaign.objects.exists()


def test_which_of_two_times_is_meant_is_kept_with_its_zone(filled, mikko):
    press(mikko, filled, when="later", date="2027-10-31", time="03:30", fold="1")

    campaign = Campaign.objects.get()
    assert (f"{campaign.send_at:%H:%M}", campaign.zone) == ("01:30", "Europe/Helsinki")
    assert format_send_time(campaign.send_at, campaign.zone) == "Sun 31 Oct 2027 03:30 Helsinki (UTC+2)"
    page = client_of(mikko).get(edit_url(campaign))
    assert page.context["form"].initial["fold"] == "1"


def test_the_button_names_the_time_and_the_place(filled, mikko):
    page = post(mikko, filled, when="later", date="2031-12-02", time="14:00")

    assert "Schedule 2 messages for Tue 2 Dec 2031 14:00 Helsinki" in page.content.decode()


@pytest.mark.parametrize(
    "zone", ["America/Los_Angeles", "Asia/Dubai", "Atlantic/Reykjavik", "Asia/Nicosia", "EET"]
)
def test_a_time_is_in_the_persons_own_zone_wherever_it_is(filled, mikko, zone):
    mikko.time_zone = zone
    mikko.save()
    offered = client_of(mikko).get(NEW)
    assert f'value="{zone}" selected' in offered.content.decode()

    press(mikko, filled, when="later", date="2031-06-02", time="09:00", zone=zone)

    campaign = Campaign.objects.get()
    assert campaign.zone == zone
    assert f"{campaign.send_at.astimezone(ZoneInfo(zone)):%H:%M}" == "09:00"


def test_saving_again_without_a_change_keeps_which_of_two_times_was_meant(filled, mikko):
    post(mikko, filled, when="later", date="2027-10-31", time="03:30", fold="1", action="save")
    campaign = Campaign.objects.get()

    page = client_of(mikko).get(edit_url(campaign)).content.decode()

    assert re.search(r'name="fold" value="1"[^>]*checked', page)
