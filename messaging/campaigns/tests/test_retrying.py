"""Before refused calls are made again it is said to how many, when, and whom that finds at a bad hour."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.templatetags.ui import exact
from gateway import clock
from messaging.campaigns.models import Campaign, CampaignRules
from messaging.campaigns.tests.approvals import address
from messaging.campaigns.tests.conftest import calls_of, refuse
from messaging.campaigns.tests.stages import now_of
from messaging.campaigns.tests.test_sending_hours import closed_now
from tests.people import client_of

SEEN = {"people": 2}


@pytest.fixture
def failed(sending_now) -> Campaign:
    [call] = calls_of(sending_now)
    refuse(call)
    return now_of(sending_now)


def page_of(campaign: Campaign, person, name: str = "retries") -> str:
    answered = client_of(person).get(reverse(f"campaigns:{name}", args=[campaign.pk]))
    assert answered.status_code == 200
    return " ".join(answered.content.decode().split())


def test_it_says_to_how_many_it_goes_and_when(failed, mikko):
    page = page_of(failed, mikko)

    assert "2 people get it at once, the last of them by" in page
    assert ": 1 call. Nobody gets it twice." in page
    assert "Later than planned" not in page
    assert "Outside your sending hours" not in page


def test_outside_the_sending_hours_it_says_who_waits_until_when(failed, mikko, kahvila):
    kept = closed_now(kahvila, country="FI")

    page = page_of(failed, mikko)

    assert "Finland, 2 people: messages wait until" in page
    assert exact(kept.next_open(clock.now())) in page


def test_long_after_its_time_it_says_when_people_were_to_have_it(failed, mikko):
    at = clock.now() - timedelta(hours=3)
    Campaign.objects.update(send_at=at, zone="Europe/Helsinki")

    assert "Later than planned" in page_of(failed, mikko)
    Campaign.objects.update(own_time=True)
    page = page_of(failed, mikko)
    assert ("Later than planned" in page, "at their time or, where that has passed, at once" in page) == (
        False,
        True,
    )


def test_the_result_asks_before_it_tries_again(failed, mikko):
    assert reverse("campaigns:retries", args=[failed.pk]) in page_of(failed, mikko, "campaign")

    answered = client_of(mikko).post(reverse("campaigns:retries", args=[failed.pk]), SEEN)

    assert (answered.status_code, calls_of(failed)[0].state) == (302, "waiting")
    assert "No failed call is left to try again." in page_of(failed, mikko)


def test_a_second_person_is_told_the_same_hours(failed, liisa, mikko, kahvila):
    CampaignRules.objects.create(customer=kahvila, approved_above=1)
    client_of(mikko).post(reverse("campaigns:retries", args=[failed.pk]), SEEN)
    closed_now(kahvila, country="FI")

    page = " ".join(client_of(liisa).get(address(failed)).content.decode().split())

    assert "Finland, 2 people: messages wait until" in page


def test_when_others_were_refused_since_the_page_was_made_it_is_shown_again(failed, mikko):
    failed.recipients.filter(batch=1).first().delete()

    answered = client_of(mikko).post(reverse("campaigns:retries", args=[failed.pk]), SEEN)

    assert "The numbers have changed" in answered.content.decode()
    assert calls_of(failed)[0].state == "failed"
    client_of(mikko).post(reverse("campaigns:retries", args=[failed.pk]), {"people": 1})
    assert calls_of(failed)[0].state == "waiting"
