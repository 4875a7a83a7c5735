"""Above a number that an admin sets, whoever sends types how many people get it."""

import pytest
from django.urls import reverse

from gateway import clock
from messaging.campaigns.models import Campaign, CampaignRules, CampaignState, Recurrence
from messaging.campaigns.tests.conftest import (
    calls_of,
    edit_url,
    make_campaign,
    make_scheduled,
    post,
    press,
    refuse,
)
from tests.people import client_of


@pytest.fixture
def rules(kahvila) -> CampaignRules:
    """Two people would get what `filled` says."""
    return CampaignRules.objects.create(customer=kahvila, typed_above=1)


def test_it_is_asked_before_anything_is_sent(filled, rules, mikko):
    answered = press(mikko, filled)

    assert (answered.status_code, Campaign.objects.exists()) == (200, False)
    text = answered.content.decode()
    assert "Send to 2 people?" in text
    assert f'name="content" value="{filled["content"]}"' in text
    assert 'name="expected" value="2:1:2:now"' in text


@pytest.mark.parametrize("typed", ["3", "22", "two", ""])
def test_another_number_sends_nothing(filled, rules, mikko, typed):
    answered = press(mikko, filled, typed=typed)

    assert (answered.status_code, Campaign.objects.exists()) == (422 if typed else 200, False)


@pytest.mark.parametrize("typed", ["2", " 2 ", "2."])
def test_the_number_sends_it(filled, rules, mikko, typed):
    press(mikko, filled, typed=typed)

    assert Campaign.objects.get().state == CampaignState.SCHEDULED


def test_a_draft_is_asked_about_too(filled, group, rules, mikko):
    draft = make_campaign(group, mikko)
    form = filled | {"revision": draft.revision}

    press(mikko, form, to=edit_url(draft))
    draft.refresh_from_db()
    before = draft.state
    press(mikko, form, to=edit_url(draft), typed="2")

    draft.refresh_from_db()
    assert (before, draft.state) == (CampaignState.DRAFT, CampaignState.SCHEDULED)


def test_going_back_shows_what_was_written(filled, rules, mikko):
    page = post(mikko, filled, action="check", typed="")

    assert filled["content"] in page.content.decode()


@pytest.mark.parametrize("most", [None, 2, 100])
def test_nobody_is_asked_up_to_the_number(filled, rules, mikko, most):
    CampaignRules.objects.update(typed_above=most)

    press(mikko, filled)

    assert Campaign.objects.get().state == CampaignState.SCHEDULED


def test_when_somebody_joined_meanwhile_it_is_shown_anew_before_the_number_counts(filled, rules, mikko):
    answered = post(mikko, filled, action="send", expected="1:1:1:now", typed="1")

    assert (answered.status_code, Campaign.objects.exists()) == (422, False)
    assert b"has changed since you looked" in answered.content


def test_an_admin_sets_the_number(kahvila, aino):
    client_of(aino).post("/settings/campaigns/", {"customer_data": "", "typed_above": "500"})

    rules = CampaignRules.of(kahvila)
    assert [rules.asks_to_type(people) for people in (500, 501)] == [False, True]


def test_a_held_campaign_is_let_go_by_its_number(group, people, connected, rules, mikko):
    held = make_campaign(group, mikko, state=CampaignState.HELD)
    address, browser = reverse("campaigns:release", args=[held.pk]), client_of(mikko)
    expected = browser.get(address).context["summary"].expected
    agreed = {"expected": expected, "without": "3", "revision": 1}

    asked = browser.post(address, agreed)
    wrong = browser.post(address, agreed | {"typed": "7"})
    held.refresh_from_db()
    before = held.state
    browser.post(address, agreed | {"typed": "2"})

    held.refresh_from_db()
    assert (before, held.state) == (CampaignState.HELD, CampaignState.SCHEDULED)
    assert ("How many people get it?" in asked.content.decode(), b"another number" in wrong.content) == (
        True,
        True,
    )


@pytest.mark.parametrize("typed", ["", "3"])
def test_to_let_it_come_again_the_number_is_typed_too(group, people, connected, rules, mikko, typed):
    campaign = make_scheduled(group, mikko, send_at=clock.after(86_400))
    client, page = client_of(mikko), reverse("campaigns:repeats", args=[campaign.pk])
    said = {"rhythm": "week", "weekday": "0", "time": "09:00", "zone": "Europe/Helsinki", "action": "keep"}

    answered = client.post(page, said | {"typed": typed})

    assert (answered.status_code, Recurrence.objects.exists()) == (422, False)
    assert "It reaches 2 people as of now." in answered.content.decode()
    client.post(page, said | {"typed": "2"})
    assert Recurrence.objects.exists()


def test_refused_calls_of_many_are_tried_again_by_their_number(sending_now, rules, mikko):
    [call] = calls_of(sending_now)
    refuse(call)
    address, browser = reverse("campaigns:retries", args=[sending_now.pk]), client_of(mikko)

    seen = {"people": 2}
    asked = browser.post(address, seen)
    wrong = browser.post(address, seen | {"typed": "3"})

    assert (asked.status_code, wrong.status_code) == (422, 422)
    assert "How many people get it?" in asked.content.decode()
    assert {each.state for each in calls_of(sending_now)} == {"failed"}
    assert browser.post(address, seen | {"typed": "2"}).status_code == 302
    assert {each.state for each in calls_of(sending_now)} == {"waiting"}
